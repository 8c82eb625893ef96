"""Why a service refuses. The messages name no stored value: they may end up in a log."""

from collections.abc import Sequence
from uuid import UUID


class ServiceError(Exception):
    """Something that a service refuses to do."""


class NotFound(ServiceError):
    """There is no such thing."""

    def __init__(self, label: str, key: UUID) -> None:
        super().__init__(f"there is no {label.replace('_', ' ')} {key}")


class Changed(ServiceError):
    """Another process changed it in the meantime, or the version that was named is past."""

    def __init__(self, label: str) -> None:
        super().__init__(f"the {label} was changed in the meantime: read it again")


class Taken(ServiceError):
    """A value that may stand only once stands in another one already, or values that may do so together."""

    def __init__(self, label: str, fields: Sequence[str]) -> None:
        same = " and ".join(fields).replace("_", " ")
        super().__init__(f"another {label} has the same {same}")


class Needed(ServiceError):
    """It cannot be removed, because others refer to it, or to what would go with it."""

    def __init__(self, label: str, by: Sequence[str]) -> None:
        super().__init__(f"the {label} is needed by {' and '.join(by)}")


class Misplaced(ServiceError):
    """A cursor is none of the list that it is given to."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"the cursor {problem}")
