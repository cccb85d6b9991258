"""Is it ready? What a host has to know before sending the invitations and before the meeting begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.templatetags.times import duration_words, moment_words
from meetings import agenda, clock_rules
from meetings.models import AgendaItem, Meeting, MeetingDepartment, Participant
from meetings.queries import agenda_checks, confidential
from meetings.queries.conflicts import Conflicts
from meetings.queries.prereads import Board
from metrics import queries as metrics
from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist: right or doubtful, in words, with the place to mend it."""

    code: str
    is_ok: bool
    words: str
    url: str = ""
    link: str = ""
    # The link leads to the plan, which only planners may open.
    is_planning: bool = False


# --- before the meeting -----------------------------------------------------------------------------------
def checklist(
    *,
    meeting: Meeting,
    board: Board,
    items: Sequence[AgendaItem],
    participants: Sequence[Participant],
    departments: Sequence[MeetingDepartment],
    clashes: Conflicts | None = None,
) -> list[Check]:
    """`clashes`: people and places that are taken elsewhere, for those who may plan the meeting."""
    checks = [
        _prereads(board),
        _length(meeting, items),
        _minutes(meeting, items),
        _presenters(meeting, items, participants),
        _replies(participants),
        _clashes(meeting, clashes),
        _required(participants, departments),
        _figures(meeting),
    ]
    return [check for check in checks if check]


def _prereads(board: Board) -> Check | None:
    if not board.total:
        return None
    words = _("%(done)d of %(total)d pre-reads in") % {"done": board.submitted, "total": board.total}
    if board.returned:
        words += " · " + ngettext("%(n)d returned", "%(n)d returned", board.returned) % {"n": board.returned}
    if board.overdue:
        words += " · " + ngettext("%(n)d late", "%(n)d late", board.overdue) % {"n": board.overdue}
    return Check(
        code="prereads", is_ok=not board.missing, words=words, url="#prereads", link=_("See who is missing")
    )


def _length(meeting: Meeting, items: Sequence[AgendaItem]) -> Check:
    total = agenda.planned_sum(agenda.slots(items))
    over = total - meeting.planned_minutes
    if not items:
        words = _("The agenda is empty")
    elif over > 0:
        words = _("The agenda takes %(total)d min, %(over)d over the planned %(planned)d") % {
            "total": total,
            "over": over,
            "planned": meeting.planned_minutes,
        }
    elif any(item.action_list for item in items):
        # Its lists share the time that there is; what their actions need is for the apps to say that have them.
        words = _(
            "The items add up to %(total)d of %(planned)d min; the agenda says whether its actions fit"
        ) % {
            "total": total,
            "planned": meeting.planned_minutes,
        }
    elif over < 0:
        words = _("The agenda fits: %(total)d of %(planned)d min, %(free)d free") % {
            "total": total,
            "planned": meeting.planned_minutes,
            "free": -over,
        }
    else:
        words = _("The agenda fits exactly: %(total)d min") % {"total": total}
    return Check(
        code="agenda",
        is_ok=bool(items) and over <= 0,
        words=words,
        url=reverse("meetings:edit", args=[meeting.pk]) + "#agenda",
        link=_("Change the agenda"),
        is_planning=True,
    )


def _minutes(meeting: Meeting, items: Sequence[AgendaItem]) -> Check | None:
    words = agenda_checks.without_minutes(items)
    return _to_plan(meeting, "minutes", words, _("Change the agenda"), "#agenda") if words else None


def _presenters(
    meeting: Meeting, items: Sequence[AgendaItem], participants: Sequence[Participant]
) -> Check | None:
    declined = agenda_checks.declined(items, participants)
    if not declined:
        return None
    words = agenda_checks.declined_words(declined)
    return _to_plan(meeting, "presenters", words, _("Choose another"), "#agenda")


def _clashes(meeting: Meeting, clashes: Conflicts | None) -> Check | None:
    if not clashes:
        return None
    words = " ".join(agenda_checks.sentences(clashes))
    return _to_plan(meeting, "clashes", words, _("Change time, place or people"), "#plan-when")


def _to_plan(meeting: Meeting, code: str, words: str, link: str, fragment: str) -> Check:
    url = reverse("meetings:edit", args=[meeting.pk]) + fragment
    return Check(code=code, is_ok=False, words=words, url=url, link=link, is_planning=True)


