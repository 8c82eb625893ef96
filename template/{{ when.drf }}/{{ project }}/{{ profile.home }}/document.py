"""The OpenAPI document. It is the same for everybody, so a process writes it once in each form."""

from functools import partial
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class DocumentView(SpectacularAPIView):
    """Tells the document, as YAML or JSON."""

    written: ClassVar[dict[str, tuple[bytes, dict[str, str]]]] = {}
    """By the form: the document and the headers that the view gives it. What a request adds to them is its own."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Answer with what was written, unless the request asks for something special."""
        form = str(request.accepted_renderer.media_type)
        if form in self.written and not request.query_params:
            content, headers = self.written[form]
            return HttpResponse(content, headers=headers)
        response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if not request.query_params:
            response.add_post_render_callback(partial(self._keep, form))
        return response

    def _keep(self, form: str, response: HttpResponse) -> None:
        self.written[form] = response.content, dict(response.headers)
