from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page's shell needs."""
    return {"site_url": settings.SITE_URL, "debug_build": settings.DEBUG}
