"""Base of the admin of stored things."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from . import keyset
from .models import Entity


class BoundedPaginator[Item: Entity](Paginator[Item]):
    """Counts as far as a list counts: what lies beyond is for filters and search to find."""

    @cached_property
    def count(self) -> int:
        """Count the rows."""
        rows: Any = self.object_list
        return keyset.count(rows)


class EntityAdmin[Item: Entity](admin.ModelAdmin[Item]):
    """Shows what the server sets, and does not count the whole table for every page."""

    list_select_related: Sequence[str] = ("owner",)
    autocomplete_fields: Sequence[str] = ("owner",)
    readonly_fields = ("id", "created_at", "updated_at", "version")
    paginator = BoundedPaginator
    show_full_result_count = False
