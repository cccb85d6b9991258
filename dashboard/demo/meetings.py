"""Four meetings around the present moment: one long done, one just ended, one to run, one to prepare.

They are made by the same services as anybody's meetings, with the clock handed in, so that what stands in them
could have been clicked together.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions import services as actions
from actions.deadlines import resolve
from actions.models import Action
from core.periods import Period
from dashboard.demo.texts import (
    ANSWERS,
    PAST_ACTIONS,
    PAST_DECISIONS,
    PAST_NOTES,
    WEEK_ACTIONS,
    WEEK_NOTES,
    Promise,
)
from meetings import agenda
from meetings.models import AgendaItem, Meeting, Participant, Template
from meetings.plan import DepartmentPlan, ItemPlan, PersonPlan, Plan
from meetings.services import decisions, notes, prereads, room, schedule
from meetings.services.decisions import Content
from people.models import Department, User

ZONE = "Asia/Shanghai"
NAMESPACE = uuid.UUID("6f0e3b52-2d0c-4f0c-9c39-6f2f9d2a1f10")
REPORTING = ("sales", "marketing", "supply", "finance", "tech")

Team = dict[str, User]


def load(*, team: Team, now: datetime) -> None:
    """Make the meetings that are missing; one that exists is left as people have changed it."""
    makers: dict[str, Callable[[Team, datetime, uuid.UUID], Meeting]] = {
        "past-review": past_review,
        "week-just-ended": week_just_ended,
        "week-to-run": week_to_run,
        "review-to-prepare": review_to_prepare,
    }
    for key, make in makers.items():
        uid = uuid.uuid5(NAMESPACE, key)
        if not Meeting.objects.filter(uid=uid).exists():
            make(team, now, uid)


def past_review(team: Team, now: datetime, uid: uuid.UUID) -> Meeting:
    """A business review five weeks ago, with its minutes and with actions in every state."""
    starts_at = _at(now, days=-35, hour=14)
    meeting = _schedule(
        team,
        uid,
        code="business-review",
        title="一月经营分析会",
        starts_at=starts_at,
        period="2026-01",
        sent=-14,
    )
    for code in REPORTING:
        _write_preread(meeting, code, team, at=starts_at - timedelta(days=8, hours=3), submit=True)
    clock = _Clock(meeting, team["host"], starts_at + timedelta(minutes=2))
    clock.run_through(PAST_NOTES, PAST_DECISIONS, team, lateness=1.06)
    _promise_all(PAST_ACTIONS, meeting, team, clock.now)
    clock.end()
    actions.publish_plan(meeting=_fresh(meeting), by=team["host"], now=clock.now + timedelta(hours=3))
    _live_on(PAST_ACTIONS, meeting, team, clock.now + timedelta(days=1), now)
    return meeting


def week_just_ended(team: Team, now: datetime, uid: uuid.UUID) -> Meeting:
    """Ended two hours ago; its action plan is not published yet, so the host's clock runs."""
    starts_at = _round(now - timedelta(hours=3))
    meeting = _schedule(
        team, uid, code="weekly-operations", title="运营例会", starts_at=starts_at, period=None, sent=-6
    )
    for code in ("marketing", "operations"):
        _write_preread(meeting, code, team, at=starts_at - timedelta(days=2), submit=True)
    clock = _Clock(meeting, team["host"], starts_at)
    clock.run_through(WEEK_NOTES, (), team, lateness=0.95)
    _promise_all(WEEK_ACTIONS, meeting, team, clock.now)
    clock.end()
    return meeting


def week_to_run(team: Team, now: datetime, uid: uuid.UUID) -> Meeting:
    """Begins in a quarter of an hour: ready to be started."""
    starts_at = _round(now + timedelta(minutes=15))
    meeting = _schedule(
        team,
        uid,
        code="weekly-operations",
        title="运营例会（本周）",
        starts_at=starts_at,
        period=None,
        sent=-5,
    )
    for code in ("marketing", "operations", "supply"):
        _write_preread(meeting, code, team, at=now - timedelta(days=1, hours=4), submit=True)
    return meeting


