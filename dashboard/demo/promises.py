"""Actions that the meetings of the demo company promised, and what became of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions import services as actions
from actions.deadlines import resolve
from actions.models import Action
from dashboard.demo import delivery
from dashboard.demo.plans import ZONE
from dashboard.demo.texts import Promise
from meetings.models import AgendaItem, Meeting
from people.models import Department, User

Team = dict[str, User]


def promise_all(promises: Iterable[Promise], meeting: Meeting, team: Team, now: datetime) -> None:
    meeting = fresh(meeting)
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


def live_on(
    promises: Iterable[Promise], meeting: Meeting, team: Team, since: datetime, now: datetime
) -> None:
    """What became of the actions of a past meeting: work, evidence, acceptance, delay."""
    for promise in promises:
        action = Action.objects.get(meeting=meeting, title=promise.title)
        owner, at = team[promise.owner], since + timedelta(days=2)
        if promise.fate == "todo":
            continue
        delivery.until(at)
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
            delivery.until(at)
            for criterion in action.criteria.order_by("position"):
                actions.add_evidence(
                    action=action, by=owner, now=at, criterion=criterion, text=promise.evidence
                )
            actions.submit(action=action, by=owner, now=at)
        if promise.fate == "accepted":
            delivery.until(at + timedelta(days=1))
            actions.accept(action=action, by=action.acceptor or team["host"], now=at + timedelta(days=1))


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("template", "host").get(pk=meeting.pk)
