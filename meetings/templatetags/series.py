"""What pages of a meeting show of its series: `{% load series %}`.

{% series_place meeting %}                      the series and the meetings beside it, or the way to make it one
{% carried_of meeting as carried %}             where items of its agenda come from, three queries for all of them
{% carried_mark carried item meeting can_plan %}   that of one item
{% action_list item meeting %}                  the actions that an item goes through
{% progress_state meeting lines %}              whether the lists of a progress meeting fit, and who has not said a word
"""

from collections.abc import Iterable
from typing import Any

from django import template

from meetings import rules
from meetings.models import AgendaItem, Carried, Meeting, ParkedItem
from meetings.queries.series import place_of

register = template.Library()


@register.inclusion_tag("meetings/_series_place.html", takes_context=True)
def series_place(context: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """The series and its neighbours; for a planned meeting without one the way to make it one. Nothing otherwise."""
    user = context["request"].user
    place = place_of(meeting, user)
    can_plan = meeting.is_planned and rules.can_plan(user, meeting)
    return {
        "meeting": meeting,
        "place": place,
        "may_repeat": place is None and can_plan,
        "may_carry": place is not None and can_plan,
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def carried_of(context: dict[str, Any], meeting: Meeting) -> dict[int, dict[str, Any]]:
    """Item id → the meeting it comes from (None where the reader may not open that one) and the reason."""
    if meeting.series_id is None:
        return {}
    rows = list(
        AgendaItem.objects.filter(meeting=meeting)
        .exclude(carried_because="")
        .values_list("pk", "carried_from__meeting", "carried_because")
    )
    if not rows:
        return {}
    parked_in = dict(
        ParkedItem.objects.filter(taken_up_by__meeting=meeting).values_list("taken_up_by", "meeting")
    )
    found = {pk: source or parked_in.get(pk) for pk, source, _why in rows}
    wanted = {source for source in found.values() if source}
    sources = Meeting.objects.visible_to(context["request"].user).in_bulk(wanted)
    return {
        pk: {"source": sources.get(found[pk] or 0), "reason": Carried(why).label} for pk, _source, why in rows
    }


@register.inclusion_tag("meetings/_carried_mark.html", takes_context=True)
def carried_mark(
    context: dict[str, Any],
    carried: dict[int, dict[str, Any]],
    item: AgendaItem,
    meeting: Meeting,
    can_plan: bool,
) -> dict[str, Any]:
    """The mark of one item; an item whose contents the reader may not know has none."""
    is_masked = getattr(item, "is_masked", False)
    return {
        "mark": None if is_masked else carried.get(item.pk),
        "item": item,
        "meeting": meeting,
        "may_drop": can_plan and meeting.is_planned,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("meetings/_action_list.html")
def action_list(item: AgendaItem, meeting: Meeting) -> dict[str, Any]:
    """The open actions that an item goes through, loaded from the app that keeps them."""
    return {"item": None if getattr(item, "is_masked", False) else item, "meeting": meeting}


@register.inclusion_tag("meetings/_progress_state.html")
def progress_state(meeting: Meeting, lines: Iterable[Any]) -> dict[str, Any]:
    """Loaded from the app that keeps the actions, where the agenda goes through at least two lists of them."""
    lists = {line.item.action_list for line in lines} - {""}
    return {"meeting": meeting, "is_progress": len(lists) > 1}
