"""What may be done about a meeting that runs late: proposals for the rest of its agenda, each with its new end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from meetings import replanning
from meetings.models import AgendaItem, Kind, Meeting, OpeningPriority, Part, Replan, RoomItem
from meetings.queries.room import Line, Room
from meetings.replanning import Open

# Less than this is not late.
TOLERANCE = timedelta(minutes=1)
SQUEEZE, DEFER, PARK = "squeeze", "defer", "park"
STATES = {DEFER: RoomItem.State.DEFERRED, PARK: RoomItem.State.PARKED}
Places = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a proposal does to one item: its minutes before and after; `is_gone` when it is taken off."""

    item: AgendaItem
    before: timedelta
    after: timedelta
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to end in time: squeeze everything, or defer or park something and squeeze the others where needed.

    `places` is the whole agenda after it, in the shape of Replan.after.
    """

    option: str
    ends_at: datetime
    changes: list[Change] = field(default_factory=list)
    places: Places = field(default_factory=list)

    @property
    def gone(self) -> list[Change]:
        return [change for change in self.changes if change.is_gone]

    @property
    def shorter(self) -> list[Change]:
        return [change for change in self.changes if not change.is_gone]


def lateness(room: Room, now: datetime) -> timedelta:
    """How far the projected end lies behind the planned one; zero for what is not worth a word."""
    if room.clock is None or room.meeting.status != Meeting.Status.IN_PROGRESS:
        return timedelta()
    late = room.projected_end(now) - room.planned_end
    return late if late >= TOLERANCE else timedelta()


def proposals(room: Room, now: datetime, *, keep: frozenset[int] = frozenset()) -> list[Proposal]:
    """The ways to end by the planned end, none when the meeting is in time. Items in `keep` are never taken off.

    Squeezing lands on the planned end to the minute. An item is deferred only in a series, where the next meeting
    takes it up. The wrap-up keeps twenty minutes in all of them, pinned items and breaks stay as they are.
    """
    if not lateness(room, now):
        return []
    items = open_items(room, keep)
    time = room.planned_end - now - max(room.remaining(now), timedelta())
    found = []
    squeezed = replanning.squeeze(items, time)
    if squeezed is not None:
        found.append(_proposal(room, now, SQUEEZE, items, squeezed, []))
    lighter = replanning.without(items, time)
    if lighter is not None:
        options = (DEFER, PARK) if room.meeting.series_id else (PARK,)
        found += [_proposal(room, now, option, items, lighter[1], lighter[0]) for option in options]
    return found


def open_items(room: Room, keep: frozenset[int] = frozenset()) -> list[Open]:
    """What is left of the agenda as `replanning` needs it: the rest of the current item, and the items ahead."""
    current, ahead = room.item, room.items_ahead()
    if current is None:
        return []
    wrap_up = room.wrap_up
    found = []
    if room.rest_of_item():
        found.append(_open(room, current, [Part.DISCUSSION], is_wrap_up=current == wrap_up, may_leave=False))
    for item in ahead:
        begun = any((item.pk, part) in room.runs for part in Part)
        may_leave = not (begun or item.is_pinned or item.kind == Kind.BREAK or item.pk in keep)
        found.append(_open(room, item, list(Part), is_wrap_up=item == wrap_up, may_leave=may_leave))
    return found


def _open(room: Room, item: AgendaItem, parts: list[Part], *, is_wrap_up: bool, may_leave: bool) -> Open:
    """Parts that were begun keep what they have left; so do pinned items and breaks."""
    is_fixed = item.is_pinned or item.kind == Kind.BREAK
    fixed = [part for part in parts if is_fixed or (item.pk, part) in room.runs]
    minutes = {part: room.minutes(item, part) for part in parts if part not in fixed}
    return Open(
        item=item.pk,
        report=minutes.get(Part.REPORT, 0),
        discussion=minutes.get(Part.DISCUSSION, 0),
        fixed=sum((room.left(item, part) for part in fixed), timedelta()),
        may_leave=may_leave,
        is_wrap_up=is_wrap_up,
    )


def _proposal(
    room: Room, now: datetime, option: str, before: list[Open], after: list[Open], gone: list[int]
) -> Proposal:
    by_id = {item.pk: item for item in room.items}
    fresh = {one.item: one for one in after}
    changes = []
    for one in before:
        if one.item in gone:
            changes.append(Change(by_id[one.item], one.length, timedelta(), is_gone=True))
        elif fresh[one.item] != one:
            changes.append(Change(by_id[one.item], one.length, fresh[one.item].length))
    ends_at = now + max(room.remaining(now), timedelta()) + replanning.length(after)
    return Proposal(option, ends_at, changes, _places(room, option, before, fresh, gone))


def _places(room: Room, option: str, before: list[Open], fresh: dict[int, Open], gone: list[int]) -> Places:
    rows = {row["item"]: row for row in places(room)}
    for one in before:
        row = rows[one.item]
        if one.item in gone:
            row["state"] = STATES[option].value
            continue
        # Only the parts that might change: one that was begun has no minutes here.
        if one.report:
            row["report"] = fresh[one.item].report
        if one.discussion:
            row["discussion"] = fresh[one.item].discussion
    return list(rows.values())


def places(room: Room) -> Places:
    """The agenda of a room as it stands, in the shape that Replan keeps."""
    return [
        {
            "item": item.pk,
            "position": position,
            "report": room.minutes(item, Part.REPORT),
            "discussion": room.minutes(item, Part.DISCUSSION),
            "state": str(room.state_of(item)),
        }
        for position, item in enumerate(room.items, start=1)
    ]


# --- the executive's priority -----------------------------------------------------------------------------
def kept_by_priority(meeting: Meeting) -> frozenset[int]:
    """The item that the executive's priority concerns: it is not taken off to save time."""
    found = OpeningPriority.objects.filter(meeting=meeting, item__isnull=False).values_list("item", flat=True)
    return frozenset(found)


