"""Base of the admin of stored things."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
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

    readonly_fields = ("id", "created_at", "updated_at", "version")
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """Fetch with the rows what they refer to."""
        return ["owner", *self.model.relations()]

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Search for what a row refers to: there may be a million."""
        return ["owner", *self.model.relations()]
