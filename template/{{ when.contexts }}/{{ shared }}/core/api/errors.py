"""What HTTP makes of the refusals of a use case."""

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response

from ..kernel import errors
from . import problems


class Missing(problems.Conflict):
    """What was to be referred to is not there; the fields are named."""

    def __init__(self, error: errors.Missing) -> None:
        super().__init__(str(error))
        message = "There is nothing with this id."
        self.errors = [{"field": name, "message": message} for name in error.fields]


def translate(error: Exception) -> Exception:
    """Turn a refusal of the domain into the framework's exception for it; anything else stays as it is."""
    text = str(error)
    match error:
        case errors.InvalidValue():
            return exceptions.ValidationError({error.field: [text]})
        case errors.Forbidden():
            return exceptions.PermissionDenied(text)
        case errors.NotFound():
            return exceptions.NotFound(text)
        case errors.Taken():
            return problems.Conflict(text)
        case errors.Missing():
            return Missing(error)
        case errors.Stale():
            return problems.PreconditionFailed(text)
        case errors.DomainError():
            return problems.Conflict(text)
    return error


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; the framework's setting EXCEPTION_HANDLER names this function."""
    return problems.handle(translate(error), context)
