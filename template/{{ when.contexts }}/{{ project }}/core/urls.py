"""URLs of the project. The contexts bring their own, see discovery.py."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from . import admin
from .api.routing import api_urls
from .credentials import views as credentials
from .discovery import interfaces
from .document import DocumentView
from .environment import ROOT

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs" if settings.DOCS_ENABLED else "api-root")),
    path("api/", include(api_urls(interfaces(ROOT)))),
    path("account/", credentials.page, name="account"),
]
if settings.DOCS_ENABLED:
    urlpatterns += [
        path("api/schema/", DocumentView.as_view(), name="schema"),
        path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    ]
if settings.ADMIN_ENABLED:
    urlpatterns += [path("admin/login/", admin.sign_in), path("admin/", admin.site.urls)]
handler400 = "core.api.problems.bad_request"
handler403 = "core.api.problems.permission_denied"
handler404 = "core.api.problems.page_not_found"
handler500 = "core.api.problems.server_error"
