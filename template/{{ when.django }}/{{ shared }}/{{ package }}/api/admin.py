"""Base of the admin of stored things."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

from . import keyset
from .models import Entity

MAX_PARTS = 50
"""How many parts are edited on the page of their whole at most: more have their own list."""


class BoundedPaginator[Item: Entity](Paginator[Item]):
    """Counts as far as a list counts: what lies beyond is for filters and search to find."""

    @cached_property
    def count(self) -> int:
        """Count the rows."""
        rows: Any = self.object_list
        return keyset.count(rows)


def _searched(model: type[Entity]) -> list[str]:
    """Name what is searched for and not listed, for there may be a million."""
    return ["owner", *model.users(), *model.relations(), *model.links()]


class PartInline(admin.StackedInline[Any, Any]):
    """The parts of a row, which go with it, on its page."""

    extra = 0
    show_change_link = True

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Search for what a part refers to, but for its whole."""
        return [name for name in _searched(self.model) if name != self.fk_name]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Propose that a new part belongs to whom its whole belongs to."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields["owner"].initial = obj.owner_id
        return formset


class EntityAdmin[Item: Entity](admin.ModelAdmin[Item]):
    """Shows what the server sets, and does not count the whole table for every page."""

    readonly_fields = ("id", "created_at", "updated_at", "version")
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """Fetch with the rows what they refer to."""
        return ["owner", *self.model.users(), *self.model.relations()]

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Search for what a row refers to."""
        return _searched(self.model)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Edit the parts of a row with it, unless they are too many for one page."""
        return [*super().get_inlines(request, obj), *(_parts(obj) if obj else ())]


def _parts(whole: Entity) -> Iterator[type[PartInline]]:
    """Find what goes with a row, in whichever app it is, and make the inline of each kind."""
    for relation in whole._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        part, name = relation.related_model, relation.field.name
        goes_along = relation.on_delete is models.CASCADE and issubclass(part, Entity)
        if not goes_along or isinstance(whole, part):
            continue
        if part._base_manager.filter(**{name: whole})[: MAX_PARTS + 1].count() <= MAX_PARTS:
            yield type(f"{part.__name__}Inline", (PartInline,), {"model": part, "fk_name": name})
