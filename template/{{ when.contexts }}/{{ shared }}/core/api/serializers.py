"""Base of the serializers of entities, and of their lists' query parameters."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar, Literal, NamedTuple

from rest_framework import serializers

from ..kernel.errors import InvalidValue
from ..kernel.repositories import Criterion, Part, Wanted
from . import fields
from .paging import Cursors, PageQuery


class ShownField(fields.Strict, serializers.ReadOnlyField):
    """The text by which people know what an entity refers to, as far as the reader may see it; the view has asked for it."""

    def __init__(self) -> None:
        super().__init__(allow_null=True)

    def get_attribute(self, instance: Any) -> str | None:
        """Look it up by the id."""
        name = f"{self.field_name}_id"
        text: str | None = self.context["texts"][name].get(getattr(instance, name))
        return text

    def json_schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string"}


class EntitySerializer(fields.StrictNames):
    """Reads strictly: wrong types and unknown names are refused, what is left out gets its default."""

    writable: ClassVar[Mapping[str, fields.Strict]] = {}
    """What a client may set."""
    relations: ClassVar[Sequence[str]] = ()
    """What an entity refers to: a text that is shown beside each id."""
    value_objects: ClassVar[Mapping[str, Any]] = {}
    """Class of a field's value in the domain, where that is no plain one."""

    id = fields.IdentifierField(read_only=True)
    owner_id = fields.IdentifierField(read_only=True)
    team_id = fields.IdentifierField(read_only=True)
    created_at = fields.TimestampField(read_only=True)
    updated_at = fields.TimestampField(read_only=True)
    version = serializers.IntegerField(read_only=True)

    def prepare_fields(self) -> dict[str, Any]:
        """Add what a client may set."""
        found = super().prepare_fields()
        if "version" in self.writable:
            # An entity that has a version of its own tells that of its row by another name.
            found["row_version"] = serializers.IntegerField(source="version", read_only=True)
        shown = {name: ShownField() for name in self.relations}
        return found | deepcopy(dict(self.writable)) | shown

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the body, and make the values that the domain speaks of."""
        read: dict[str, Any] = super().to_internal_value(data)
        for name, kind in self.value_objects.items():
            if read.get(name) is not None:
                try:
                    read[name] = kind(read[name])
                except InvalidValue as error:
                    raise serializers.ValidationError({name: [str(error)]}) from None
        return read


class Parameter(NamedTuple):
    """A query parameter that compares a field with what it says."""

    accepts: fields.Strict
    field: str
    operator: Literal["eq", "ge", "le"] = "eq"


class PartQuery(PageQuery):
    """Query parameters of any list, in the words of the application layer."""

    @property
    def sort(self) -> str:
        """What the list is sorted by."""
        return "created_at"

    def part(self, cursors: Cursors) -> Part:
        """Say which part of the list is wanted.

        Raises:
            ValidationError: when the cursor is none of the list.
        """
        given = self.validated_data
        place = cursors.read(given.get("cursor"))
        return Part(limit=given["limit"], place=place, total=given["total"])


class ListQuery(PartQuery):
    """Query parameters of a list of entities: its order, words to search for, and the conditions of a subclass."""

    parameters: ClassVar[Mapping[str, Parameter]] = {}
    sorts: ClassVar[Sequence[str]] = ()
    searched: ClassVar[bool] = False
    attributes: ClassVar[Mapping[str, str]] = {}
    """What a field is called in the code, where that is another name."""

    def prepare_fields(self) -> dict[str, Any]:
        """Add the parameters that depend on the entity."""
        keys = [key for name in ("created_at", *self.sorts) for key in (name, f"-{name}")]
        found = super().prepare_fields()
        found["sort"] = fields.ChoiceField(choices=keys, required=False)
        if self.searched:
            found["search"] = fields.TextField(max_length=200, required=False)
        for name, parameter in self.parameters.items():
            accepts: Any = deepcopy(parameter.accepts)
            accepts.required = False
            found[name] = accepts
        return found

    @property
    def sort(self) -> str:
        """What the client wants the list to be sorted by."""
        return str(self.validated_data.get("sort", "-created_at"))

    def wanted(self, cursors: Cursors) -> Wanted:
        """Say it in the words of the application layer.

        Raises:
            ValidationError: when the cursor is none of the list.
        """
        given, key = self.validated_data, self.sort.removeprefix("-")
        return Wanted(
            **vars(self.part(cursors)),
            criteria=[
                Criterion(parameter.field, parameter.operator, given[name])
                for name, parameter in self.parameters.items()
                if name in given
            ],
            search=given.get("search", ""),
            sort=self.sort.replace(key, self.attributes.get(key, key)),
        )
