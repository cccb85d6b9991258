"""Meetings around the present moment: one long done, one just ended, one to run, one to prepare, and a series.

They are made by the same services as anybody's meetings, with the clock handed in, so that what stands in them
could have been clicked together.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from actions import services as actions
from dashboard.demo import afterwards, delivery, matters, prereads
from dashboard.demo.clock import Clock
from dashboard.demo.plans import (
    REPORTING,
    Team,
    at_hour,
    drafted,
    last_weekday,
    next_five_minutes,
    sent_out,
)
from dashboard.demo.promises import fresh, live_on, promise_all
from dashboard.demo.reports import COMMENTS, ENDED_ALL_THE_SAME, OVERRIDE, PARKED, RETURNED, RULING
from dashboard.demo.texts import PAST_ACTIONS, PAST_DECISIONS, PAST_NOTES, WEEK_ACTIONS, WEEK_NOTES
from meetings.models import Meeting, PreReadRevision, Ruling, Series
from meetings.plan import ItemPlan
from meetings.queries import differences
from meetings.recurrence import Rule
from meetings.services import comments, notes, occurrences, readiness, receipts, series, settling
from people.models import Department

NAMESPACE = uuid.UUID("6f0e3b52-2d0c-4f0c-9c39-6f2f9d2a1f10")
WEEKLY = ("marketing", "operations", "supply", "finance")
TUESDAY = 1


def load(*, team: Team, now: datetime) -> None:
    """Make the meetings that are missing; one that exists is left as people have changed it."""
    makers: dict[str, Callable[[Team, datetime, uuid.UUID], object]] = {
        "past-review": past_review,
        "progress": progress_series,
        "week-just-ended": week_just_ended,
        "week-to-run": week_to_run,
        "review-to-prepare": review_to_prepare,
    }
    for key, make in makers.items():
        uid = uuid.uuid5(NAMESPACE, key)
        if not Meeting.objects.filter(uid=uid).exists():
            delivery.in_the_past(partial(make, team, now, uid), now=now)


def past_review(team: Team, now: datetime, uid: uuid.UUID) -> None:
    """A business review five weeks ago: begun without finance's pre-read, with actions in every state."""
    starts_at = at_hour(now, days=-35, hour=14)
    meeting = sent_out(
        team,
        uid,
        code="business-review",
        title="一月经营分析会",
        starts_at=starts_at,
        period="2026-01",
        sent=-14,
    )
    handed_in = tuple(code for code in REPORTING if code != "finance")
    for code in handed_in:
        prereads.write(meeting, code, team, at=starts_at - timedelta(days=8, hours=3))
    _rule(meeting, team, starts_at - timedelta(days=6))
    prereads.certify(meeting, handed_in, team, at=starts_at - timedelta(days=5))
    clock = Clock(meeting, team["host"], starts_at + timedelta(minutes=2), reason=OVERRIDE)
    afterwards.open_with(meeting, matters.PRIORITY, 2, team, at=clock.now)
    afterwards.raise_all(matters.PAST_MATTERS, meeting, team, at=clock.now + timedelta(minutes=70))
    clock.run_through(PAST_NOTES, PAST_DECISIONS, team, lateness=1.06, answers=False)
    afterwards.work_out(matters.PAST_MATTERS, meeting, team, at=clock.now - timedelta(minutes=40))
    promise_all(PAST_ACTIONS, meeting, team, clock.now)
    clock.end(by=team["boss"], reason=ENDED_ALL_THE_SAME)
    afterwards.rate_all(matters.PAST_VOICES, meeting, team, at=clock.now + timedelta(hours=1))
    actions.publish_plan(meeting=fresh(meeting), by=team["host"], now=clock.now + timedelta(hours=3))
    afterwards.summarise(meeting, matters.SUMMARY, team, at=clock.now + timedelta(hours=4))
    afterwards.finish(
        meeting,
        team,
        at=clock.now + timedelta(hours=20),
        objection=matters.OBJECTION,
        answer=matters.ANSWER,
        correction=matters.CORRECTION,
    )
    live_on(PAST_ACTIONS, meeting, team, clock.now + timedelta(days=1), now)


def week_just_ended(team: Team, now: datetime, uid: uuid.UUID) -> None:
    """Ended two hours ago; its action plan is not published yet, so the host's clock runs."""
    starts_at = next_five_minutes(now - timedelta(hours=3))
    meeting = sent_out(
        team, uid, code="weekly-operations", title="运营例会", starts_at=starts_at, period=None, sent=-6
    )
    _weekly_reports(meeting, team, starts_at - timedelta(days=2))
    clock = Clock(meeting, team["host"], starts_at)
    clock.run_through(WEEK_NOTES, (), team, lateness=0.95)
    promise_all(WEEK_ACTIONS, meeting, team, clock.now)
    clock.end()
    afterwards.rate_all(matters.WEEK_VOICES, meeting, team, at=clock.now + timedelta(minutes=10))
    afterwards.summarise(meeting, matters.WEEK_SUMMARY, team, at=clock.now + timedelta(minutes=30))


