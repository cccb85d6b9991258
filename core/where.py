"""Where somebody is in the browser while a fragment is fetched for them."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def page_of(request: HttpRequest) -> SplitResult:
    """The address of the page that htmx asks from; an empty one where none is given, or nonsense."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return urlsplit("")
