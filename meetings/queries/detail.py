"""Everything a meeting's page shows, read in a number of queries that does not grow with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from meetings import agenda, rules
from meetings.models import AgendaItem, ClockRule, Meeting, Obligation, Participant, RequiredDocument
from meetings.queries import agenda_checks, confidential, cost, prereads, readiness
from people.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """One agenda item with its planned times, and who of the participants presents it."""

    item: AgendaItem
    timing: agenda.Timing
    presenter: Participant | None = None


def page(*, meeting: Meeting, user: User, now: datetime) -> dict[str, Any]:
    documents = RequiredDocument.objects.select_related("department").order_by("order", "pk")
    items = confidential.masked(
        meeting.items.select_related("department", "presenter_user")
        .prefetch_related(Prefetch("required_documents", documents))
        .in_order(),
        user,
    )
    participants = list(
        meeting.participants.select_related("user", "department")
        .prefetch_related("user__memberships")
        .order_by("user__name_sort", "pk")
    )
    departments = list(
        meeting.departments.select_related("department").order_by("department__position", "pk")
    )
    board = prereads.board(meeting, user, now)
    mine = next((one for one in participants if one.user_id == user.pk), None)
    can_plan = rules.can_plan(user, meeting)
    presenters = agenda_checks.presenters(items, participants)
    checks = readiness.checklist(
        meeting=meeting,
        board=board,
        items=items,
        participants=participants,
        departments=departments,
        clashes=agenda_checks.clashes(meeting, participants, user)
        if can_plan and meeting.is_planned
        else None,
    )
    slots = agenda.slots(items)
    # Duties follow from a meeting that was held.
    duties = (
        []
        if meeting.is_planned
        else list(meeting.obligations.select_related("owner").order_by("due_at", "pk"))
    )
    open_duties = [duty for duty in duties if duty.met_at is None]
    can_run = rules.can_run(user, meeting)
    may_read_costs = rules.can_read_costs(user)
    shows_cost = (can_plan or may_read_costs) and meeting.status != Meeting.Status.CANCELLED
    return {
        "meeting": meeting,
        "lines": [
            Line(item, timing, presenters.get(item.pk))
            for item, timing in zip(items, agenda.timings(slots, meeting.starts_at), strict=True)
        ],
        "total": agenda.planned_sum(slots),
        "roles": readiness.by_role(participants),
        "participants": participants,
        "replies": _replies(participants),
        "departments": departments,
        "board": board,
        "may_extend": can_run or user.has_role(User.Role.DATA_OWNER),
        "checks": checks if meeting.is_planned else [],
        "open_checks": [check for check in checks if not check.is_ok],
        "mine": mine,
        "answers": [
            (choice, choice.label) for choice in Participant.Reply if choice != Participant.Reply.NONE
        ],
        "can_plan": can_plan,
        "cost": cost.cost_of_page(meeting, participants, [row.preread for row in board.rows])
        if shows_cost
        else None,
        "may_read_costs": may_read_costs,
        "can_run": can_run,
        "is_due": meeting.starts_at <= now,
        "is_time": rules.is_time_to_start(meeting, now),
        "other_zone": meeting.time_zone != user.time_zone,
        "obligations": duties,
        "duties_tone": _tone(duties, open_duties, now),
        # Publishing the plan comes first then, and the page shows it below.
        "owes_plan": can_run and any(duty.kind == ClockRule.Kind.ACTION_PLAN for duty in open_duties),
    }


def _tone(duties: list[Obligation], open_duties: list[Obligation], now: datetime) -> str:
    """Red when something that follows is late, yellow while it is owed, green when all is done."""
    if any(duty.due_at < now for duty in open_duties):
        return "red"
    if open_duties:
        return "yellow"
    return "green" if duties else ""


def _replies(participants: list[Participant]) -> list[tuple[Participant.Reply, int]]:
    """How many gave which answer; the host is not asked, and an optional guest owes none."""
    asked = [
        one
        for one in participants
        if one.role != Participant.Role.HOST
        and (one.role != Participant.Role.OPTIONAL or one.reply != Participant.Reply.NONE)
    ]
    counts = [(reply, sum(one.reply == reply for one in asked)) for reply in Participant.Reply]
    return [(reply, count) for reply, count in counts if count]