def week_to_run(team: Team, now: datetime, uid: uuid.UUID) -> None:
    """Begins in a quarter of an hour: declared ready, to be started."""
    meeting = sent_out(
        team,
        uid,
        code="weekly-operations",
        title="运营例会（本周）",
        starts_at=next_five_minutes(now + timedelta(minutes=15)),
        period=None,
        sent=-5,
    )
    _weekly_reports(meeting, team, now - timedelta(days=2))
    readiness.declare_ready(meeting=fresh(meeting), by=team["host"], now=now - timedelta(hours=3))


def review_to_prepare(team: Team, now: datetime, uid: uuid.UUID) -> None:
    """In nine days: a difference to settle, a returned pre-read, one begun, one missing, one certified."""
    meeting = sent_out(
        team,
        uid,
        code="business-review",
        title="三月经营分析会",
        starts_at=at_hour(now, days=9, hour=14),
        period="2026-03",
        sent=-5,
        now=now,
        extra=(_commission(team),),
    )
    prereads.write(meeting, "sales", team, at=now - timedelta(days=1, hours=2))
    prereads.write(meeting, "marketing", team, at=now - timedelta(days=1, hours=5))
    prereads.write(meeting, "tech", team, at=now - timedelta(days=2))
    prereads.write(meeting, "supply", team, at=now - timedelta(hours=5), submit=False)
    prereads.send_back(meeting, "marketing", RETURNED, team, at=now - timedelta(hours=4))
    prereads.certify(meeting, ("tech",), team, at=now - timedelta(hours=4))
    _talk(meeting, team, now - timedelta(hours=3))


def progress_series(team: Team, now: datetime, uid: uuid.UUID) -> None:
    """Every second Tuesday since six weeks ago; what was parked and not discussed comes back by itself."""
    starts_at = last_weekday(now, weekday=TUESDAY, weeks=6, hour=10)
    begun = starts_at - timedelta(days=5)
    meeting = drafted(
        team,
        uid,
        code="biweekly-progress",
        title="双周进度会",
        starts_at=starts_at,
        period=None,
        at=begun,
    )
    terms = series.Terms(rule=Rule.parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), on_holiday=Series.Holiday.NEXT)
    made = series.start(meeting=meeting, terms=terms, by=team["host"], now=begun)
    for held in made.meetings.filter(starts_at__lt=now - timedelta(hours=2)).order_by("starts_at"):
        clock = Clock(fresh(held), team["host"], held.starts_at)
        clock.run_through({}, (), team, lateness=0.9, stop_after=2)
        if held.pk == meeting.pk:
            notes.park(meeting=clock.meeting, item=None, text=PARKED, by=team["xu"], now=clock.now)
        clock.end()
        actions.publish_plan(meeting=fresh(held), by=team["host"], now=clock.now + timedelta(hours=2))
        if clock.now < now - timedelta(days=3):
            afterwards.finish(held, team, at=clock.now + timedelta(hours=5))
    occurrences.extend(series=made, now=now, tell=False)


# --- parts --------------------------------------------------------------------------------------------------
def _weekly_reports(meeting: Meeting, team: Team, at: datetime) -> None:
    for code in WEEKLY:
        prereads.write(meeting, code, team, at=at)
    _rule(meeting, team, at + timedelta(hours=6))
    prereads.certify(meeting, WEEKLY, team, at=at + timedelta(hours=7))


def _rule(meeting: Meeting, team: Team, at: datetime) -> None:
    """The data owner settles every difference: the reports count where there are any."""
    for one in differences.open_differences(fresh(meeting)):
        verdict = Ruling.Verdict.STATED if one.is_without_report else Ruling.Verdict.AUTHORITATIVE
        settling.rule(statement=one.statement, verdict=verdict, reason=RULING, by=team["data"], now=at)


def _commission(team: Team) -> ItemPlan:
    """A confidential item: who is not of its circle sees that there is one, and how long it takes."""
    title = "二季度销售提成方案"
    return ItemPlan(
        title_en=title,
        title_zh=title,
        department=Department.objects.get(code="sales"),
        discussion=10,
        is_confidential=True,
        readers=(team["finance"],),
        questions_en="提成从毛利还是从净利算？",
        questions_zh="提成从毛利还是从净利算？",
    )


def _talk(meeting: Meeting, team: Team, at: datetime) -> None:
    """Two readers of what sales handed in have said something about it."""
    revision = PreReadRevision.objects.filter(
        preread__meeting=meeting, preread__department__code="sales"
    ).latest("number")
    for login, section, text, is_question in COMMENTS:
        comments.add(
            preread=revision.preread,
            section=section,
            text=text,
            by=team[login],
            now=at,
            is_question=is_question,
        )
        receipts.read(revision=revision, by=team[login], now=at)
