"""What departments are reminded of before a meeting: that they can begin, that it is due, that it is late.

The promises are derived from the records by `wanted_*`: the services call `plan_*` in the transaction that changes a
record, and the reconciler derives them again from all open records.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.templatetags.times import moment_words
from meetings import clock_rules
from meetings.models import ClockRule, Meeting, PreRead
from notices import kinds, services
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people
from people.models import Department, User

OPENS = "meetings.preread_opens"
SOON = "meetings.preread_soon"
OVERDUE = "meetings.preread_overdue"
NUDGE = "meetings.preread_nudge"
EXTENDED = "meetings.preread_extended"
ORPHANED = "meetings.preread_orphaned"
MISSING = "meetings.prereads_missing"
PLANNED = [OPENS, SOON, OVERDUE, ORPHANED]

DAY = timedelta(days=1)
# Once late, a department is reminded daily up to the meeting, but no more often than this.
MOST_DAYS_LATE = 14


# --- what ought to be promised --------------------------------------------------------------------------
def whom_to_remind(preread: PreRead) -> list[User]:
    """The department's active leads and deputies; all its members where it has neither."""
    return _answering(preread.department)


def _answering(department: Department) -> list[User]:
    return list(people.heads(department)) or list(people.members(department))


def deadline(preread: PreRead) -> datetime:
    """What is reminded of: the deadline, or the end of the corrections for one that was returned after it."""
    if preread.submitted_at and preread.corrections_until:
        return max(preread.due_at, preread.corrections_until)
    return preread.due_at


def wanted_for_preread(
    preread: PreRead, now: datetime, *, cache: dict[int, list[User]] | None = None
) -> Iterator[Wanted]:
    """That the window opens, the reminders before the deadline that are still ahead, and a daily one once it is late.

    `preread` is missing or was returned (`PreRead.objects.owed`). Nobody is reminded before the window opens: the word
    that it opens stands for the reminders that would come earlier. Where nobody in the department is active, its host
    is told instead. `cache` holds the people of departments over many calls.
    """
    meeting = preread.meeting
    if meeting.status != Meeting.Status.SCHEDULED or meeting.starts_at <= now:
        return
    cache = {} if cache is None else cache
    if preread.department_id not in cache:
        cache[preread.department_id] = _answering(preread.department)
    due_at = deadline(preread)
    params = {"due_at": instant(due_at)}
    if not cache[preread.department_id]:
        yield Wanted(
            recipient=meeting.host,
            subject=preread,
            kind=ORPHANED,
            due_at=meeting.scheduled_at or preread.opens_at or preread.due_at,
            expires_at=meeting.starts_at,
        )
    for person in cache[preread.department_id]:
        for kind, moment, expires_at in _moments(preread, due_at, now):
            yield Wanted(
                recipient=person,
                subject=preread,
                kind=kind,
                due_at=moment,
                expires_at=expires_at,
                params=params,
            )


