"""Doubts about an agenda and its people: nobody to present, no time planned, somebody or a place taken elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from meetings.models import AgendaItem, Meeting, Participant
from meetings.queries.conflicts import Clash, Conflicts, conflicts
from people.models import User

# Of the many whom one meeting takes away, so many are named.
MOST_NAMED = 3


def presenters(items: Sequence[AgendaItem], participants: Sequence[Participant]) -> dict[int, Participant]:
    """By item: the participant who presents it, named for it or speaking for its department.

    Of several who speak for a department, one who has not declined.
    """
    by_user = {one.user_id: one for one in participants}
    speaking: dict[int, Participant] = {}
    for one in sorted(participants, key=lambda one: one.reply != Participant.Reply.DECLINED):
        if one.department_id:
            speaking[one.department_id] = one
    found = {}
    for item in items:
        who = by_user.get(item.presenter_user_id) if item.presenter_user_id else None
        who = who or (speaking.get(item.department_id) if item.department_id else None)
        if who:
            found[item.pk] = who
    return found


def declined(
    items: Sequence[AgendaItem], participants: Sequence[Participant]
) -> list[tuple[AgendaItem, Participant]]:
    """Items whose presenter does not come, in the order of the agenda."""
    found = presenters(items, participants)
    return [
        (item, found[item.pk])
        for item in items
        if item.pk in found and found[item.pk].reply == Participant.Reply.DECLINED
    ]


def declined_words(pairs: Sequence[tuple[AgendaItem, Participant]]) -> str:
    """One sentence: who presents what and does not come."""
    return pgettext("between sentences of one list", "; ").join(
        _("%(name)s presents “%(item)s” but has declined") % {"name": one.user.name, "item": item.title}
        for item, one in pairs
    )


def without_minutes(items: Sequence[AgendaItem]) -> str:
    """Which items have no time, by name; "" when all have."""
    titles = [item.title for item in items if not item.minutes]
    if not titles:
        return ""
    names = pgettext("between names", ", ").join(_("“%(title)s”") % {"title": title} for title in titles)
    return ngettext(
        "No minutes are planned for %(names)s.", "No minutes are planned for %(names)s.", len(titles)
    ) % {"names": names}


# --- who and what is taken --------------------------------------------------------------------------------
def clashes(meeting: Meeting, participants: Sequence[Participant], by: User) -> Conflicts:
    """What stands in the way of a planned meeting; those who declined are not counted."""
    people = [one.user for one in participants if one.reply != Participant.Reply.DECLINED]
    return conflicts(
        starts_at=meeting.starts_at,
        minutes=meeting.planned_minutes,
        people=people,
        location=meeting.location,
        by=by,
        except_meeting=meeting,
    )


def sentences(found: Conflicts) -> list[str]:
    """One for each other meeting with all whom it takes away, one for each person who is busy otherwise, and one for
    each meeting in the same place; with the times in the asker's zone.
    """
    together: dict[int | None, list[Clash]] = {}
    for clash in found.people:
        together.setdefault(clash.meeting.pk if clash.meeting else None, []).append(clash)
    alone = together.pop(None, [])
    return [
        *(_people(clashes) for clashes in together.values()),
        *(_person(clash) for clash in alone),
        *(_place(clash) for clash in found.places),
    ]


def _people(clashes: Sequence[Clash]) -> str:
    """Those whom one meeting takes away: all by name if they are few, else the first of them and how many more."""
    if len(clashes) == 1:
        return _person(clashes[0])
    named = len(clashes) if len(clashes) <= MOST_NAMED + 1 else MOST_NAMED
    names = pgettext("between names", ", ").join(clash.user.name for clash in clashes[:named] if clash.user)
    words = {"names": names, **_times(clashes[0]), "meeting": clashes[0].title}
    if named == len(clashes):
        return _("%(names)s are in “%(meeting)s” from %(start)s to %(end)s.") % words
    words["more"] = str(len(clashes) - named)
    return _("%(names)s and %(more)s more are in “%(meeting)s” from %(start)s to %(end)s.") % words


def _person(clash: Clash) -> str:
    words = {"name": clash.user.name if clash.user else "", **_times(clash), "meeting": clash.title}
    if clash.meeting:
        return _("%(name)s is in “%(meeting)s” from %(start)s to %(end)s.") % words
    return _("%(name)s is busy from %(start)s to %(end)s.") % words


def _place(clash: Clash) -> str:
    words = {**_times(clash), "meeting": clash.title}
    if clash.meeting:
        return _("The place is taken by “%(meeting)s” from %(start)s to %(end)s.") % words
    return _("The place is taken from %(start)s to %(end)s.") % words


def _times(clash: Clash) -> dict[str, str]:
    return {"start": _clock(clash.starts_at), "end": _clock(clash.ends_at)}


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")
