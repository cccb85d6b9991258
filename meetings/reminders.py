"""What people are reminded of around a meeting: pre-reads that are missing, duties that follow it.

The promises are derived from the records by `wanted_*`: the services call `plan_*` in the transaction that changes a
record, and the reconciler derives them again from all open records.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.times import duration_words, moment_words
from meetings import clock_rules
from meetings.models import ClockRule, Meeting, Obligation, PreRead
from notices import kinds, planning, services
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people
from people.models import User

PREREAD_SOON = "meetings.preread_soon"
PREREAD_OVERDUE = "meetings.preread_overdue"
PREREAD_NUDGE = "meetings.preread_nudge"
OBLIGATION_SOON = "meetings.obligation_soon"
OBLIGATION_MISSED = "meetings.obligation_missed"


# --- what ought to be promised --------------------------------------------------------------------------
def whom_to_remind(preread: PreRead) -> list[User]:
    """The department's active leads; all its members where it has no lead."""
    return list(people.leads(preread.department)) or list(people.members(preread.department))


def wanted_for_preread(preread: PreRead, now: datetime) -> Iterator[Wanted]:
    """The reminders before the deadline that are still ahead, and the one for having missed it."""
    meeting = preread.meeting
    if preread.submitted_at or meeting.status != Meeting.Status.SCHEDULED or meeting.starts_at <= now:
        return
    rule = clock_rules.rule(ClockRule.Kind.PREREAD)
    params = {"due_at": _instant(preread.due_at)}
    for person in whom_to_remind(preread):
        for offset in rule.reminder_offsets:
            moment = preread.due_at + offset
            if moment > now:
                yield Wanted(
                    recipient=person,
                    subject=preread,
                    kind=PREREAD_SOON,
                    due_at=moment,
                    expires_at=preread.due_at,
                    params=params,
                )
        yield Wanted(
            recipient=person,
            subject=preread,
            kind=PREREAD_OVERDUE,
            due_at=preread.due_at,
            expires_at=meeting.starts_at,
            params=params,
        )


def wanted_for_obligation(obligation: Obligation, now: datetime) -> Iterator[Wanted]:
    """The owner is reminded before the instant, the owner and the executives are told when it was missed."""
    if obligation.met_at:
        return
    params = {"due_at": _instant(obligation.due_at)}
    for offset in clock_rules.rule(obligation.kind).reminder_offsets:
        moment = obligation.due_at + offset
        if moment > now:
            yield Wanted(
                recipient=obligation.owner,
                subject=obligation,
                kind=OBLIGATION_SOON,
                due_at=moment,
                expires_at=obligation.due_at,
                params=params,
            )
    told = {person.pk: person for person in [obligation.owner, *people.executives()]}
    for person in told.values():
        yield Wanted(
            recipient=person,
            subject=obligation,
            kind=OBLIGATION_MISSED,
            due_at=obligation.due_at,
            params=params,
        )


def _instant(moment: datetime) -> str:
    """The same text for the same instant, whatever zone it was computed in."""
    return moment.astimezone(UTC).isoformat()


def plan_preread(preread: PreRead, *, now: datetime) -> None:
    """Bring the promises in line with the deadline; call it in the transaction that changed it."""
    services.withdraw(subject=preread, kinds=[PREREAD_SOON, PREREAD_OVERDUE])
    services.promise_all(wanted_for_preread(preread, now))


def plan_obligation(obligation: Obligation, *, now: datetime) -> None:
    services.withdraw(subject=obligation)
    services.promise_all(wanted_for_obligation(obligation, now))


def wanted_of_all() -> Iterator[Wanted]:
    """For the reconciler: everything that open pre-reads and duties of meetings want."""
    now = timezone.now()
    prereads = PreRead.objects.missing().filter(
        meeting__status=Meeting.Status.SCHEDULED, meeting__starts_at__gt=now
    )
    for preread in prereads.select_related("meeting__template", "department"):
        yield from wanted_for_preread(preread, now)
    for obligation in Obligation.objects.open().select_related("meeting", "owner"):
        yield from wanted_for_obligation(obligation, now)


# --- asked again at the last moment -----------------------------------------------------------------------
def preread_still_missing(notice: Notice) -> bool:
    """Not submitted since, the meeting still to come, the same deadline, and the reader still in the department."""
    preread = cast("PreRead", notice.subject)
    return (
        preread.submitted_at is None
        and preread.meeting.status == Meeting.Status.SCHEDULED
        and notice.params.get("due_at", _instant(preread.due_at)) == _instant(preread.due_at)
        and preread.department_id in notice.recipient.department_ids
    )


