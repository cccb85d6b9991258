"""Meetings that the calendar asks for: a progress meeting every so many days, the key results at every quarter's end.

No record is made for these duties: they follow from the rules and from the meetings held so far. Hosts are reminded
while the meeting is missing, and told with the executives when its day has passed. Days end at midnight in the
company's zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import Period
from core.templatetags.times import duration_words, moment_words
from meetings import clock_rules
from meetings.models import ClockRule, Meeting
from notices import kinds, planning, services
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people
from people.models import User

Kind, Status = ClockRule.Kind, Meeting.Status
PROGRESS, KR_REVIEW = "biweekly-progress", "kr-reset"
AHEAD, MISSED = "meetings.rhythm_soon", "meetings.rhythm_missed"
NEWS_FOR = timedelta(days=14)
# A review without a period of its own belongs to the quarter whose end is at most so far from it.
NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Duty:
    """One meeting that must be held: by which instant, who sees to it, whether it was, what is planned."""

    rule: ClockRule
    template: str
    due_at: datetime
    people: tuple[User, ...]
    is_held: bool
    planned: Meeting | None = None
    period: Period | None = None


def duties(now: datetime) -> list[Duty]:
    """What runs at this moment, held or not: the progress meeting, and the quarters whose clocks are running."""
    return [*_progress(now), *_reviews(now)]


def _progress(now: datetime) -> Iterator[Duty]:
    """From the end of the last progress meeting; a company that has never held one has no such clock."""
    meetings = Meeting.objects.filter(template__code=PROGRESS)
    last = (
        meetings.filter(status=Status.ENDED, ended_at__lte=now)
        .select_related("host")
        .order_by("ended_at")
        .last()
    )
    if last is None or last.ended_at is None:
        return
    rule = clock_rules.rule(Kind.PROGRESS)
    day = (last.ended_at + (rule.offset or timedelta(0))).astimezone(_zone()).date()
    coming = meetings.filter(status__in=[Status.SCHEDULED, Status.IN_PROGRESS], starts_at__gt=last.starts_at)
    following = coming.order_by("starts_at").first()
    yield Duty(
        rule=rule,
        template=PROGRESS,
        due_at=_midnight_after(day),
        people=(last.host,) if last.host.is_active else tuple(people.with_role(User.Role.HOST)),
        is_held=following is not None and following.status == Status.IN_PROGRESS,
        planned=following,
    )


def _reviews(now: datetime) -> Iterator[Duty]:
    """This quarter's review, and the last one's while it is news; none before the company's first meeting."""
    rule = clock_rules.rule(Kind.KR_REVIEW)
    this = Period.containing(now.astimezone(_zone()).date(), "quarter")
    hosts = tuple(people.with_role(User.Role.HOST)) or tuple(people.executives())
    for quarter in (this.previous(), this):
        due_at = _midnight_after(quarter.end - timedelta(days=1)) + (rule.offset or timedelta(0))
        if due_at + NEWS_FOR < now or not Meeting.objects.filter(ended_at__lt=min(due_at, now)).exists():
            continue
        found = list(_of_quarter(quarter))
        yield Duty(
            rule=rule,
            template=KR_REVIEW,
            due_at=due_at,
            people=hosts,
            is_held=any(meeting.status == Status.ENDED for meeting in found),
            planned=next((one for one in found if one.status == Status.SCHEDULED), None),
            period=quarter,
        )


def _of_quarter(quarter: Period) -> Iterable[Meeting]:
    end = _midnight_after(quarter.end - timedelta(days=1))
    own = Q(period_start__gte=quarter.start, period_start__lt=quarter.end)
    near = Q(period_start=None, starts_at__gt=end - NEAR, starts_at__lt=end + NEAR)
    shown = Q(status__in=[Status.SCHEDULED, Status.IN_PROGRESS, Status.ENDED])
    return Meeting.objects.filter(own | near, shown, template__code=KR_REVIEW).order_by("starts_at")


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), _zone())


# --- what ought to be promised ------------------------------------------------------------------------------
def wanted_for(duty: Duty) -> Iterator[Wanted]:
    """Reminders for those who see to it while nothing is planned in time, and the miss for the executives too."""
    if duty.is_held:
        return
    params = {"due_at": duty.due_at.isoformat(), "period": duty.period.code if duty.period else ""}
    is_planned = duty.planned is not None and duty.planned.starts_at <= duty.due_at
    for offset in () if is_planned else duty.rule.reminder_offsets:
        for person in duty.people:
            yield Wanted(
                recipient=person,
                subject=duty.rule,
                kind=AHEAD,
                due_at=duty.due_at + offset,
                expires_at=duty.due_at,
                params=params,
            )
    for person in {one.pk: one for one in [*duty.people, *people.executives()]}.values():
        yield Wanted(
            recipient=person,
            subject=duty.rule,
            kind=MISSED,
            due_at=duty.due_at,
            expires_at=duty.due_at + NEWS_FOR,
            params=params,
        )


def planned() -> Iterator[Wanted]:
    """For the reconciler. What lies behind and is folded into a later word is left out."""
    now = timezone.now()
    for duty in duties(now):
        asked = list(wanted_for(duty))
        last = max((one.due_at for one in asked if one.kind == AHEAD and one.due_at <= now), default=None)
        yield from (one for one in asked if last is None or one.due_at >= last)


def plan() -> None:
    """Promise what the clocks ask for now. Call it in the transaction of whatever starts one."""
    now = timezone.now()
    services.promise_all(one for one in planned() if one.expires_at is None or one.expires_at > now)


def _is_wanted(notice: Notice) -> bool:
    return any(
        (one.recipient.pk, one.subject.pk, one.kind, one.due_at)
        == (notice.recipient_id, notice.subject_id, notice.kind, notice.due_at)
        for duty in duties(timezone.now())
        for one in wanted_for(duty)
    )


# --- in words -----------------------------------------------------------------------------------------------
def _rule(notice: Notice) -> ClockRule:
    return cast("ClockRule", notice.subject)


def _words(notice: Notice) -> dict[str, str]:
    due_at = datetime.fromisoformat(notice.params["due_at"])
    code = notice.params.get("period")
    name = _rule(notice).name
    if code:
        name = _("%(what)s for %(period)s") % {"what": name, "period": Period.parse(code).label}
    return {
        "what": name,
        "due": moment_words(due_at - timedelta(minutes=1)),
        "left": duration_words(due_at - notice.due_at),
    }


def _address(notice: Notice) -> str:
    template = KR_REVIEW if _rule(notice).kind == Kind.KR_REVIEW else PROGRESS
    return f"{reverse('meetings:new')}?template={template}"


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(planned, by_calendar=True)
    kinds.register(
        kinds.Kind(
            code=AHEAD,
            label=gettext_lazy("Meeting to be called"),
            icon="calendar-plus",
            category=kinds.Category.REMINDERS,
            is_wanted=_is_wanted,
            title=lambda n: _("%(what)s: due in %(left)s, not planned yet") % _words(n),
            body=lambda n: _("It must be held by %(due)s, and no such meeting is planned.") % _words(n),
            url=_address,
            button=gettext_lazy("Plan it"),
        )
    )
    kinds.register(
        kinds.Kind(
            code=MISSED,
            label=gettext_lazy("Meeting not held"),
            icon="alert-circle",
            category=kinds.Category.REMINDERS,
            is_wanted=_is_wanted,
            title=lambda n: _("%(what)s was not held in time") % _words(n),
            body=lambda n: _("It was to be held by %(due)s and has not been.") % _words(n),
            url=_address,
            button=gettext_lazy("Plan it"),
        )
    )
