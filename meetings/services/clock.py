"""What the commands do to the clock and to the agenda in the room. Each raises NotAllowed where it makes no sense."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Part, RoomItem
from meetings.services.hold import Hold

EXTENSION_MINUTES = 5
State = RoomItem.State


def _pause(hold: Hold, item: int | None) -> None:
    if not hold.clock.is_running:
        raise NotAllowed(_("The clock is already paused."))
    hold.stop()


def _resume(hold: Hold, item: int | None) -> None:
    if hold.clock.is_running:
        raise NotAllowed(_("The clock is already running."))
    hold.clock.is_running, hold.clock.anchor_at = True, hold.now


def _next(hold: Hold, item: int | None) -> None:
    following = hold.room.next_item()
    if following is None:
        raise NotAllowed(_("This is the last item. End the meeting when it is done."))
    _leave(hold, State.DONE, following)


def _park(hold: Hold, item: int | None) -> None:
    """Break the current item off: into the parking lot with it, and on to the next."""
    following = hold.room.next_item()
    if following is None:
        raise NotAllowed(
            _("This is the last item; there is nothing after it to go on with. End the meeting instead.")
        )
    _leave(hold, State.PARKED, following)


def _leave(hold: Hold, state: str, following: AgendaItem) -> None:
    leaving = hold.room.item
    hold.bank()
    if leaving is not None:
        hold.mark(leaving, state)
    hold.enter(following, first_part(hold, following))


def _back(hold: Hold, item: int | None) -> None:
    """One part back: from a discussion to its report, from a report to the item before."""
    current = hold.item
    if hold.clock.part == Part.DISCUSSION and hold.room.minutes(current, Part.REPORT):
        hold.move(current, Part.REPORT)
        return
    place = hold.room.items.index(current)
    before = [one for one in hold.room.items[:place] if hold.room.state_of(one) in (State.OPEN, State.DONE)]
    if not before:
        raise NotAllowed(_("This is the first item."))
    last = before[-1]
    hold.move(last, Part.DISCUSSION if hold.room.minutes(last, Part.DISCUSSION) else Part.REPORT)


def _discuss(hold: Hold, item: int | None) -> None:
    if hold.clock.part == Part.DISCUSSION:
        raise NotAllowed(_("The discussion has already begun."))
    hold.move(hold.item, Part.DISCUSSION)


def _extend(hold: Hold, item: int | None) -> None:
    run = hold.run(hold.item, hold.clock.part)
    run.added_minutes += EXTENSION_MINUTES
    run.save(update_fields=["added_minutes"])


def _jump(hold: Hold, item: int | None) -> None:
    """Go to an item out of turn.

    One that was done is opened again where it stands, and the current one stays ahead. Any other is moved behind the
    current one, which is done then; the items between stay ahead.
    """
    items, current = hold.room.items, hold.item
    target = next((one for one in items if one.pk == item), None)
    if target is None:
        raise NotAllowed(_("This item is not on the agenda. Choose one of the list."))
    if target == current:
        raise NotAllowed(_("The room is at this item already."))
    if hold.room.state_of(target) == State.DONE:
        hold.move(target, first_part(hold, target))
        return
    others = [one for one in items if one != target]
    place = others.index(current) + 1
    hold.order([*others[:place], target, *others[place:]])
    _leave(hold, State.DONE, target)


def first_part(hold: Hold, item: AgendaItem) -> str:
    has_report = hold.room.minutes(item, Part.REPORT) or not hold.room.minutes(item, Part.DISCUSSION)
    return Part.REPORT if has_report else Part.DISCUSSION


COMMANDS: dict[str, Callable[[Hold, int | None], None]] = {
    "pause": _pause,
    "resume": _resume,
    "next": _next,
    "back": _back,
    "discuss": _discuss,
    "extend": _extend,
    "park": _park,
    "jump": _jump,
}
