"""The user of this project."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Django's user with an id that tells nothing; a model of its own, because it cannot be exchanged later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
