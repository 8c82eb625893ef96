"""The memory that makes handling idempotent."""

from django.db import models


class HandledMessage(models.Model):
    """One row says that one subscriber has handled one message. It is written in the transaction of the handling."""

    message_id = models.UUIDField()
    subscriber = models.CharField(max_length=200)
    handled_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "handled_message"
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "subscriber"], name="uq_handled_message_subscriber"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.subscriber}"
