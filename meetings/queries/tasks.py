"""What meetings ask of a person now, for the page "my work"."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.templatetags.times import day_words
from core.unions import Row, together
from core.work import Clock, Task, Urgency
from meetings import rules
from meetings.models import ClockRule, Meeting, PreRead
from meetings.queries import differences
from meetings.queries.waiting import parts
from people.models import User

MOST_TO_SETTLE = 5
# Where on the page of the minutes a duty is done; the others are noted there as done.
DUTY_PLACES: dict[str, str] = {ClockRule.Kind.ACTION_PLAN: "all-actions", ClockRule.Kind.MINUTES: "standing"}


Write = Callable[[Iterable[Row], Clock], Iterable[Task]]


def tasks_for(user: User, now: datetime) -> list[Task]:
    """Everything that waits for this person in meetings, unsorted; one statement, and some more for data owners."""
    clock = Clock(now, user.zone)
    rows = together(
        ("meetings", user.scope), lambda: list(parts(user)), now=now, soon=now + rules.START_AHEAD
    )
    tasks = [task for kind, write in WRITERS.items() for task in write(rows[kind], clock)]
    return [*tasks, *_to_settle(user, clock)]


def _rooms(rows: Iterable[Row], _clock: Clock) -> Iterator[Task]:
    for row in rows:
        yield Task(
            kind="meetings.room",
            title=_("“%(meeting)s” is being held") % {"meeting": row.text},
            url=reverse("meetings:live", args=[row.about]),
            step=_("Into the room"),
            urgency=Urgency.TODAY,
            icon="player-play",
            covers=row.covers,
        )


def _starts(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    for row in rows:
        is_late = clock.urgency(row.due) == Urgency.LATE
        words = _("“%(meeting)s” should have begun") if is_late else _("“%(meeting)s” begins soon")
        yield Task(
            kind="meetings.start",
            title=words % {"meeting": row.text},
            url=reverse("meetings:live", args=[row.about]),
            step=_("Start"),
            urgency=Urgency.LATE if is_late else Urgency.TODAY,
            due_at=row.due,
            icon="player-play",
            # Of a meeting that should begin as of one that is being held.
            covers=(f"room:{row.key}",),
        )


def _drafts(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    """Meetings that the person planned and has not sent: nobody knows of them yet."""
    for row in rows:
        yield Task(
            kind="meetings.draft",
            title=_("“%(meeting)s” is a draft") % {"meeting": row.text},
            url=reverse("meetings:check", args=[row.about]),
            step=_("Check and send"),
            urgency=clock.urgency(row.due),
            due_at=row.due,
            icon="send",
            covers=(f"meeting:{row.key}",),
        )


def _prereads(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    for row in rows:
        is_begun, is_returned = row.state == PreRead.Status.DRAFT, row.state == PreRead.Status.RETURNED
        is_in = row.since is not None and not is_returned
        yield Task(
            kind="meetings.preread",
            title=_("Pre-read of %(department)s") % {"department": row.label},
            url=reverse("meetings:preread", args=[row.about, row.code]),
            step=_("Mend it") if is_returned else _("Go on writing") if is_begun else _("Write"),
            # One that was submitted before is not late: its last revision stands until the next one.
            urgency=Urgency.LATER if is_in else clock.urgency(row.due),
            due_at=None if is_in else row.due,
            context=row.text,
            icon="file-text",
            covers=row.covers,
        )


def _questions(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    """One line for each pre-read that is asked about."""
    for (meeting, code), group in groupby(rows, key=lambda row: (row.about, row.code)):
        asked = list(group)
        first, count = asked[0], len(asked)
        yield Task(
            kind="meetings.questions",
            title=ngettext(
                "%(n)d question on the pre-read of %(department)s",
                "%(n)d questions on the pre-read of %(department)s",
                count,
            )
            % {"n": count, "department": first.label},
            url=reverse("meetings:preread_comments", args=[meeting, code], query={"open": 1}),
            step=pgettext("verb", "Answer"),
            urgency=min(Urgency.SOON, clock.urgency(first.due)),
            due_at=first.due,
            context=first.text,
            icon="message",
            covers=_covered(asked),
        )


def _reading(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    """One line for each meeting."""
    for meeting, group in groupby(rows, key=lambda row: row.about):
        unread = list(group)
        first, count = unread[0], len(unread)
        yield Task(
            kind="meetings.to_read",
            title=ngettext("%(n)d pre-read to read", "%(n)d pre-reads to read", count) % {"n": count},
            url=reverse("meetings:detail", args=[meeting], fragment="prereads"),
            step=pgettext("verb", "Read"),
            urgency=clock.urgency(first.due),
            due_at=first.due,
            context=first.text,
            icon="file-text",
            covers=_covered(unread),
        )


def _duties(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    for row in rows:
        yield Task(
            kind=f"meetings.{row.state}",
            title=_("Publish: %(what)s") % {"what": row.label or row.state},
            url=reverse("meetings:minutes", args=[row.about], fragment=DUTY_PLACES.get(row.state, "duties")),
            step=_("Publish"),
            urgency=clock.urgency(row.due),
            due_at=row.due,
            context=_told_apart(row),
            icon="clipboard-list",
            covers=row.covers,
        )


def _minutes(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    """For those who were named: minutes that wait for their yes, due when the time for objections is over."""
    for row in rows:
        yield Task(
            kind="meetings.minutes",
            title=_("Minutes of “%(meeting)s”") % {"meeting": row.text},
            url=reverse("meetings:minutes", args=[row.about]),
            step=_("Read and approve"),
            urgency=clock.urgency(row.due),
            due_at=row.due,
            icon="file-check",
            covers=row.covers,
        )


def _objections(rows: Iterable[Row], _clock: Clock) -> Iterator[Task]:
    """What is held against minutes and waits for an answer, one line for each meeting."""
    for meeting, group in groupby(rows, key=lambda row: row.about):
        held = list(group)
        yield Task(
            kind="meetings.objections",
            title=ngettext("%(n)d objection to the minutes", "%(n)d objections to the minutes", len(held))
            % {"n": len(held)},
            url=reverse("meetings:minutes", args=[meeting], fragment="objections"),
            step=pgettext("verb", "Answer"),
            urgency=Urgency.TODAY,
            context=_told_apart(held[0]),
            icon="message",
            covers=_covered(held),
        )


def _missing_prereads(rows: Iterable[Row], _clock: Clock) -> Iterator[Task]:
    """One line for each meeting whose deadline has passed with pre-reads missing."""
    for meeting, group in groupby(rows, key=lambda row: row.about):
        prereads = list(group)
        late, total = sum(row.state == "late" for row in prereads), len(prereads)
        yield Task(
            kind="meetings.missing_prereads",
            title=ngettext(
                "%(late)d of %(total)d pre-reads is late", "%(late)d of %(total)d pre-reads are late", late
            )
            % {"late": late, "total": total},
            url=reverse("meetings:detail", args=[meeting], fragment="prereads"),
            step=_("Remind"),
            urgency=Urgency.TODAY,
            context=prereads[0].text,
            icon="bell",
            covers=(f"missing:{meeting}",),
        )


def _replies(rows: Iterable[Row], clock: Clock) -> Iterator[Task]:
    """Invitations without a reply; of a series the next one."""
    asked: set[str] = set()
    for row in rows:
        if row.other in asked:
            continue
        if row.other:
            asked.add(row.other)
        yield Task(
            kind="meetings.reply",
            title=_("Will you come to “%(meeting)s”?") % {"meeting": row.text},
            url=reverse("meetings:detail", args=[row.about]),
            step=_("Reply"),
            urgency=clock.urgency(row.due),
            due_at=row.due,
            icon="calendar-event",
            covers=row.covers,
        )


WRITERS: dict[str, Write] = {
    "room": _rooms,
    "start": _starts,
    "preread": _prereads,
    "question": _questions,
    "read": _reading,
    "duty": _duties,
    "minutes": _minutes,
    "objection": _objections,
    "missing": _missing_prereads,
    "reply": _replies,
    "draft": _drafts,
}


def _covered(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(one for row in rows for one in row.covers)


def _told_apart(row: Row) -> str:
    """The meetings of a series share their title; the day tells which one."""
    if row.since is None:
        return row.text
    return f"{row.text} · {day_words(row.since.astimezone(ZoneInfo(row.code)).date())}"


def _to_settle(user: User, clock: Clock) -> Iterator[Task]:
    """For data owners: per meeting what differs, and what was handed in and not looked at.

    The next MOST_TO_SETTLE of them: each is compared by itself.
    """
    if not rules.can_settle(user):
        return
    meetings = (
        Meeting.objects.filter(status=Meeting.Status.SCHEDULED, starts_at__gt=clock.now)
        .annotate(
            waiting=Count("prereads", filter=Q(prereads__status=PreRead.Status.SUBMITTED), distinct=True),
            stated=Count("prereads__statements", distinct=True),
        )
        .filter(Q(waiting__gt=0) | Q(stated__gt=0))
        .select_related("template")
        .order_by("starts_at", "pk")[:MOST_TO_SETTLE]
    )
    for meeting in meetings:
        url = reverse("meetings:figures", args=[meeting.pk])
        open_ones = len(differences.open_differences(meeting)) if meeting.stated else 0
        if open_ones:
            yield Task(
                kind="meetings.differences",
                title=ngettext("%(n)d difference to settle", "%(n)d differences to settle", open_ones)
                % {"n": open_ones},
                url=url,
                step=_("Settle"),
                urgency=Urgency.TODAY,
                due_at=None,
                context=meeting.title,
                icon="scale",
                covers=(f"differences:{meeting.pk}",),
            )
        if meeting.waiting:
            yield Task(
                kind="meetings.review",
                title=ngettext("%(n)d pre-read to check", "%(n)d pre-reads to check", meeting.waiting)
                % {"n": meeting.waiting},
                url=url + "#prereads",
                step=_("Check"),
                urgency=clock.urgency(meeting.starts_at),
                due_at=meeting.starts_at,
                context=meeting.title,
                icon="shield-check",
                covers=(f"review:{meeting.pk}",),
            )
