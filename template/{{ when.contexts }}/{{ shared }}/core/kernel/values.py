"""Value objects: values with rules of their own, equal if they say the same, never changed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from ..api.patterns import EMAIL, MAX_LOCAL_PART, WEB_ADDRESS
from .errors import InvalidValue


@dataclass(frozen=True, order=True)
class ValueObject[Plain]:
    """A plain value that has passed its rules."""

    value: Plain

    def __post_init__(self) -> None:
        """Keep the rules, which a subclass has.

        Raises:
            InvalidValue: when the value breaks one.
        """

    def __str__(self) -> str:
        return str(self.value)


def maybe[Made, Plain](kind: Callable[[Plain], Made], value: Plain | None) -> Made | None:
    """Make a value object or an enum of a value that may be absent."""
    return None if value is None else kind(value)


class EmailAddress(ValueObject[str]):
    """E-mail address (RFC 5321)."""

    def __post_init__(self) -> None:
        """Refuse what no mail server takes."""
        if not re.fullmatch(EMAIL, self.value) or len(self.value) > 254:
            raise InvalidValue("", "An e-mail address is needed.")
        if self.value.index("@") > MAX_LOCAL_PART:
            raise InvalidValue("", f"At most {MAX_LOCAL_PART} characters stand before the @.")


class WebAddress(ValueObject[str]):
    """Web address, http or https (RFC 3986)."""

    def __post_init__(self) -> None:
        """Refuse what no browser opens."""
        if not re.fullmatch(WEB_ADDRESS, self.value) or len(self.value) > 500:
            raise InvalidValue("", "A web address is needed, http or https.")


class ExactNumber(ValueObject[Decimal]):
    """Number with a fixed count of digits, some of them after the point; never a binary fraction."""

    digits: ClassVar[int]
    places: ClassVar[int]

    def __post_init__(self) -> None:
        """Keep all places, so that equal numbers look alike; refuse what has more digits."""
        if not self.value.is_finite() or abs(self.value) >= 10 ** (self.digits - self.places):
            raise InvalidValue("", f"A number of at most {self.digits} digits is needed.")
        exact = self.value.quantize(Decimal(1).scaleb(-self.places))
        if exact != self.value:
            raise InvalidValue("", f"At most {self.places} digits stand after the point.")
        object.__setattr__(self, "value", exact)
