"""Everything is behind the login, whatever is added to the URLs later."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

# Names that answer without a login, with the reason. Anything new must be argued into this list.
OPEN = {
    "account_login": "the login page itself",
    "account_logout": "allauth sends a stranger on to the login page",
    "account_signup": "closed: says that the administrator makes accounts",
    "account_reset_password": "somebody who forgot the password cannot log in first",
    "account_reset_password_done": "the same",
    "account_reset_password_from_key": "the same",
    "account_reset_password_from_key_done": "the same",
    "account_inactive": "says that the account is closed",
    "notices:health": "monitoring",
    "calendar_feed": "calendar programs cannot log in; the address holds a secret of 256 bits",
    "wall:open": "the screen of a meeting room cannot log in; its address holds a secret of 256 bits",
    "wall:screen": "the same",
    "wall:state": "the same",
    "wall:stream": "the same",
    "meetings:replies": "a mail gateway with a secret of its own; not there while none is set",
    "core:set_preferences": "the language of the login page can be switched",
}

SAMPLES = {IntConverter: "1", UUIDConverter: "00000000-0000-4000-8000-000000000000"}


def urls() -> Iterator[tuple[str, str]]:
    """Every (name, path) the site answers, with sample values for its arguments."""
    yield from _walk(get_resolver(), "/", "")


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + _fill(pattern)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.lookup_str}", path
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, path, inner)


def _fill(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        sample = SAMPLES.get(type(converter), "x")
        for spelling in (f"<{name}>", f"<{_tag(converter)}:{name}>"):
            route = route.replace(spelling, sample)
    return route


def _tag(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def plain_urls() -> list[tuple[str, str]]:
    """Those whose path could be written down; regular expressions (allauth's and the admin's few) are left out."""
    return [(name, path) for name, path in urls() if not set(path) & set("^$(?)<>\\")]


def test_the_walk_finds_the_pages():
    paths = dict(plain_urls())

    assert {"dashboard:my_work", "account_login", "admin:index"} <= set(paths)
    assert paths["dashboard:my_work"] == "/"


@pytest.mark.django_db
def test_strangers_are_sent_to_the_login_everywhere(client):
    answered = {}
    for name, path in plain_urls():
        if name in OPEN or name.startswith("admin:"):
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(path)
            if response.status_code != 302 or not response.url.startswith("/accounts/login/"):
                answered[f"{method.upper()} {name} {path}"] = response.status_code

    assert answered == {}
