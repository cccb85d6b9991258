"""The deadlines of a list as a calendar file."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from actions import calendar_feed
from actions.models import Action
from meetings import calendar
from meetings.queries import feed
from people.models import User


def write(actions: Sequence[Action], user: User) -> bytes:
    """Whoever owns them; those without a deadline are left out. Like the feed, it names nothing confidential, because
    calendar files end up with calendar companies."""
    moments = (calendar_feed.moment(action, user) for action in actions)
    events = [feed.moment_event(moment, user) for moment in moments if moment is not None]
    return calendar.pack(events, name=_("Actions"))
