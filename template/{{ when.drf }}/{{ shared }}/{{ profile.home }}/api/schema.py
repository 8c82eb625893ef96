"""The OpenAPI description: what the views and serializers do not tell by themselves."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS, IsAuthenticatedOrReadOnly

from .problems import MEDIA_TYPE, ProblemDetailsSerializer, title

READ_PROBLEMS = (401, 404, 406, 429)
LIST_PROBLEMS = (400, 401, 406, 429)
CREATE_PROBLEMS = (400, 401, 403, 406, 409, 413, 415, 429)
CHANGE_PROBLEMS = (400, 401, 403, 404, 406, 409, 412, 413, 415, 428, 429)
DELETE_PROBLEMS = (401, 403, 404, 406, 409, 412, 428, 429)

ACTIONS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "list": (
        "List {many}",
        "Filtered, sorted and in parts. Every filter that is given must hold.",
        LIST_PROBLEMS,
    ),
    "create": ("Create {one}", "The user who sends it becomes the owner.", CREATE_PROBLEMS),
    "retrieve": (
        "Read {one}",
        "With If-None-Match it is sent only if it has changed.",
        READ_PROBLEMS,
    ),
    "update": (
        "Replace {one}",
        "The owner gives it new values; If-Match holds the ETag that came when it was read.",
        CHANGE_PROBLEMS,
    ),
    "partial_update": (
        "Change {one}",
        "The owner changes some values; If-Match holds the ETag that came when it was read.",
        CHANGE_PROBLEMS,
    ),
    "destroy": (
        "Delete {one}",
        "The owner removes it for good; If-Match holds the ETag that came when it was read.",
        DELETE_PROBLEMS,
    ),
}
"""Summary, description and possible errors of every action of an entity's view."""


LINK = OpenApiParameter(
    "Link",
    location=OpenApiParameter.HEADER,
    response=[200],
    description="Addresses of the first, the next and the previous page",
)


class Schema(AutoSchema):
    """Describes preconditions and problem details, and names operations as people speak of them."""

    view: Any

    def _names(self) -> dict[str, str]:
        meta = self.view.queryset.model._meta
        return {"one": str(meta.verbose_name), "many": str(meta.verbose_name_plural)}

    def _action(self) -> tuple[str, str, tuple[int, ...]] | None:
        return ACTIONS.get(getattr(self.view, "action", ""))

    def get_summary(self) -> str | None:
        """Say in a few words what the operation does."""
        action = self._action()
        return action[0].format(**self._names()) if action else super().get_summary()

    def get_description(self) -> str:  # type: ignore[override]
        """Say in a sentence what the operation needs."""
        action = self._action()
        return action[1] if action else super().get_description()

    def get_override_parameters(self) -> list[Any]:
        """Describe the headers of conditional requests and of pages."""
        action = getattr(self.view, "action", "")
        if action == "list":
            return [LINK]
        tag = OpenApiParameter(
            "ETag",
            location=OpenApiParameter.HEADER,
            response=[200, 201],
            description="Version of the resource",
        )
        if action == "create":
            place = OpenApiParameter(
                "Location",
                location=OpenApiParameter.HEADER,
                response=[201],
                description="Address of the resource",
            )
            return [tag, place]
        if action == "retrieve":
            known = OpenApiParameter(
                "If-None-Match",
                location=OpenApiParameter.HEADER,
                description="ETag that the client has",
            )
            return [tag, known]
        if action in ("update", "partial_update", "destroy"):
            match = OpenApiParameter(
                "If-Match",
                location=OpenApiParameter.HEADER,
                description="ETag that the change is made to",
            )
            return [match] if action == "destroy" else [tag, match]
        return []

    def get_auth(self) -> list[Any]:
        """Say that reading needs no token, where it does not: also permissions made from the framework's count."""
        auth: list[Any] = super().get_auth()
        open_to_read = any(
            isinstance(permission, IsAuthenticatedOrReadOnly)
            for permission in self.view.get_permissions()
        )
        if open_to_read and self.method in SAFE_METHODS and {} not in auth:
            auth.append({})
        return auth

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Add the problems that the operation may answer with."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        action = self._action()
        if getattr(self.view, "action", "") == "retrieve":
            bodies["304"] = {"description": title(304)}
        for code in action[2] if action else getattr(self.view, "problems", ()):
            answer = OpenApiResponse(ProblemDetailsSerializer, title(code))
            bodies[str(code)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                answer, str(code), [MEDIA_TYPE]
            )
        return bodies


def _share_problems(result: dict[str, Any]) -> None:
    """Describe each problem once, and point to it."""
    shared: dict[str, Any] = {}
    for path in result["paths"].values():
        for operation in path.values():
            for code, response in operation["responses"].items():
                if MEDIA_TYPE in response.get("content", {}):
                    name = title(int(code)).replace(" ", "")
                    shared[name] = response
                    operation["responses"][code] = {"$ref": f"#/components/responses/{name}"}
    result["components"]["responses"] = dict(sorted(shared.items()))


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Tell bodies of requests and of answers apart, as the framework does not.

    A request is refused if it holds an unknown name; a change has no defaults; an answer always holds every name.
    """
    schemas = result["components"].get("schemas", {})
    for name, component in schemas.items():
        if name.endswith("Request"):
            component["additionalProperties"] = False
        if f"{name}Request" in schemas:
            component["required"] = sorted(component["properties"])
        if not name.endswith("Request") or name.startswith("Patched"):
            for schema in component.get("properties", {}).values():
                schema.pop("default", None)
    _share_problems(result)
    return result
