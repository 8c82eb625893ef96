"""How a list is filtered, sorted and searched. A value that does not fit is refused, not ignored."""

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.drainage import set_override
from rest_framework import filters, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from . import keyset
from .fields import Strict
from .paging import PAGE_PARAMETERS

LIST_PARAMETERS = (*PAGE_PARAMETERS, "sort")
"""What every list has, see paging.py and StrictOrdering."""


class ParameterField(forms.Field):
    """Reads a query parameter with the field that reads the same value from a body."""

    def __init__(self, *, accepts: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accepts = accepts

    def clean(self, value: str | None) -> Any:
        """Turn text into the value; a parameter that is not given restricts nothing."""
        if value is None:
            return None
        try:
            return self.accepts.run_validation(self.accepts.from_query(value))
        except serializers.ValidationError as error:
            # django-filter formats every message with its parameters: a percent sign in one would break it.
            raise forms.ValidationError(
                [
                    forms.ValidationError("%(reason)s", params={"reason": reason})
                    for reason in cast(list[str], error.detail)
                ]
            ) from None


class QueryFilter(django_filters.Filter):
    """Compares a column with a query parameter."""

    field_class = ParameterField

    def __init__(self, accepts: Strict, column: str | None = None, lookup: str = "exact") -> None:
        super().__init__(field_name=column, lookup_expr=lookup, accepts=accepts)
        set_override(self, "field", accepts.json_schema())

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Keep the rows that fit."""
        if value is not None and self.lookup_expr == "exact":
            return qs.filter(keyset.equal(str(self.field_name), value))
        kept: QuerySet[Any] = super().filter(qs, value)
        return kept


class GivenFilters(DjangoFilterBackend):
    """Filters by what is given. The forms that django-filter reads parameters with are only made if there are some."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Keep the rows that fit the parameters of the view's filters."""
        filterset = getattr(view, "filterset_class", None)
        if filterset is None or filterset.base_filters.keys().isdisjoint(request.query_params):
            return queryset
        kept: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return kept


class KnownParameters(filters.BaseFilterBackend):
    """Refuses a query parameter that the list does not have, typing errors among them."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Look at the names; the other backends look at the values."""
        filterset = getattr(view, "filterset_class", None)
        known = {*LIST_PARAMETERS, *(filterset.base_filters if filterset else ())}
        if getattr(view, "search_fields", ()):
            known.add(TextSearch.search_param)
        if unknown := sorted(set(request.query_params) - known):
            raise ValidationError({name: ["This parameter does not exist."] for name in unknown})
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe nothing: the others do."""
        return []


class StrictOrdering(filters.BaseFilterBackend):
    """Sorts by one column, ``-`` in front of it for descending. Empty values come last, creation and id decide between equals."""

    parameter = "sort"

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Sort the list as the client wants it."""
        key = request.query_params.get(self.parameter)
        if key is None:
            return queryset
        if key not in self._keys(view):
            raise ValidationError({self.parameter: [f"{key!r} is no key of this list."]})
        name = key.removeprefix("-")
        column = str(view.get_serializer().fields[name].source)
        return keyset.ordered(queryset, key.replace(name, column), queryset.model.scope)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """List the keys."""
        schema = {"type": "string", "enum": self._keys(view)}
        return [{"name": self.parameter, "in": "query", "schema": schema}]

    @staticmethod
    def _keys(view: Any) -> list[str]:
        return [key for name in view.ordering_fields for key in (name, f"-{name}")]


class TextSearch(filters.SearchFilter):
    """Finds rows with every given word in one of the view's search fields."""

    max_length = 200

    def get_search_terms(self, request: Request) -> list[str]:
        """Split the parameter into words."""
        if len(request.query_params.get(self.search_param, "")) > self.max_length:
            raise ValidationError(
                {"search": [f"At most {self.max_length} characters are searched."]}
            )
        return super().get_search_terms(request)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameter, if the view can be searched."""
        if not getattr(view, "search_fields", ()):
            return []
        schema = {"type": "string", "maxLength": self.max_length}
        return [{"name": self.search_param, "in": "query", "schema": schema}]