def obligation_still_open(notice: Notice) -> bool:
    obligation = cast("Obligation", notice.subject)
    return obligation.met_at is None and notice.params["due_at"] == _instant(obligation.due_at)


# --- in words -----------------------------------------------------------------------------------------------
def _preread_words(notice: Notice) -> dict[str, str]:
    preread = cast("PreRead", notice.subject)
    return {
        "department": preread.department.name,
        "meeting": preread.meeting.title,
        "due": moment_words(preread.due_at),
        "start": moment_words(preread.meeting.starts_at),
        "by": notice.params.get("by", ""),
    }


def _preread_url(notice: Notice) -> str:
    return cast("PreRead", notice.subject).get_absolute_url()


def _obligation_words(notice: Notice) -> dict[str, str]:
    obligation = cast("Obligation", notice.subject)
    return {
        "what": obligation.get_kind_display(),
        "meeting": obligation.meeting.title,
        "due": moment_words(obligation.due_at),
        "end": moment_words(obligation.anchor_at),
        "owner": obligation.owner.name,
        "left": duration_words(obligation.due_at - notice.due_at),
    }


def _obligation_url(notice: Notice) -> str:
    return reverse("meetings:minutes", args=[cast("Obligation", notice.subject).meeting_id])


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(wanted_of_all)
    kinds.register(
        kinds.Kind(
            code=PREREAD_SOON,
            label=gettext_lazy("Pre-read due"),
            icon="file-text",
            related=("meeting", "department"),
            is_wanted=preread_still_missing,
            title=lambda n: _("Pre-read of %(department)s is due %(due)s") % _preread_words(n),
            body=lambda n: (
                _(
                    "“%(meeting)s” begins %(start)s. The pre-read of %(department)s is not submitted yet; "
                    "it is due %(due)s. The figures are already filled in."
                )
                % _preread_words(n)
            ),
            url=_preread_url,
            button=gettext_lazy("Write the pre-read"),
        )
    )
    kinds.register(
        kinds.Kind(
            code=PREREAD_OVERDUE,
            label=gettext_lazy("Pre-read overdue"),
            icon="clock",
            related=("meeting", "department"),
            is_wanted=preread_still_missing,
            title=lambda n: _("Pre-read of %(department)s is overdue") % _preread_words(n),
            body=lambda n: (
                _(
                    "The pre-read of %(department)s for “%(meeting)s” was due %(due)s and is missing. "
                    "It can still be submitted and will be marked late."
                )
                % _preread_words(n)
            ),
            url=_preread_url,
            button=gettext_lazy("Write the pre-read"),
        )
    )
    kinds.register(
        kinds.Kind(
            code=PREREAD_NUDGE,
            label=gettext_lazy("Pre-read asked for"),
            icon="bell",
            related=("meeting", "department"),
            is_wanted=preread_still_missing,
            title=lambda n: _("%(by)s asks for the pre-read of %(department)s") % _preread_words(n),
            body=lambda n: (
                _(
                    "“%(meeting)s” begins %(start)s; the pre-read of %(department)s is due %(due)s and is missing."
                )
                % _preread_words(n)
            ),
            url=_preread_url,
            button=gettext_lazy("Write the pre-read"),
            bundle=False,
        )
    )
    kinds.register(
        kinds.Kind(
            code=OBLIGATION_SOON,
            label=gettext_lazy("Due after a meeting"),
            icon="clock",
            related=("meeting", "owner"),
            is_wanted=obligation_still_open,
            title=lambda n: _("%(what)s of “%(meeting)s” is due in %(left)s") % _obligation_words(n),
            body=lambda n: (
                _("“%(meeting)s” ended %(end)s. Its %(what)s is not published yet; it is due %(due)s.")
                % _obligation_words(n)
            ),
            url=_obligation_url,
            bundle=False,
        )
    )
    kinds.register(
        kinds.Kind(
            code=OBLIGATION_MISSED,
            label=gettext_lazy("Missed after a meeting"),
            icon="alert-circle",
            related=("meeting", "owner"),
            is_wanted=obligation_still_open,
            title=lambda n: _("%(what)s of “%(meeting)s” was not published in time") % _obligation_words(n),
            body=lambda n: (
                _(
                    "The %(what)s of “%(meeting)s” was due %(due)s and is still missing. %(owner)s answers for it."
                )
                % _obligation_words(n)
            ),
            url=_obligation_url,
            bundle=False,
        )
    )
