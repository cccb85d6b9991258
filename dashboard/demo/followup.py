"""What became of the promises since: help asked for and given, deadlines moved, talk, a figure that judges, incidents.

Made by the same services as anybody's, with the clock handed in; loaded once.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from actions import services as actions
from actions.deadlines import Deadline, resolve
from actions.models import Action, Criterion, Problem, SavedView
from actions.problems import services as problems
from actions.services.views import keep_view
from dashboard.demo import delivery, texts
from dashboard.demo.plans import ZONE, Team, at_hour
from metrics.models import Metric
from notices.kinds import Category
from notices.models import Endpoint, Preference
from people.models import Department, User


def load(*, team: Team, now: datetime) -> None:
    if not Problem.objects.exists():
        delivery.in_the_past(lambda: _follow(team, now), now=now)


def _follow(team: Team, now: datetime) -> None:
    words = texts.FOLLOW_UP
    _help_given(_action(words.cleared), team, now, words)
    _help_wanted(_action(words.packaging), team, now, words)
    _later(_action(words.synchronised), team, now, words)
    _parts(_action(words.cleared), team, now, words)
    _judged(_action(words.packaging), team, now)
    _talk(_action(words.synchronised), team, now, words)
    _incidents(team, now, words)
    _views(team, now, words)
    _preferences(team)


def _action(title: str) -> Action:
    return Action.objects.select_related("owner", "acceptor", "department", "meeting").get(title=title)


def _help_given(action: Action, team: Team, now: datetime, words: texts.FollowUp) -> None:
    """Blocked three weeks ago, answered within a day, freed on the second."""
    since = now - timedelta(days=20)
    blocker = actions.block(
        action=action,
        by=team["supply"],
        now=since,
        reason=words.price_wanted,
        needs_department=Department.objects.get(code="marketing"),
        wanted_by=since + timedelta(days=3),
    )
    answered = since + timedelta(hours=19)
    actions.answer(
        blocker=blocker,
        text=words.price_given,
        helps_by=since + timedelta(days=2),
        by=team["marketing"],
        now=answered,
    )
    actions.lift(action=action, by=team["supply"], now=answered + timedelta(hours=9))


def _help_wanted(action: Action, team: Team, now: datetime, words: texts.FollowUp) -> None:
    """Still blocked: the technology department has said what it will do, and until when."""
    blocker = action.blockers.get(lifted_at=None)
    actions.answer(
        blocker=blocker,
        text=words.report_promised,
        helps_by=now + timedelta(days=4),
        by=team["tech"],
        now=now - timedelta(days=1),
    )


def _later(action: Action, team: Team, now: datetime, words: texts.FollowUp) -> None:
    """Postponed once, missed all the same, and another deadline is asked for."""
    due_at = action.due_at
    assert due_at is not None
    delivery.until(due_at - timedelta(days=2))
    first = actions.ask_deadline(
        action=action,
        deadline=_on(due_at + timedelta(days=7)),
        reason=words.first_delay,
        by=team["tech"],
        now=due_at - timedelta(days=2),
    )
    delivery.until(due_at - timedelta(days=1))
    actions.grant_deadline(
        request=first, by=_judge(action, team), now=due_at - timedelta(days=1), answer=words.granted
    )
    action.refresh_from_db()
    actions.start(action=action, by=team["tech"], now=due_at)
    actions.ask_deadline(
        action=action,
        deadline=_on(now + timedelta(days=8)),
        reason=words.second_delay,
        by=team["tech"],
        now=now - timedelta(hours=6),
    )


def _parts(action: Action, team: Team, now: datetime, words: texts.FollowUp) -> None:
    """One part for the two stock-keeping units that are left, with an owner of its own."""
    action.refresh_from_db()
    part = actions.capture(
        title=words.last_two,
        by=team["supply"],
        now=now - timedelta(days=3),
        department=Department.objects.get(code="marketing"),
        owner=team["marketing"],
        deadline=_on(now + timedelta(days=5)),
        criteria=(words.last_two_done,),
        parent=action,
    )
    actions.publish(action=part, by=team["supply"], now=now - timedelta(days=3))
    actions.add_milestone(
        action=action,
        title=words.milestone,
        due_at=now + timedelta(days=6),
        by=team["supply"],
        now=now - timedelta(days=3),
    )


def _judged(action: Action, team: Team, now: datetime) -> None:
    """The refund rate of March decides by itself, from the reports that are there."""
    actions.add_measured(
        action=action,
        metric=Metric.objects.get(code="refund_rate"),
        comparator=Criterion.Comparator.AT_MOST,
        value=Decimal("0.025"),
        window_start=date(2026, 3, 1),
        window_end=date(2026, 3, 31),
        by=team["sales"],
        now=now - timedelta(days=2),
    )


def _talk(action: Action, team: Team, now: datetime, words: texts.FollowUp) -> None:
    for hours, login, text in words.talk:
        actions.comment(action=action, text=text, by=team[login], now=now - timedelta(hours=hours))


def _incidents(team: Team, now: datetime, words: texts.FollowUp) -> None:
    """One that is over, one that somebody took note of an hour ago, and a deviation that needs a meeting of its own."""
    for incident in words.incidents:
        noticed_at = _noticed(incident, now)
        problem = problems.report(
            report=problems.Report(
                title=incident.title,
                kind=incident.kind,
                department=Department.objects.get(code=incident.department),
                noticed_at=noticed_at,
                what=incident.what,
                reach=incident.reach,
                first_steps=incident.first_steps,
                is_emergency=incident.kind != Problem.Kind.STRATEGIC,
            ),
            by=team[incident.department],
            now=noticed_at + timedelta(minutes=25),
        )
        delivery.until(noticed_at + timedelta(minutes=26))
        problems.acknowledge(problem=problem, by=team["boss"], now=noticed_at + timedelta(minutes=33))
        delivery.until(noticed_at + timedelta(minutes=34))
        if incident.outcome:
            problems.close(
                problem=problem,
                outcome=incident.outcome,
                by=team[incident.department],
                now=noticed_at + timedelta(days=2),
            )


def _noticed(incident: texts.Incident, now: datetime) -> datetime:
    """So many hours ago; on an earlier day at nine in the morning."""
    days, hours = divmod(incident.hours_ago, 24)
    return at_hour(now, days=-days, hour=9) if days else now - timedelta(hours=hours)


def _views(team: Team, now: datetime, words: texts.FollowUp) -> None:
    for login, name, layout, query, is_shared in words.views:
        keep_view(
            view=SavedView(name=name, layout=layout, query=query, is_shared=is_shared),
            by=team[login],
            now=now,
        )


def _preferences(team: Team) -> None:
    """Nights are quiet in California, comments come once a day in finance, and a robot waits to be switched on."""
    User.objects.filter(pk=team["amy"].pk).update(quiet_from=time(21), quiet_until=time(7, 30))
    Preference.objects.create(
        person=team["finance"], category=Category.COMMENTS, mail=Preference.Mail.DAILY, chat=False
    )
    Endpoint.objects.create(
        channel=Endpoint.Channel.FEISHU,
        name=texts.ROBOT,
        address="00000000-0000-0000-0000-000000000000",
        is_active=False,
        created_by=team["admin"],
    )


def _judge(action: Action, team: Team) -> User:
    return action.acceptor or team["host"]


def _on(at: datetime) -> Deadline:
    return resolve(day=at.date(), clock=None, zone=ZONE)
