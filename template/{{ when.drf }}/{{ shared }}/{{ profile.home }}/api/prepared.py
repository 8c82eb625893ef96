"""Serializers that are made for every request and prepared once."""

from collections.abc import Callable
from copy import copy, deepcopy
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from rest_framework import serializers


class Prepared(serializers.Serializer[Any]):
    """Prepares the fields of its class when they are first needed; each serializer then takes copies of them.

    The framework makes them anew for each, from the model's, which takes longer than to read a row and to show it.
    """

    _prepared: dict[str, Any]

    def prepare_fields(self) -> dict[str, Any]:
        """Make the fields of the class. A subclass that has more adds them here, not in ``get_fields``."""
        return super().get_fields()

    def get_fields(self) -> dict[str, Any]:
        """Copy the fields: each belongs to one serializer."""
        kind = type(self)
        if "_prepared" not in vars(kind):
            kind._prepared = self.prepare_fields()
        return {name: _copied(field) for name, field in kind._prepared.items()}

    def to_representation(self, instance: Any) -> Any:
        """Show an instance attribute by attribute, or as the framework does where that is not all."""
        shown = {}
        try:
            for name, read, show in self._attributes or ():
                value = read(instance)
                if callable(value):
                    return super().to_representation(instance)
                shown[name] = None if value is None else show(value)
        except (AttributeError, ObjectDoesNotExist):
            # What is shown then is the framework's to say.
            return super().to_representation(instance)
        return shown or super().to_representation(instance)

    @cached_property
    def _attributes(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] | None:
        """What is shown, if it consists of attributes: under which name, how it is read, how it is written."""
        shown = [field for field in self.fields.values() if not field.write_only]
        if not all(map(_is_attribute, shown)):
            return None
        return [
            (str(each.field_name), attrgetter(str(each.source)), each.to_representation)
            for each in shown
        ]


def _is_attribute(field: Any) -> bool:
    """Tell whether a field shows an attribute of the instance, and not something of its own."""
    return field.source != "*" and type(field).get_attribute is serializers.Field.get_attribute


def _copied(field: Any) -> Any:
    """Copy a field; what has others in it knows them as their parent, so these are copied as well."""
    nested = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return deepcopy(field) if nested or hasattr(field, "child_relation") else copy(field)
