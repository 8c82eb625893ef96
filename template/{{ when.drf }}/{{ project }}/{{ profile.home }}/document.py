"""The OpenAPI document. It is the same for everybody, so a process writes it once in each form."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class DocumentView(SpectacularAPIView):
    """Tells the document, as YAML or JSON."""

    written: ClassVar[dict[str, HttpResponse]] = {}

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Answer with what was written, unless the request asks for something special."""
        form = str(request.accepted_renderer.media_type)
        if form in self.written and not request.query_params:
            kept = self.written[form]
            return HttpResponse(kept.content, headers=dict(kept.headers))
        response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if not request.query_params:
            response.add_post_render_callback(lambda done: self.written.update({form: done}))
        return response