def _replies(participants: Sequence[Participant]) -> Check:
    """Optional guests and the host owe no reply."""
    asked = [
        one for one in participants if one.role not in (Participant.Role.OPTIONAL, Participant.Role.HOST)
    ]
    replied = [one for one in asked if one.reply != Participant.Reply.NONE]
    declined = [one for one in asked if one.reply == Participant.Reply.DECLINED]
    words = _("%(done)d of %(total)d replied") % {"done": len(replied), "total": len(asked)}
    if declined:
        words += " · " + _("declined: %(names)s") % {
            "names": pgettext("between names", ", ").join(one.user.name for one in declined)
        }
    return Check(
        code="replies",
        is_ok=len(replied) == len(asked) and not declined,
        words=words,
        url="#participants",
        link=_("See the replies"),
    )


def _required(participants: Sequence[Participant], departments: Sequence[MeetingDepartment]) -> Check | None:
    missing = missing_departments(participants, departments)
    if not departments:
        return None
    if missing:
        words = _("Nobody comes for %(names)s") % {
            "names": pgettext("between names", ", ").join(row.department.name for row in missing)
        }
    else:
        words = _("Every required department is represented")
    return Check(
        code="departments", is_ok=not missing, words=words, url="#participants", link=_("See who comes")
    )


def missing_departments(
    participants: Sequence[Participant], departments: Sequence[MeetingDepartment]
) -> list[MeetingDepartment]:
    """Required departments for which nobody is invited who has not declined.

    Somebody stands for a department when they speak for it or belong to it; the participants come with
    `user.memberships` prefetched.
    """
    represented = {
        department
        for one in participants
        if one.reply != Participant.Reply.DECLINED
        for department in [one.department_id, *(row.department_id for row in one.user.memberships.all())]
    }
    return [row for row in departments if row.is_required and row.department_id not in represented]


def _figures(meeting: Meeting) -> Check | None:
    period = meeting.period
    if period is None:
        return None
    # A free range counts as there when its last day is covered.
    grain = period.grain if period.grain != "range" else "day"
    latest = metrics.last_complete_period(grain, before=period.end)
    is_there = latest is not None and latest.end == period.end
    words = (
        _("The figures of %(period)s are there")
        if is_there
        else _("The figures of %(period)s are not complete")
    ) % {"period": period.label}
    return Check(
        code="figures", is_ok=is_there, words=words, url=reverse("metrics:uploads"), link=_("See the uploads")
    )


# --- before the invitations go out --------------------------------------------------------------------
def before_sending(meeting: Meeting, now: datetime, *, by: User) -> dict[str, Any]:
    """The page "check and send": what will be sent to whom, and what is doubtful about it."""
    items = confidential.masked(meeting.items.select_related("department").in_order(), by)
    participants = list(
        meeting.participants.select_related("user", "department")
        .prefetch_related("user__memberships")
        .order_by("user__name_sort", "pk")
    )
    departments = list(
        meeting.departments.select_related("department").order_by("department__position", "pk")
    )
    clashes = agenda_checks.clashes(meeting, participants, by)
    window = clock_rules.preread_window(meeting, since=now)
    return {
        "meeting": meeting,
        "items": list(zip(items, agenda.timings(agenda.slots(items), meeting.starts_at), strict=True)),
        "total": agenda.planned_sum(agenda.slots(items)),
        "participants": by_role(participants),
        "departments": departments,
        "reporting": [row for row in departments if row.needs_preread],
        "preread_due_at": window.due_at,
        "doubts": [
            *_doubts(meeting, items, participants, departments, window, now),
            *agenda_checks.sentences(clashes),
        ],
    }


def _doubts(meeting, items, participants, departments, window, now):
    """Sentences about what is allowed but probably not meant."""
    over = agenda.planned_sum(agenda.slots(items)) - meeting.planned_minutes
    if over > 0:
        yield _(
            "The agenda takes %(over)d minutes more than planned. Go back and fit it, or plan a longer meeting."
        ) % {"over": over}
    if words := agenda_checks.without_minutes(items):
        yield words
    for row in missing_departments(participants, departments):
        yield _("%(department)s must be present, but nobody of it is invited.") % {
            "department": row.department.name
        }
    if any(row.needs_preread for row in departments) and (window.is_squeezed or window.due_at <= now):
        yield _(
            "The usual day for the pre-reads has passed. The departments have %(left)s, until %(due)s."
        ) % {
            "due": moment_words(window.due_at),
            "left": duration_words(max(window.due_at - now, timedelta())),
        }
    roles = {one.role for one in participants}
    if Participant.Role.RECORDER not in roles:
        yield _("Nobody is named as recorder; the host then writes the minutes.")
    if meeting.starts_at.astimezone(meeting.zone).weekday() >= 5:
        yield _("The meeting falls on a weekend.")


def by_role(participants: Sequence[Participant]) -> list[tuple[str, list[Participant]]]:
    """(role in words, people) in the order of the roles."""
    groups = [(role.label, [one for one in participants if one.role == role]) for role in Participant.Role]
    return [(str(label), people) for label, people in groups if people]