def ranked(room: Room, priority: OpeningPriority | None) -> Places | None:
    """The agenda with the item of the priority behind the current one; None when it is there or had its turn."""
    current = room.item
    item = next((one for one in room.items if priority and one.pk == priority.item_id), None)
    if item is None or current is None or item == current or room.next_item() == item:
        return None
    if room.state_of(item) == RoomItem.State.DONE:
        return None
    others = [one for one in room.items if one != item]
    place = others.index(current) + 1
    return in_order(room, [*others[:place], item, *others[place:]], {item.pk: RoomItem.State.OPEN})


def in_order(room: Room, items: list[AgendaItem], states: dict[int, RoomItem.State]) -> Places:
    """The agenda with its items in another order, some in another state."""
    rows = {row["item"]: row for row in places(room)}
    for position, item in enumerate(items, start=1):
        rows[item.pk]["position"] = position
        if item.pk in states:
            rows[item.pk]["state"] = states[item.pk].value
    return sorted(rows.values(), key=lambda row: row["position"])


# --- what was done ----------------------------------------------------------------------------------------
def undoable(meeting: Meeting) -> Replan | None:
    """The newest re-plan that stands: they are undone from the last to the first."""
    standing = Replan.objects.filter(meeting=meeting, undone_at=None).select_related("taken_by")
    return standing.order_by("-pk").first()


def described(room: Room, replan: Replan) -> list[Change]:
    """What a re-plan changed, item by item in the room's order; a mere change of place has equal minutes."""
    before = {row["item"]: row for row in replan.before}
    after = {row["item"]: row for row in replan.after}
    found = []
    for item in room.items:
        was, became = before.get(item.pk), after.get(item.pk)
        if was is None or became is None:
            continue
        minutes = [timedelta(minutes=row["report"] + row["discussion"]) for row in (was, became)]
        is_gone = became["state"] in RoomItem.AWAY and was["state"] not in RoomItem.AWAY
        if is_gone or minutes[0] != minutes[1]:
            found.append(Change(item, minutes[0], minutes[1], is_gone))
    return found


def movable(room: Room, now: datetime) -> list[Line]:
    """Lines that whoever runs the meeting may move: those ahead, and those that were taken off."""
    ahead = {item.pk for item in room.items_ahead()}
    return [line for line in room.lines(now) if line.item.pk in ahead or line.is_away]
