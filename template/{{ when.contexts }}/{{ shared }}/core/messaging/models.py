"""The outbox: messages that are committed together with what they tell of."""

from dataclasses import asdict

from django.db import models
from django.utils import timezone

from ..kernel.events import Message


class State(models.TextChoices):
    """Where a message is on its way. A dead one was given up, and waits for somebody to send it again."""

    WAITING = "waiting"
    HANDLED = "handled"
    DEAD = "dead"


class OutboxMessage(models.Model):
    """A message to one subscriber, and what became of it."""

    message_id = models.UUIDField()
    event = models.CharField(max_length=200)
    subscriber = models.CharField(max_length=200)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(
        default=timezone.now, help_text="When it is due, was handled, or was given up."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(
        max_length=200,
        default="",
        help_text="Class of the last error; its text may be personal and is not kept.",
    )

    class Meta:
        db_table = "outbox"
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "subscriber"], name="uq_outbox_subscriber"
            ),
        ]
        # What is due, what can be forgotten, what is dead: one state, up to a point in time.
        indexes = [models.Index(fields=["state", "at"], name="ix_outbox_state_at")]

    def __str__(self) -> str:
        return f"{self.event} to {self.subscriber}"

    @classmethod
    def store(cls, message: Message, subscriber: str) -> "OutboxMessage":
        """Insert a message to a subscriber."""
        return cls.objects.create(
            message_id=message.id,
            event=message.name,
            subscriber=subscriber,
            content=asdict(message),
        )

    def message(self) -> Message:
        """Make the message of the row."""
        return Message(**self.content)
