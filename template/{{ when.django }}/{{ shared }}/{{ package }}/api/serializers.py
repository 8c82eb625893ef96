"""Base of the serializers of stored things."""

from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from . import fields, relations
from .fields import StrictNames
from .models import Entity

ENTITY_FIELDS = ("id", "owner_id", "created_at", "updated_at", "version")
"""What every entity tells of itself; the server sets it."""


class EntitySerializer[Item: Entity](StrictNames, serializers.ModelSerializer[Item]):
    """Reads strictly: wrong types and unknown names are refused, what is left out gets its default.

    A unique value is left to the database, which is the only one that knows in time; it becomes 409, see problems.py.
    """

    owner_id = fields.IdentifierField(read_only=True)

    serializer_field_mapping = {
        models.CharField: fields.TextField,
        models.TextField: fields.TextField,
        models.EmailField: fields.EmailField,
        models.URLField: fields.WebAddressField,
        models.IntegerField: fields.WholeNumberField,
        models.FloatField: fields.NumberField,
        models.DecimalField: fields.DecimalTextField,
        models.BooleanField: fields.TruthField,
        models.DateField: fields.CalendarDateField,
        models.DateTimeField: fields.TimestampField,
        models.TimeField: fields.TimeOfDayField,
        models.DurationField: fields.DurationField,
        models.UUIDField: fields.IdentifierField,
        models.JSONField: fields.ObjectField,
        models.PositiveIntegerField: serializers.IntegerField,
    }
    serializer_choice_field = fields.ChoiceField

    class Meta:
        """A subclass names its model and its fields."""

    def get_unique_together_validators(self) -> list[Any]:
        """Leave these to the database as well."""
        return []

    def get_uniqueness_extra_kwargs(
        self, field_names: Any, declared_fields: Any, extra_kwargs: Any
    ) -> tuple[Any, Any]:
        """Require nothing more because it is unique together."""
        return extra_kwargs, {}

    def validate(self, attrs: Any) -> Any:
        """Look for what the row refers to, once everything else is right."""
        relations.require_known(iter(self.fields.values()), attrs)
        return attrs

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, dict[str, Any]]:
        """Take the default from the model, so that PUT replaces and the schema tells."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if "validators" in kwargs:
            kwargs["validators"] = [
                entry for entry in kwargs["validators"] if not isinstance(entry, UniqueValidator)
            ]
        # Absent is null here; an empty text would be a second way to say it.
        kwargs.pop("allow_blank", None)
        if model_field.has_default() and model_field.editable:
            kwargs["default"] = model_field.default
        elif model_field.null:
            kwargs["default"] = None
        if "default" in kwargs:
            kwargs.pop("required", None)
        return field_class, kwargs
