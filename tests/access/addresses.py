"""Every address of the site by name, as Django itself knows them."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

ADMIN = "admin:"


def names() -> set[str]:
    """The names of all addresses, with their namespaces; those of the administration are one place of their own."""
    return {name for name in _walk(get_resolver(), "") if not name.startswith(ADMIN)}


def _walk(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.lookup_str}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner)


def was_heard(request: HttpRequest) -> bool:
    """Whether anything on the way to the answer looked at what was sent: Django takes it apart only then.

    If nothing did, other words get the same answer. Only the address as a whole, which pages repeat so that one comes
    back to them, may hold the words all the same.
    """
    return "GET" in vars(request) or "_post" in vars(request)
