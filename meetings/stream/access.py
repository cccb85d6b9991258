"""Who may open a stream: whoever may open the room's page, and the wall screen by its link."""

import re
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from meetings.models import Meeting
from meetings.queries.wall import meeting_of

ROOM = re.compile(r"/meetings/([0-9]{1,18})/live/stream/")
WALL = re.compile(r"/wall/([\w-]{20,100})/stream/", re.ASCII)


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a request for a stream: a status, and for 200 the meeting and whose stream it is: a person's, or
    that of a wall screen's link."""

    status: int
    meeting_id: int = 0
    whose: str = ""


def is_stream(path: str) -> bool:
    return bool(ROOM.fullmatch(path) or WALL.fullmatch(path))


def admit(request: HttpRequest) -> Admission:
    """Three queries by session, one by the link of a wall screen. Blocking."""
    if wall := WALL.fullmatch(request.path):
        meeting = meeting_of(wall[1])
        return Admission(200, meeting.pk, f"wall of {meeting.pk}") if meeting else Admission(404)
    room = ROOM.fullmatch(request.path)
    if room is None:
        return Admission(404)
    request.session = _peek(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated:
        return Admission(403)
    meeting_id = int(room[1])
    is_visible = Meeting.objects.visible_to(user).filter(pk=meeting_id).exists()
    return Admission(200, meeting_id, f"person {user.pk}") if is_visible else Admission(404)


def allowed_origin(request: HttpRequest) -> str | None:
    """The origin that may read the answer, "" when the page and the stream share theirs, None when it may not.

    The site and its events differ in nothing but the port; on a local site that makes another origin. Raises
    DisallowedHost.
    """
    host, origin = request.get_host(), request.headers.get("Origin", "")
    if not origin:
        return ""
    try:
        asking, asked = urlsplit(origin), urlsplit(f"//{host}")
        is_ours = asking.scheme in ("http", "https") and asking.hostname == asked.hostname
    except ValueError:
        return None
    return origin if is_ours or origin in {settings.SITE_URL, *settings.CSRF_TRUSTED_ORIGINS} else None


def _peek(key: str | None) -> SessionBase:
    """A session that is only looked at. `get_user` renews it after a change of SECRET_KEY and ends it after one of the
    password; whoever does that must also hand out a cookie, so it is left to the next page."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session.cycle_key = session.flush = lambda: None
    return session
