"""Messages in the admin site: to be looked at, and dead letters to be sent again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from .dispatch import send_again
from .models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(admin.ModelAdmin[OutboxMessage]):
    """Shows what became of every message. Nothing is changed by hand."""

    list_display = ("id", "event", "subscriber", "state", "at", "attempts", "error")
    list_filter = ("state",)
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Send the dead letters among the chosen messages again."""
        self.message_user(request, f"Sent again: {send_again(queryset)}")

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Let those send messages again who could change them."""
        return super().has_change_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody write a message."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody lose one."""
        return False