def review_to_prepare(team: Team, now: datetime, uid: uuid.UUID) -> Meeting:
    """In nine days: one pre-read is in, one is begun, the others are missing."""
    meeting = _schedule(
        team,
        uid,
        code="business-review",
        title="三月经营分析会",
        starts_at=_at(now, days=9, hour=14),
        period="2026-03",
        sent=-5,
        now=now,
    )
    _write_preread(meeting, "sales", team, at=now - timedelta(days=1, hours=2), submit=True)
    _write_preread(meeting, "marketing", team, at=now - timedelta(hours=5), submit=False)
    return meeting


# --- scheduling ---------------------------------------------------------------------------------------------
def _schedule(
    team: Team,
    uid: uuid.UUID,
    *,
    code: str,
    title: str,
    starts_at: datetime,
    period: str | None,
    sent: int,
    now: datetime | None = None,
) -> Meeting:
    """Draft and send a meeting `sent` days before it begins (or before `now`), its agenda fitted to its length."""
    template = Template.objects.filter(code=code).order_by("-version").first()
    assert template is not None, f"the type {code} ships with the program"
    at = (now or starts_at) + timedelta(days=sent)
    plan = Plan(
        template=template,
        title=title,
        host=team["host"],
        starts_at=starts_at,
        time_zone=ZONE,
        planned_minutes=template.planned_minutes,
        period=Period.parse(period) if period else _last_week(),
        location="深圳总部 3 楼会议室",
        departments=_departments(template),
        people=_people(team),
        items=_fitted(template),
    )
    meeting = schedule.draft(plan=plan, by=team["host"], now=at)
    Meeting.objects.filter(pk=meeting.pk).update(uid=uid)
    meeting.refresh_from_db()
    return schedule.send(meeting=meeting, by=team["host"], now=at)


def _fitted(template: Template) -> list[ItemPlan]:
    items = [ItemPlan.of_module(module) for module in template.modules.order_by("order")]
    slots = agenda.fit([item.slot for item in items], template.planned_minutes)
    return [
        replace(item, report=slot.report, discussion=slot.discussion)
        for item, slot in zip(items, slots, strict=True)
    ]


def _departments(template: Template) -> list[DepartmentPlan]:
    codes = template.modules.exclude(department=None).values_list("department__code", flat=True)
    return [
        DepartmentPlan(department=department)
        for department in Department.objects.filter(code__in=[*codes]).order_by("position")
    ]


def _people(team: Team) -> list[PersonPlan]:
    role = Participant.Role
    company = [
        ("host", role.HOST),
        ("boss", role.EXECUTIVE),
        ("data", role.DATA_OWNER),
        ("xu", role.RECORDER),
    ]
    departments = {department.code: department for department in Department.objects.all()}
    return [
        *(PersonPlan(user=team[login], role=its_role) for login, its_role in company),
        *(
            PersonPlan(user=team[login], role=role.PRESENTER, department=departments[login])
            for login in (*REPORTING, "service")
        ),
        PersonPlan(user=team["amy"], role=role.OPTIONAL),
    ]


def _last_week() -> Period | None:
    from metrics.queries import last_complete_period

    return last_complete_period("week")


# --- pre-reads ------------------------------------------------------------------------------------------------
def _write_preread(meeting: Meeting, code: str, team: Team, *, at: datetime, submit: bool) -> None:
    preread = meeting.prereads.filter(department__code=code).first()
    if preread is None:
        return
    by = team["host"] if code == "operations" else team[code]
    answers = ANSWERS[code]
    texts = list(preread.texts.filter(kind="question").order_by("position"))
    for text, answer in zip(texts, answers, strict=False):
        sent = prereads.Sent(text.kind, text.key, answer, text.version)
        prereads.save_text(preread=preread, sent=sent, by=by, now=at)
        if not submit:
            break
    if submit:
        prereads.submit(preread=preread, by=by, now=at + timedelta(minutes=20))


