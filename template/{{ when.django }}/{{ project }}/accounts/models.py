"""The user of this project."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Django's user with an id that tells nothing; a model of its own, because it cannot be exchanged later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unverified_email = models.EmailField(blank=True)
    """What was typed, until somebody follows the link that goes there. ``email`` is an address that is verified."""

    personal = ("email", "unverified_email")

    class Meta(AbstractUser.Meta):
        indexes = [models.Index(fields=["email"], name="ix_user_email")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in small letters, so that it is found however it is typed."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)
