"""Base of the serializers of entities, and of their lists' query parameters."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar, Literal, NamedTuple

from django.http import QueryDict
from rest_framework import serializers

from ..kernel.errors import InvalidValue
from ..kernel.repositories import Criterion, Wanted
from . import fields

MAX_OFFSET = 1_000_000
"""Deepest start of a page: beyond it a filter is faster for everybody."""


class EntitySerializer(fields.StrictNames):
    """Reads strictly: wrong types and unknown names are refused, what is left out gets its default."""

    writable: ClassVar[Mapping[str, fields.Strict]] = {}
    """What a client may set."""
    value_objects: ClassVar[Mapping[str, Any]] = {}
    """Class of a field's value in the domain, where that is no plain one."""

    id = fields.IdentifierField(read_only=True)
    owner_id = fields.IdentifierField(read_only=True)
    team_id = fields.IdentifierField(read_only=True)
    created_at = fields.TimestampField(read_only=True)
    updated_at = fields.TimestampField(read_only=True)
    version = serializers.IntegerField(read_only=True)

    def get_fields(self) -> dict[str, Any]:
        """Add what a client may set: each serializer needs fields of its own."""
        found = super().get_fields()
        if "version" in self.writable:
            # An entity that has a version of its own tells that of its row by another name.
            found["row_version"] = serializers.IntegerField(source="version", read_only=True)
        return found | deepcopy(dict(self.writable))

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the body, and make the values that the domain speaks of."""
        read: dict[str, Any] = super().to_internal_value(data)
        for name, kind in self.value_objects.items():
            if read.get(name) is not None:
                try:
                    read[name] = kind(read[name])
                except InvalidValue as error:
                    raise serializers.ValidationError({name: [str(error)]}) from None
        return read


class Parameter(NamedTuple):
    """A query parameter that compares a field with what it says."""

    accepts: fields.Strict
    field: str
    operator: Literal["eq", "ge", "le"] = "eq"


class PartQuery(serializers.Serializer[Any]):
    """Query parameters of any list: which part of it."""

    limit = fields.WholeNumberField(min_value=1, max_value=100, default=20)
    offset = fields.WholeNumberField(min_value=0, max_value=MAX_OFFSET, default=0)

    def json_schema(self) -> dict[str, dict[str, Any]]:
        """Describe every parameter."""
        schemas = {name: field.json_schema() for name, field in self._strict().items()}
        for name in ("limit", "offset"):
            schemas[name]["default"] = self.fields[name].default
        return schemas

    def to_internal_value(self, data: QueryDict) -> Any:
        """Turn the text of every parameter into the value that it stands for; there are no others."""
        if unknown := sorted(set(data) - set(self.fields)):
            raise serializers.ValidationError(
                {name: ["This parameter does not exist."] for name in unknown}
            )
        known = {
            name: field.from_query(str(data[name]))
            for name, field in self._strict().items()
            if name in data
        }
        return super().to_internal_value(known)

    def _strict(self) -> dict[str, fields.Strict]:
        every = self.fields.items()
        return {name: field for name, field in every if isinstance(field, fields.Strict)}


class ListQuery(PartQuery):
    """Query parameters of a list of entities: its order, words to search for, and the conditions of a subclass."""

    parameters: ClassVar[Mapping[str, Parameter]] = {}
    sorts: ClassVar[Sequence[str]] = ()
    searched: ClassVar[bool] = False
    attributes: ClassVar[Mapping[str, str]] = {}
    """What a field is called in the code, where that is another name."""

    def get_fields(self) -> dict[str, Any]:
        """Add the parameters that depend on the entity."""
        keys = [
            key for name in ("created_at", "updated_at", *self.sorts) for key in (name, f"-{name}")
        ]
        found = super().get_fields()
        found["sort"] = fields.ChoiceField(choices=keys, required=False)
        if self.searched:
            found["search"] = fields.TextField(max_length=200, required=False)
        for name, parameter in self.parameters.items():
            accepts: Any = deepcopy(parameter.accepts)
            accepts.required = False
            found[name] = accepts
        return found

    def wanted(self) -> Wanted:
        """Say it in the words of the application layer.

        Raises:
            ValidationError: when a parameter does not fit.
        """
        self.is_valid(raise_exception=True)
        given = self.validated_data
        sort = given.get("sort", "-created_at")
        key = sort.removeprefix("-")
        return Wanted(
            criteria=[
                Criterion(parameter.field, parameter.operator, given[name])
                for name, parameter in self.parameters.items()
                if name in given
            ],
            search=given.get("search", ""),
            sort=sort.replace(key, self.attributes.get(key, key)),
            limit=given["limit"],
            offset=given["offset"],
        )
