"""How much one request may carry."""

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def body_limit(limit: Callable[[], int]) -> Callable[[View], View]:
    """Refuse a larger request to this view before it is read; `limit` gives bytes and is asked at each request.

    `core.middleware.BodyLimitMiddleware` looks at it, before the CSRF check reads the form. It has to be the
    outermost decorator of the view.
    """

    def mark(view: View) -> View:
        # As Django's own decorators do it (csrf_exempt); a wrapper would hide the view from them.
        vars(view)["body_limit"] = limit
        return view

    return mark
