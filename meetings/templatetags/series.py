"""Where a meeting stands in its series, for the pages of the meeting: `{% load series %}{% series_place meeting %}`."""

from typing import Any

from django import template

from meetings import rules
from meetings.models import Meeting
from meetings.queries.series import place_of

register = template.Library()


@register.inclusion_tag("meetings/_series_place.html", takes_context=True)
def series_place(context: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """The series and its neighbours; for a planned meeting without one the way to make it one. Nothing otherwise."""
    user = context["request"].user
    return {
        "meeting": meeting,
        "place": place_of(meeting, user),
        "may_repeat": meeting.series_id is None and meeting.is_planned and rules.can_plan(user, meeting),
    }
