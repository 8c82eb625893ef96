"""How the URLs of the apps become those of the API."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import DefaultRouter

from ..discovery import BrokenApp, load


def api_urls(names: list[str]) -> list[URLPattern | URLResolver]:
    """Collect the URLs of all apps, and make the page at their root that lists the collections.

    An app without ``urls.py`` is not routed. One with it has a ``router`` (its collections), ``urlpatterns`` (any
    other view), or both.

    Raises:
        BrokenApp: when a ``urls.py`` cannot be imported or has neither.
    """
    root = DefaultRouter(use_regex_path=False)
    root.include_format_suffixes = False
    patterns: list[URLPattern | URLResolver] = []
    for name in names:
        if find_spec(f"{name}.urls") is None:
            continue
        file = f"{name.replace('.', '/')}/urls.py"
        module = load(f"{name}.urls", file)
        router = getattr(module, "router", None)
        if router is None and not hasattr(module, "urlpatterns"):
            raise BrokenApp(f"{file} needs a router, urlpatterns, or both")
        if router is not None:
            root.registry.extend(router.registry)
        if hasattr(module, "urlpatterns"):
            patterns.append(path("", include(module)))
    return [*patterns, *root.urls]
