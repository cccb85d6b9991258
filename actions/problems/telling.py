"""What a problem makes people be told, and when both ends of the line have been reached.

A report goes out at once to a direct superior and an executive, as an emergency where it cannot wait: it overtakes
all other mail, passes quiet hours, and goes out again where it is doubtful whether it arrived. As long as nobody takes
note, the next level is told every ten minutes. A strategic deviation keeps a clock until its special meeting was held.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.models import Problem
from actions.problems import chain
from core.templatetags.times import duration_words, moment_words
from meetings import clock_rules
from meetings.models import ClockRule, Meeting
from notices import kinds, planning, services
from notices.kinds import Category, Kind, Priority
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people
from people.models import User

INCIDENT, REPORTED, UNHEARD = "problems.incident", "problems.reported", "problems.unheard"
HEARD, YOURS, CLOSED = "problems.heard", "problems.yours", "problems.closed"
MEETING_SOON, MEETING_MISSED = "problems.meeting_soon", "problems.meeting_missed"
UP_THE_LINE = (INCIDENT, REPORTED, UNHEARD)
# An hour that nobody took note of is in everybody's list by then.
NEWS_FOR = timedelta(days=3)


# --- what ought to be promised --------------------------------------------------------------------------------
def wanted(problem: Problem) -> Iterator[Wanted]:
    """Everything that an open problem asks for now and later."""
    if problem.closed_at is None:
        yield from _up_the_line(problem)
        yield from _special_meeting(problem)


def _up_the_line(problem: Problem) -> Iterator[Wanted]:
    line = chain.of(problem)
    kind = INCIDENT if problem.is_emergency else REPORTED
    for person in line.at_once:
        yield Wanted(recipient=person, subject=problem, kind=kind, due_at=problem.reported_at)
    if not problem.is_emergency or problem.acknowledged_at is not None:
        return
    for number, level in enumerate(line.above, start=1):
        at = problem.reported_at + number * chain.NEXT_AFTER
        for person in level:
            yield Wanted(recipient=person, subject=problem, kind=UNHEARD, due_at=at, expires_at=at + NEWS_FOR)


def _special_meeting(problem: Problem) -> Iterator[Wanted]:
    due_at = problem.meeting_due_at
    if due_at is None or is_held(problem):
        return
    seeing_to_it = {one.pk: one for one in (problem.owner, *people.with_role(User.Role.HOST))}
    for offset in clock_rules.rule(ClockRule.Kind.SPECIAL).reminder_offsets:
        for person in seeing_to_it.values():
            yield Wanted(
                recipient=person,
                subject=problem,
                kind=MEETING_SOON,
                due_at=due_at + offset,
                expires_at=due_at,
            )
    for person in {one.pk: one for one in (problem.owner, *people.executives())}.values():
        yield Wanted(recipient=person, subject=problem, kind=MEETING_MISSED, due_at=due_at)


def is_held(problem: Problem) -> bool:
    """Whether the special meeting of a strategic deviation was held: it has ended, being planned is not enough."""
    meeting = problem.special_meeting
    return meeting is not None and meeting.status == Meeting.Status.ENDED


def plan(problem: Problem) -> None:
    """Bring the promises in line with the problem. Call it in the transaction that changed it."""
    services.withdraw(subject=problem, kinds=[UNHEARD, MEETING_SOON, MEETING_MISSED])
    services.promise_all(_useful(problem, timezone.now()))


def _useful(problem: Problem, now: datetime) -> Iterator[Wanted]:
    return (one for one in wanted(problem) if one.expires_at is None or one.expires_at > now)


def planned() -> Iterator[Wanted]:
    """For the reconciler: what open problems ask for."""
    for problem in Problem.objects.open().select_related(
        "reported_by", "owner", "department", "special_meeting"
    ):
        yield from wanted(problem)


def reached_at(problem: Problem) -> datetime | None:
    """When a superior and an executive had both been reached; None while one of them has not.

    Reached is whose mail a mail server has taken over, who has opened the notice, or who has taken note. Where a
    company has nobody of one sort, the other alone counts.
    """
    line = chain.of(problem)
    rows = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(Problem), subject_id=problem.pk, kind__in=UP_THE_LINE
    )
    moments: dict[int | None, list[datetime]] = defaultdict(list)
    for person, *instants in rows.values_list("recipient_id", "sent_at", "read_at"):
        moments[person] += [instant for instant in instants if instant is not None]
    if problem.acknowledged_at is not None:
        moments[problem.acknowledged_by_id].append(problem.acknowledged_at)
    sides = [side for side in (line.superiors, _executives(line)) if side]
    reached = [[min(moments[one.pk]) for one in side if moments[one.pk]] for side in sides]
    return max(min(side) for side in reached) if reached and all(reached) else None


def _executives(line: chain.Chain) -> tuple[User, ...]:
    """Any executive of the line counts, also one who was told as the next level."""
    return tuple(one for one in line.everybody if one.has_role(User.Role.EXECUTIVE))


# --- asked again at the last moment ---------------------------------------------------------------------------
def _problem(notice: Notice) -> Problem:
    return cast("Problem", notice.subject)


def _is_open(notice: Notice) -> bool:
    return _problem(notice).closed_at is None


def _is_unheard(notice: Notice) -> bool:
    return _is_open(notice) and _problem(notice).acknowledged_at is None


def _meeting_is_missing(notice: Notice) -> bool:
    problem = _problem(notice)
    return _is_open(notice) and problem.meeting_due_at is not None and not is_held(problem)


# --- in words -------------------------------------------------------------------------------------------------
def facts(problem: Problem) -> str:
    """What happened, how far it reaches, what was done first: the middle of the mails."""
    parts = [
        f"{problem.reference}  {problem.title}",
        problem.what,
        _("How far it reaches: %(text)s") % {"text": problem.reach} if problem.reach else "",
        _("Done first: %(text)s") % {"text": problem.first_steps} if problem.first_steps else "",
        _("Noticed: %(when)s") % {"when": moment_words(problem.noticed_at)},
        _("Reported by: %(name)s") % {"name": problem.reported_by.name},
        _("Deals with it: %(name)s") % {"name": problem.owner.name},
    ]
    return "\n\n".join(part for part in parts if part)


def _words(notice: Notice) -> dict[str, str]:
    problem = _problem(notice)
    due_at = problem.meeting_due_at or notice.due_at
    return {
        "title": problem.title,
        "department": problem.department.name,
        "name": problem.acknowledged_by.name if problem.acknowledged_by else "",
        "minutes": duration_words(notice.due_at - problem.reported_at),
        "due": moment_words(due_at),
        "left": duration_words(due_at - notice.due_at) if due_at > notice.due_at else "",
        "owner": problem.owner.name,
    }


def _after(sentence: str, notice: Notice) -> str:
    return f"{sentence}\n\n{facts(_problem(notice))}"


def _url(notice: Notice) -> str:
    return _problem(notice).get_absolute_url()


RELATED = ("reported_by", "owner", "department", "acknowledged_by", "special_meeting")
ASK = gettext_lazy("Open it and take note")
ALL = (
    Kind(
        code=INCIDENT,
        label=gettext_lazy("Incident"),
        icon="alert-circle",
        category=Category.EMERGENCIES,
        priority=Priority.EMERGENCY,
        is_required=True,
        resend_doubtful=True,
        button=ASK,
        related=RELATED,
        is_wanted=_is_open,
        title=lambda n: _("Incident in %(department)s: %(title)s") % _words(n),
        body=lambda n: _after(_("Please take note of it, so that nobody else has to be called."), n),
        url=_url,
    ),
    Kind(
        code=UNHEARD,
        label=gettext_lazy("Incident that nobody has taken note of"),
        icon="alert-circle",
        category=Category.EMERGENCIES,
        priority=Priority.EMERGENCY,
        is_required=True,
        resend_doubtful=True,
        button=ASK,
        related=RELATED,
        is_wanted=_is_unheard,
        title=lambda n: _("Nobody has taken note for %(minutes)s: %(title)s") % _words(n),
        body=lambda n: _after(_("Those told first have not answered. Please take note of it."), n),
        url=_url,
    ),
    Kind(
        code=REPORTED,
        label=gettext_lazy("Problem reported"),
        icon="alert-triangle",
        category=Category.EMERGENCIES,
        priority=Priority.URGENT,
        is_required=True,
        related=RELATED,
        is_wanted=_is_open,
        title=lambda n: _("Problem in %(department)s: %(title)s") % _words(n),
        body=lambda n: facts(_problem(n)),
        url=_url,
    ),
    Kind(
        code=HEARD,
        label=gettext_lazy("Somebody has taken note"),
        icon="user-check",
        category=Category.EMERGENCIES,
        related=RELATED,
        title=lambda n: _("%(name)s has taken note: %(title)s") % _words(n),
        body=lambda n: facts(_problem(n)),
        url=_url,
    ),
    Kind(
        code=YOURS,
        label=gettext_lazy("Problem to deal with"),
        icon="alert-triangle",
        category=Category.EMERGENCIES,
        related=RELATED,
        is_wanted=lambda n: _is_open(n) and _problem(n).owner_id == n.recipient_id,
        title=lambda n: _("You deal with it: %(title)s") % _words(n),
        body=lambda n: facts(_problem(n)),
        url=_url,
    ),
    Kind(
        code=CLOSED,
        label=gettext_lazy("Problem closed"),
        icon="circle-check",
        category=Category.EMERGENCIES,
        related=RELATED,
        title=lambda n: _("Closed: %(title)s") % _words(n),
        body=lambda n: _after(_problem(n).outcome, n),
        url=_url,
    ),
    Kind(
        code=MEETING_SOON,
        label=gettext_lazy("Special meeting to be held"),
        icon="calendar-plus",
        category=Category.REMINDERS,
        related=RELATED,
        is_wanted=_meeting_is_missing,
        title=lambda n: _("The special meeting must be held within %(left)s: %(title)s") % _words(n),
        body=lambda n: _after(
            _("A strategic deviation asks for a special adjustment meeting by %(due)s.") % _words(n), n
        ),
        url=_url,
    ),
    Kind(
        code=MEETING_MISSED,
        label=gettext_lazy("Special meeting not held"),
        icon="alert-circle",
        category=Category.REMINDERS,
        related=RELATED,
        is_wanted=_meeting_is_missing,
        title=lambda n: _("The special meeting was not held in time: %(title)s") % _words(n),
        body=lambda n: _after(_("It was to be held by %(due)s. %(owner)s deals with it.") % _words(n), n),
        url=_url,
    ),
)


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(planned)
    for kind in ALL:
        kinds.register(kind)
