"""What the tables and the schemas of every domain are made of."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from src.database import Base, UtcDateTime


def utc_now() -> dt.datetime:
    """Tell the time, in UTC."""
    return dt.datetime.now(dt.UTC)


class Entity(Base):
    """A table whose rows are found by id, belong to somebody, and know their version."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, default=uuid4)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), default=utc_now)
    updated_at: Mapped[dt.datetime] = mapped_column(
        UtcDateTime(), default=utc_now, onupdate=utc_now
    )
    version: Mapped[int] = mapped_column()
    owner_id: Mapped[str] = mapped_column(String(255), index=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let an UPDATE count the version up, and find no row if somebody else was first."""
        return {"version_id_col": cls.version}

    @property
    def etag(self) -> str:
        """Name this version of the row for HTTP (RFC 9110, 8.8.3)."""
        return f'"{self.version}"'


class Schema(BaseModel):
    """Base of everything that comes in or goes out. Unknown names are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class EntityRead(Schema):
    """What every stored thing tells of itself."""

    id: UUID
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: int
    owner_id: str


class Page[Item](Schema):
    """A part of a list."""

    items: list[Item]
    total: int
    limit: int
    offset: int


def _shaped(pattern: str) -> BeforeValidator:
    """Accept text of one form only: Pydantic alone would also take numbers and other spellings."""

    def check(value: Any) -> Any:
        if isinstance(value, dt.date) or (isinstance(value, str) and re.fullmatch(pattern, value)):
            return value
        raise ValueError("is not in the form of RFC 3339")

    return BeforeValidator(check)


def _whole(value: Any) -> Any:
    """Accept 8.0 for 8: to JSON they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_utc(value: dt.datetime) -> dt.datetime:
    """Convert to UTC."""
    return value.astimezone(dt.UTC)


def _deliverable(value: str) -> str:
    """Refuse a part before the @ that is longer than RFC 5321 allows (4.5.3.1.1)."""
    if value.index("@") > 64:
        raise ValueError("has more than 64 characters before the @")
    return value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what Python's parser accepts and no database keeps: NaN, infinity, half characters, NUL."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    text.encode()
    # An even number of backslashes before it: the escape of NUL, not a backslash and the letters that follow.
    if re.search(r"(?<!\\)(\\\\)*\\u0000", text):
        raise ValueError("must not hold the character NUL")
    return value


@dataclass(frozen=True)
class DecimalText:
    """A decimal that travels as text, so that no client rounds it to a binary fraction.

    Args:
        digits: how many digits it has at most.
        places: how many of them stand after the point.
    """

    digits: int
    places: int

    @property
    def pattern(self) -> str:
        """The accepted text, as a regular expression."""
        fraction = rf"(\.[0-9]{{1,{self.places}}})?" if self.places else ""
        return rf"^-?[0-9]{{1,{self.digits - self.places}}}{fraction}$"

    def read(self, value: Any) -> Decimal:
        """Turn accepted text into a decimal with all its places."""
        if isinstance(value, str) and re.fullmatch(self.pattern[1:-1], value):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise ValueError(f"is not text like {self.pattern}")  # noqa: TRY004 (Pydantic reads ValueError)
        return value.quantize(Decimal(1).scaleb(-self.places))

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read with ``read``, write as plain text."""
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: format(value, "f"), return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the text."""
        return {"type": "string", "format": "decimal", "pattern": self.pattern}


# PostgreSQL stores no NUL, so no text may hold one.
Text = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]
# One word of a host name, and one of the part before the @ (RFC 5321 without quotes).
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ATOM = r"[A-Za-z0-9!#$%&*+/=?^_{|}~-]+"
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=rf"^{ATOM}(\.{ATOM})*@{LABEL}(\.{LABEL})+$",
        json_schema_extra={"format": "email"},
    ),
    AfterValidator(_deliverable),
]
# The characters of a path, a query or a fragment (RFC 3986).
PART = r"([A-Za-z0-9._~:/?@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*"
WebAddress = Annotated[
    str,
    Field(
        max_length=500,
        pattern=rf"^https?://{LABEL}(\.{LABEL})*(:[0-9]{{1,5}})?([/?]{PART})?(#{PART})?$",
        json_schema_extra={"format": "uri"},
    ),
]
Integral = BeforeValidator(_whole)
CalendarDate = Annotated[dt.date, _shaped(r"\d{4}-\d\d-\d\d")]
# Four digits that every database keeps, and far enough from Python's own limits to be converted.
YEARS = "[1-8][0-9]{3}-"
Timestamp = Annotated[
    AwareDatetime,
    Field(json_schema_extra={"pattern": f"^{YEARS}"}),
    _shaped(YEARS + r"\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
    AfterValidator(_to_utc),
]
JsonObject = Annotated[dict[str, Any], AfterValidator(_storable)]