def _moments(preread: PreRead, due_at: datetime, now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """(kind, when, of no use after) of everything that one person of the department is told."""
    opens_at, start = preread.opens_at, preread.meeting.starts_at
    if opens_at and preread.status == PreRead.Status.NOT_STARTED and due_at > now:
        yield OPENS, opens_at, due_at
    for offset in clock_rules.rule(ClockRule.Kind.PREREAD).reminder_offsets:
        moment = due_at + offset
        if moment > now and (opens_at is None or moment > opens_at):
            yield SOON, moment, due_at
    for moment in [due_at, *days_late(due_at, start)]:
        if now - DAY < moment < start:
            yield OVERDUE, moment, min(moment + DAY, start)


def days_late(due_at: datetime, start: datetime) -> list[datetime]:
    """The day after the deadline and each further one before the meeting."""
    moments = [due_at + number * DAY for number in range(1, MOST_DAYS_LATE + 1)]
    return [moment for moment in moments if moment < start]


def wanted_for_host(meeting: Meeting, dues: Iterable[datetime], now: datetime) -> Iterator[Wanted]:
    """From the day after a deadline (`dues`: those still owed) the host is told daily which departments are late."""
    if meeting.status != Meeting.Status.SCHEDULED or meeting.starts_at <= now:
        return
    moments = {moment for due_at in dues for moment in days_late(due_at, meeting.starts_at)}
    for moment in sorted(moments):
        if moment > now:
            yield Wanted(
                recipient=meeting.host,
                subject=meeting,
                kind=MISSING,
                due_at=moment,
                expires_at=min(moment + DAY, meeting.starts_at),
            )


def wanted_of_all(now: datetime) -> Iterator[Wanted]:
    prereads = PreRead.objects.owed().filter(
        meeting__status=Meeting.Status.SCHEDULED, meeting__starts_at__gt=now
    )
    cache: dict[int, list[User]] = {}
    dues: dict[Meeting, list[datetime]] = {}
    for preread in prereads.select_related("meeting__host", "department"):
        dues.setdefault(preread.meeting, []).append(preread.due_at)
        yield from wanted_for_preread(preread, now, cache=cache)
    for meeting, owed in dues.items():
        yield from wanted_for_host(meeting, owed, now)


def instant(moment: datetime) -> str:
    """The same text for the same instant, whatever zone it was computed in."""
    return moment.astimezone(UTC).isoformat()


def plan_preread(preread: PreRead, *, now: datetime) -> None:
    """Bring the promises in line with its state and deadline; call it in the transaction that changed them."""
    services.withdraw(subject=preread, kinds=PLANNED)
    if PreRead.objects.owed().filter(pk=preread.pk).exists():
        services.promise_all(wanted_for_preread(preread, now))


def plan_host(meeting: Meeting, *, now: datetime) -> None:
    """The same for what the host is told of the meeting's late departments."""
    services.withdraw(subject=meeting, kinds=[MISSING])
    services.promise_all(
        wanted_for_host(meeting, meeting.prereads.owed().values_list("due_at", flat=True), now)
    )


# --- asked again at the last moment -----------------------------------------------------------------------
def still_owed(notice: Notice) -> bool:
    """Not submitted since, the meeting still to come, the same deadline, and the reader still in the department."""
    preread = cast("PreRead", notice.subject)
    return (
        preread.meeting.status == Meeting.Status.SCHEDULED
        and notice.params.get("due_at", instant(deadline(preread))) == instant(deadline(preread))
        and preread.department_id in notice.recipient.department_ids
        and (preread.submitted_at is None or PreRead.objects.owed().filter(pk=preread.pk).exists())
    )


def _still_orphaned(notice: Notice) -> bool:
    preread = cast("PreRead", notice.subject)
    return (
        preread.submitted_at is None
        and preread.meeting.status == Meeting.Status.SCHEDULED
        and preread.meeting.host_id == notice.recipient_id
        and not whom_to_remind(preread)
    )


def _late_departments(notice: Notice) -> list[str]:
    """Who is late by a day or more, at the moment the notice is about."""
    meeting = cast("Meeting", notice.subject)
    late = meeting.prereads.owed().filter(due_at__lte=notice.due_at - DAY).select_related("department")
    return [preread.department.name for preread in late.in_order()]


def _host_still_waits(notice: Notice) -> bool:
    meeting = cast("Meeting", notice.subject)
    return (
        meeting.status == Meeting.Status.SCHEDULED
        and meeting.host_id == notice.recipient_id
        and bool(_late_departments(notice))
    )


# --- in words -----------------------------------------------------------------------------------------------
def _words(notice: Notice) -> dict[str, str]:
    preread = cast("PreRead", notice.subject)
    return {
        "department": preread.department.name,
        "meeting": preread.meeting.title,
        "due": moment_words(deadline(preread)),
        "start": moment_words(preread.meeting.starts_at),
        "by": notice.params.get("by", ""),
        "reason": preread.extension_reason,
        "days": str((notice.due_at - deadline(preread)).days),
    }


def _url(notice: Notice) -> str:
    return cast("PreRead", notice.subject).get_absolute_url()


def _overdue_title(notice: Notice) -> str:
    words = _words(notice)
    days = int(words["days"])
    if days < 1:
        return _("Pre-read of %(department)s is overdue") % words
    return (
        ngettext(
            "Pre-read of %(department)s is %(days)s day late",
            "Pre-read of %(department)s is %(days)s days late",
            days,
        )
        % words
    )


def _missing_title(notice: Notice) -> str:
    count = len(_late_departments(notice))
    return ngettext("%(n)d pre-read is late: %(meeting)s", "%(n)d pre-reads are late: %(meeting)s", count) % {
        "n": count,
        "meeting": cast("Meeting", notice.subject).title,
    }


def _missing_body(notice: Notice) -> str:
    meeting = cast("Meeting", notice.subject)
    return _(
        "Still missing: %(departments)s. “%(meeting)s” begins %(start)s. The departments are reminded daily; call "
        "them, give them a later deadline, or plan without them."
    ) % {
        "departments": pgettext("between names", ", ").join(_late_departments(notice)),
        "meeting": meeting.title,
        "start": moment_words(meeting.starts_at),
    }


WRITE = gettext_lazy("Write the pre-read")


def register() -> None:
    """Called once, when the app is ready."""
    about: dict[str, Any] = {"related": ("meeting__host", "department"), "url": _url, "icon": "file-text"}
    _register_for_departments(about)
    _register_for_hosts(about)


def _register_for_departments(about: dict[str, Any]) -> None:
    kinds.register(
        kinds.Kind(
            code=OPENS,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read opens"),
            is_wanted=still_owed,
            title=lambda n: _("You can begin: pre-read of %(department)s, due %(due)s") % _words(n),
            body=lambda n: (
                _(
                    "“%(meeting)s” begins %(start)s. The pre-read of %(department)s is open and due %(due)s. "
                    "The figures are already filled in."
                )
                % _words(n)
            ),
            button=WRITE,
            **about,
        )
    )
    kinds.register(
        kinds.Kind(
            code=SOON,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read due"),
            is_wanted=still_owed,
            title=lambda n: _("Pre-read of %(department)s is due %(due)s") % _words(n),
            body=lambda n: (
                _(
                    "“%(meeting)s” begins %(start)s. The pre-read of %(department)s is not submitted yet; "
                    "it is due %(due)s. The figures are already filled in."
                )
                % _words(n)
            ),
            button=WRITE,
            **about,
        )
    )
    kinds.register(
        kinds.Kind(
            code=OVERDUE,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read overdue"),
            is_wanted=still_owed,
            title=_overdue_title,
            body=lambda n: (
                _(
                    "The pre-read of %(department)s for “%(meeting)s” was due %(due)s and is missing. "
                    "It can still be submitted and will be marked late."
                )
                % _words(n)
            ),
            button=WRITE,
            **about | {"icon": "clock"},
        )
    )
    kinds.register(
        kinds.Kind(
            code=NUDGE,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read asked for"),
            is_wanted=still_owed,
            title=lambda n: _("%(by)s asks for the pre-read of %(department)s") % _words(n),
            body=lambda n: (
                _(
                    "“%(meeting)s” begins %(start)s; the pre-read of %(department)s is due %(due)s and is missing."
                )
                % _words(n)
            ),
            button=WRITE,
            bundle=False,
            **about | {"icon": "bell"},
        )
    )
    kinds.register(
        kinds.Kind(
            code=EXTENDED,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read: more time"),
            is_wanted=lambda n: cast("PreRead", n.subject).is_extended,
            title=lambda n: _("More time for the pre-read of %(department)s: %(until)s") % _extended_words(n),
            body=lambda n: _("%(by)s gives it until %(until)s. Reason: %(reason)s") % _extended_words(n),
            button=gettext_lazy("Open the pre-read"),
            **about | {"icon": "clock"},
        )
    )


def _register_for_hosts(about: dict[str, Any]) -> None:
    kinds.register(
        kinds.Kind(
            code=ORPHANED,
            category=kinds.Category.PREREADS,
            may_read=_in_open_meetings,
            label=gettext_lazy("Nobody answers for a pre-read"),
            is_wanted=_still_orphaned,
            title=lambda n: _("Nobody answers for the pre-read of %(department)s") % _words(n),
            body=lambda n: (
                _(
                    "%(department)s owes “%(meeting)s” a pre-read until %(due)s, but has no active lead, deputy or "
                    "member. Have somebody appointed in the administration, or plan without it."
                )
                % _words(n)
            ),
            **about | {"icon": "user", "url": lambda n: _url_of_board(cast("PreRead", n.subject).meeting)},
        )
    )
    kinds.register(
        kinds.Kind(
            code=MISSING,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-reads late"),
            icon="clock",
            related=("host",),
            is_wanted=_host_still_waits,
            title=_missing_title,
            body=_missing_body,
            url=lambda n: _url_of_board(cast("Meeting", n.subject)),
            button=gettext_lazy("See who is missing"),
        )
    )


def _extended_words(notice: Notice) -> dict[str, str]:
    until = datetime.fromisoformat(notice.params["until"])
    return _words(notice) | {"until": moment_words(until), "reason": notice.params["reason"]}


def _in_open_meetings(user: User, ids: set[int]) -> set[int]:
    """The host is told of a pre-read's state, whose page opens only once it is submitted."""
    rows = PreRead.objects.filter(pk__in=ids, meeting__in=Meeting.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def _url_of_board(meeting: Meeting) -> str:
    return f"{meeting.get_absolute_url()}#prereads"
