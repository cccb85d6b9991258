"""The agenda that a progress meeting builds from the actions: how many minutes each list gets, and what has no room.

A progress meeting is one whose agenda goes through at least two lists of actions. Its lists are read anew whenever
somebody looks (`actions.carry`); the minutes of its items follow them until it begins. An item that is pinned keeps its
own. What does not fit is named: the least urgent first, and of those what its owner has already said in writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from actions import carry
from actions.models import Action, ActionQuerySet, Progress
from meetings import agenda
from meetings.models import ActionList, AgendaItem, Meeting
from people.models import User

# Minutes for one action, by why it is looked at; what is finished is read out, five in a minute.
MINUTES = {ActionList.BLOCKED: 3, ActionList.LATE: 2, ActionList.DUE: 1, ActionList.SILENT: 1}
READ_OUT = 5
OPEN_LISTS = tuple(MINUTES)
# How far ahead of its start the agenda of a meeting begins to follow the actions.
AHEAD = timedelta(days=14)
LEAST = 1
# No meeting goes through more than this of one kind; a longer list is read so far and no further.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTime:
    """One list of the agenda: how many actions it has, what they need, what they get (minutes)."""

    item: AgendaItem
    kind: str
    number: int
    needs: int
    gets: int

    @property
    def label(self) -> str:
        return str(ActionList(self.kind).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The lists with their minutes; `left_out` has no room, least urgent last."""

    available: int
    others: int
    planned: int
    lists: list[ListTime]
    left_out: list[Action] = field(default_factory=list)

    @property
    def needs(self) -> int:
        return sum(one.needs for one in self.lists)

    @property
    def fits(self) -> bool:
        return self.needs <= self.available

    @property
    def is_empty(self) -> bool:
        return not any(one.number for one in self.lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of the open actions of a progress meeting, which have a word from their owner, or a blocker. `silent` do not;
    `missing` are the first of them."""

    total: int
    silent: int
    missing: list[Action]

    @property
    def given(self) -> int:
        return self.total - self.silent


def progress_meetings() -> QuerySet[Meeting]:
    """Meetings that go through lists of actions, whatever their type is called."""
    lists = Count("items__action_list", filter=~Q(items__action_list=""), distinct=True)
    return Meeting.objects.annotate(lists=lists).filter(lists__gte=2)


def is_progress(meeting: Meeting) -> bool:
    return meeting.items.exclude(action_list="").values("action_list").distinct().count() >= 2


def upcoming(now: datetime) -> QuerySet[Meeting]:
    """Progress meetings that are sent and begin within two weeks."""
    return progress_meetings().filter(
        status=Meeting.Status.SCHEDULED, starts_at__gt=now, starts_at__lt=now + AHEAD
    )


def built(*, meeting: Meeting, now: datetime, user: User | None = None) -> Agenda:
    """The agenda as this reader sees it; without one as everybody may know it, without what is confidential.

    Before the meeting the lists are those of its start: what is due until then is late by then.
    """
    items = list(meeting.items.in_order())
    lists = [item for item in items if item.action_list]
    others = sum(item.report_minutes + item.discussion_minutes for item in items if not item.action_list)
    at = max(now, meeting.starts_at) if meeting.is_planned else now
    found = {item.pk: _actions(item.action_list, meeting=meeting, user=user, at=at) for item in lists}
    available = max(meeting.planned_minutes - others, 0)
    return _shared(lists, found, available, others, meeting)


def _actions(kind: str, *, meeting: Meeting, user: User | None, at: datetime) -> list[Action]:
    if user is not None:
        rows = carry.listed(kind=kind, meeting=meeting, user=user, now=at)
    else:
        rows = carry.of_kind(kind, public(meeting), meeting=meeting, now=at)
    said = Progress.objects.filter(action=OuterRef("pk"), at__gte=carry.since(meeting)).exclude(answer="")
    return list(rows.annotate(has_word=Exists(said)).order_by("has_word", "due_at", "pk")[:MOST])


def public(meeting: Meeting) -> ActionQuerySet:
    """The actions that a meeting goes through and that hang on nothing confidential."""
    hidden = Q(agenda_item__is_confidential=True) | Q(decision__agenda_item__is_confidential=True)
    return carry.of_departments(Action.objects.published(), meeting).exclude(hidden)


def _shared(
    lists: Sequence[AgendaItem],
    found: dict[int, list[Action]],
    available: int,
    others: int,
    meeting: Meeting,
) -> Agenda:
    pinned = sum(item.report_minutes + item.discussion_minutes for item in lists if item.is_pinned)
    needs = [_needs(item, len(found[item.pk])) for item in lists]
    free = [place for place, item in enumerate(lists) if not item.is_pinned]
    room = max(available - pinned, 0)
    left_out: list[Action] = []
    wanted = list(needs)
    excess = sum(needs[place] for place in free) - room
    for place in sorted(free, key=lambda place: _rank(lists[place].action_list), reverse=True):
        kind = lists[place].action_list
        for action in reversed(found[lists[place].pk] if kind in MINUTES else []):
            if excess <= 0:
                break
            spared = min(MINUTES[ActionList(kind)], wanted[place] - LEAST)
            if not spared:
                break
            wanted[place] -= spared
            excess -= spared
            left_out.append(action)
    gets = list(wanted)
    if free and sum(wanted[place] for place in free) and room >= len(free):
        weights = [wanted[place] for place in free]
        for place, minutes in zip(free, agenda.share(room, weights, least=[LEAST] * len(free)), strict=True):
            gets[place] = minutes
    return Agenda(
        available=available,
        others=others,
        planned=meeting.planned_minutes,
        lists=[
            ListTime(
                item=item,
                kind=item.action_list,
                number=len(found[item.pk]),
                needs=needs[place],
                gets=gets[place],
            )
            for place, item in enumerate(lists)
        ],
        left_out=left_out[::-1],
    )


def _needs(item: AgendaItem, number: int) -> int:
    if item.is_pinned:
        return item.report_minutes + item.discussion_minutes
    each = MINUTES.get(ActionList(item.action_list))
    return max(number * each if each else -(-number // READ_OUT), LEAST)


def _rank(kind: str) -> int:
    """Blocked first; what is finished last."""
    return list(ActionList).index(ActionList(kind))


# --- every open action has an update or a blocker ---------------------------------------------------------------
def coverage(*, meeting: Meeting, user: User | None = None) -> Coverage:
    """What the progress meeting owes: each open action has a word since the meeting before, or is blocked. What was
    promised since then is news itself."""
    actions = public(meeting) if user is None else carry.of_departments(carry.readable(user), meeting)
    since = carry.since(meeting)
    said = Progress.objects.filter(action=OuterRef("pk"), at__gte=since)
    owed = actions.owed()
    silent = owed.filter(published_at__lt=since).exclude(status=Action.Status.BLOCKED)
    missing = silent.exclude(Exists(said))
    return Coverage(
        total=owed.count(), silent=missing.count(), missing=list(missing.with_people().by_deadline()[:MOST])
    )
