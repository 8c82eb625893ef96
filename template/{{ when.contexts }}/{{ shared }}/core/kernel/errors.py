"""What a use case may refuse, each as one exception. core/api/errors.py says what HTTP makes of them."""

from collections.abc import Sequence


class DomainError(Exception):
    """Something that the rules of the business do not allow."""

    message = "This is not possible."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class InvalidValue(DomainError):
    """A value breaks a rule of the domain."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Forbidden(DomainError):
    """The actor's role does not allow it."""

    message = "Your role does not allow this."


class NotFound(DomainError):
    """The team has no such thing; whether another team has it, nobody learns."""

    message = "There is nothing at this address."


class Taken(DomainError):
    """Another thing of the team has the same value where it may stand only once."""

    message = "Another record has the same value where it may stand only once."


class Missing(DomainError):
    """Something refers to what is not there, or what the actor cannot see: nobody learns which of the two it is."""

    message = "What it refers to is not there."

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.fields = fields


class Needed(DomainError):
    """Others need what was to go; each amount says how many of which kind."""

    def __init__(self, amounts: Sequence[str]) -> None:
        super().__init__(f"It is needed by {' and '.join(amounts)}.")


class Stale(DomainError):
    """Somebody else changed the thing first."""

    message = "It was changed by somebody else: read it again."
