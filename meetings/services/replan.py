"""Changing what is left of the agenda while the meeting runs: taken with one press, undone with another."""

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Meeting, OpeningPriority, Replan, RoomItem
from meetings.queries import replan as queries
from meetings.queries.replan import Places
from meetings.services.hold import Hold, Press, lock

State = RoomItem.State
# What the host may do to an item by choice.
NEXT, DEFER, PARK, BRING_BACK = "next", "defer", "park", "bring_back"


@transaction.atomic
def take(*, meeting: Meeting, option: str, press: Press) -> Replan | None:
    """Carry out one of the proposals against lateness ("squeeze", "defer", "park") as it is at `press.now`.

    None when this very press was carried out before. Raises Conflict for a stale version, NotAllowed when there is
    no such proposal (any more).
    """
    hold = lock(meeting, press)
    if hold is None:
        return None
    found = queries.proposals(hold.room, press.now, keep=queries.kept_by_priority(meeting))
    proposal = next((one for one in found if one.option == option), None)
    if proposal is None:
        raise NotAllowed(_("This proposal no longer stands. Look at the ones that are shown now."))
    return _carry_out(hold, Replan.Cause.LATE, proposal.places)


@transaction.atomic
def rank(*, meeting: Meeting, press: Press) -> Replan | None:
    """Move the item that the executive's priority concerns behind the current one.

    None when this very press was carried out before. Raises Conflict for a stale version, NotAllowed when it stands
    there already or had its turn.
    """
    hold = lock(meeting, press)
    if hold is None:
        return None
    places = queries.ranked(hold.room, OpeningPriority.objects.filter(meeting=meeting).first())
    if places is None:
        raise NotAllowed(_("The agenda follows the priority already."))
    return _carry_out(hold, Replan.Cause.PRIORITY, places)


@transaction.atomic
def arrange(*, meeting: Meeting, item: int, what: str, press: Press) -> Replan | None:
    """The host's own choice for one item: "next", "defer", "park" or "bring_back".

    None when this very press was carried out before. Raises Conflict for a stale version, NotAllowed where the step
    makes no sense now.
    """
    hold = lock(meeting, press)
    if hold is None:
        return None
    found = next((one for one in hold.room.items if one.pk == item), None)
    if found is None:
        raise NotAllowed(_("This item is not on the agenda. Choose one of the list."))
    return _carry_out(hold, Replan.Cause.HOST, _arranged(hold, found, what))


def _arranged(hold: Hold, item: AgendaItem, what: str) -> Places:
    room, ahead = hold.room, hold.room.items_ahead()
    if what == BRING_BACK:
        if room.state_of(item) not in RoomItem.AWAY:
            raise NotAllowed(_("This item is on the agenda already."))
        return queries.in_order(room, _before_wrap_up(hold, item), {item.pk: State.OPEN})
    if item not in ahead:
        raise NotAllowed(_("Only items that are still ahead can be moved."))
    if what == NEXT:
        others = [one for one in room.items if one != item]
        place = others.index(hold.item) + 1
        return queries.in_order(room, [*others[:place], item, *others[place:]], {})
    if item == room.wrap_up:
        raise NotAllowed(_("This item closes the meeting and stays. Shorten others instead."))
    return queries.in_order(room, room.items, {item.pk: State.DEFERRED if what == DEFER else State.PARKED})


def _before_wrap_up(hold: Hold, item: AgendaItem) -> list[AgendaItem]:
    """At its own place when that is still ahead, otherwise before the wrap-up, or at the end when that is over."""
    items, wrap_up = hold.room.items, hold.room.wrap_up
    if items.index(item) > items.index(hold.item):
        return items
    others = [one for one in items if one != item]
    is_ahead = wrap_up in hold.room.items_ahead()
    place = others.index(wrap_up) if is_ahead and wrap_up else len(others)
    return [*others[:place], item, *others[place:]]


def _carry_out(hold: Hold, cause: Replan.Cause, places: Places) -> Replan:
    """Put the agenda as `places` says, keep what it was before, and log it."""
    before = queries.places(hold.room)
    _apply(hold, places)
    replan = Replan.objects.create(
        meeting=hold.meeting,
        cause=cause,
        before=before,
        after=queries.places(hold.room),
        taken_by=hold.by,
        taken_at=hold.now,
    )
    hold.touch("replan", replan)
    hold.write("replan.taken")
    return replan


def _apply(hold: Hold, places: Places) -> None:
    items = {item.pk: item for item in hold.room.items}
    hold.order([items[row["item"]] for row in places])
    for row in places:
        hold.put(items[row["item"]], report=row["report"], discussion=row["discussion"])
        hold.mark(items[row["item"]], row["state"])


# --- undoing --------------------------------------------------------------------------------------------
@transaction.atomic
def undo(*, meeting: Meeting, replan: int, press: Press) -> Replan | None:
    """Take back the newest re-plan that stands. What has happened since stays: items that are done stay done.

    Nothing having happened in between, the agenda is exactly as it was before. None when this very press was carried
    out before. Raises Conflict for a stale version, NotAllowed for any other re-plan.
    """
    hold = lock(meeting, press)
    if hold is None:
        return None
    found = queries.undoable(meeting)
    if found is None or found.pk != replan:
        raise NotAllowed(_("Only the latest change of the agenda can be undone."))
    _apply(hold, _restored(hold, found))
    found.undone_by, found.undone_at = hold.by, hold.now
    found.save(update_fields=["undone_by", "undone_at"])
    hold.touch("replan", found)
    hold.write("replan.undone")
    return found


def _restored(hold: Hold, replan: Replan) -> Places:
    """The agenda before the re-plan, as far as it is still ahead.

    What the room has gone through keeps its place, its minutes and its state. An item that the re-plan took off and
    nobody touched since is ahead again.
    """
    now = {row["item"]: row for row in queries.places(hold.room)}
    before = {row["item"]: row for row in replan.before}
    after = {row["item"]: row for row in replan.after}
    current = now[hold.item.pk]["position"]
    gone, ahead = [], []
    for pk, row in now.items():
        is_untouched = pk in after and row["state"] == after[pk]["state"]
        is_revived = is_untouched and before[pk]["state"] != row["state"]
        if pk not in before or (row["position"] <= current and not is_revived):
            gone.append(row)
        elif row["state"] == State.DONE:
            ahead.append({**row, "position": before[pk]["position"]})
        else:
            state = before[pk]["state"] if is_untouched else row["state"]
            ahead.append({**before[pk], "state": state})
    # The discussion of the current item may have been shortened before it began.
    for row in gone:
        if row["item"] == hold.item.pk and row["item"] in before:
            row.update(report=before[row["item"]]["report"], discussion=before[row["item"]]["discussion"])
    rows = [*gone, *sorted(ahead, key=lambda row: row["position"])]
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]