# --- running --------------------------------------------------------------------------------------------------
class _Clock:
    """Runs a meeting from its start to its end, a little off its plan, as meetings are."""

    def __init__(self, meeting: Meeting, host: User, now: datetime) -> None:
        self.meeting, self.host, self.now = meeting, host, now
        room.start(meeting=meeting, by=host, now=now)

    def press(self) -> room.Press:
        version = Meeting.objects.values_list("clock__version", flat=True).get(pk=self.meeting.pk)
        return room.Press(by=self.host, now=self.now, version=version)

    def run_through(
        self,
        said: dict[int, tuple[str, ...]],
        decided: Iterable[tuple[int, Content]],
        team: Team,
        *,
        lateness: float,
    ) -> None:
        """Go through the agenda, with notes and decisions by the item's number, each item `lateness` times its plan."""
        items = list(AgendaItem.objects.filter(meeting=self.meeting).in_order())
        for number, item in enumerate(items, start=1):
            if item.report_minutes:
                self.now += timedelta(minutes=item.report_minutes * lateness)
                if item.discussion_minutes:
                    room.command(meeting=self.meeting, verb="discuss", press=self.press())
            for text in said.get(number, ()):
                notes.add(meeting=self.meeting, item=item, text=text, by=team["xu"], now=self.now)
            for place, content in decided:
                if place == number:
                    taken = replace(content, decided_by=team["boss"])
                    decisions.record(
                        meeting=self.meeting, item=item, content=taken, by=team["xu"], now=self.now
                    )
            self.now += timedelta(minutes=item.discussion_minutes * lateness)
            if number < len(items):
                room.command(meeting=self.meeting, verb="next", press=self.press())

    def end(self) -> None:
        room.end(meeting=self.meeting, press=self.press())


# --- actions --------------------------------------------------------------------------------------------------
def _promise_all(promises: Iterable[Promise], meeting: Meeting, team: Team, now: datetime) -> None:
    meeting = _fresh(meeting)
    items = {item.order: item for item in AgendaItem.objects.filter(meeting=meeting)}
    for promise in promises:
        day = (now + timedelta(days=promise.days)).astimezone(ZoneInfo(ZONE)).date()
        actions.capture(
            title=promise.title,
            by=team["xu"],
            now=now,
            department=Department.objects.get(code=promise.department),
            owner=team[promise.owner],
            deadline=resolve(day=day, clock=None, zone=ZONE),
            criteria=promise.criteria,
            meeting=meeting,
            agenda_item=items.get(promise.item),
        )


def _live_on(
    promises: Iterable[Promise], meeting: Meeting, team: Team, since: datetime, now: datetime
) -> None:
    """What became of the actions of a past meeting: work, evidence, acceptance, delay."""
    for promise in promises:
        action = Action.objects.get(meeting=meeting, title=promise.title)
        owner, at = team[promise.owner], since + timedelta(days=2)
        if promise.fate == "todo":
            continue
        actions.start(action=action, by=owner, now=at)
        if promise.progress:
            actions.report(
                action=action, text=promise.progress, by=owner, now=at + timedelta(days=3), percent=40
            )
        if promise.fate == "blocked":
            actions.block(
                action=action,
                by=owner,
                now=at + timedelta(days=5),
                reason=promise.blocker,
                needs_department=Department.objects.get(code="tech"),
            )
        if promise.fate in ("submitted", "accepted"):
            at += timedelta(days=9)
            for criterion in action.criteria.order_by("position"):
                actions.add_evidence(
                    action=action, by=owner, now=at, criterion=criterion, text=promise.evidence
                )
            actions.submit(action=action, by=owner, now=at)
        if promise.fate == "accepted":
            actions.accept(action=action, by=action.acceptor or team["host"], now=at + timedelta(days=1))


def _fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("template", "host").get(pk=meeting.pk)


# --- time -----------------------------------------------------------------------------------------------------
def _at(now: datetime, *, days: int, hour: int) -> datetime:
    day: date = (now.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)).date()
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))


def _round(at: datetime) -> datetime:
    """To the next five minutes, as people plan."""
    return at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=5)
