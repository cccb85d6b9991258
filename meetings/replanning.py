"""Arithmetic of a re-plan: fitting what is left of an agenda into the time that is left. No database, no clock.

What is left is a list of items in the room's order, in whole minutes; the wrap-up 总结 keeps twenty minutes whatever
happens. A part that was begun, and an item that the host pinned, is never changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from meetings import agenda

MINUTE = timedelta(minutes=1)
# Nobody says anything of use in less.
LEAST = 5
LEAST_WRAP_UP = 20


@dataclass(frozen=True, slots=True)
class Open:
    """An item that is still ahead: minutes of its parts that may be changed, and time in it that may not (`fixed`).

    `may_leave` says whether it may be deferred or parked; `is_wrap_up` marks the wrap-up.
    """

    item: int
    report: int
    discussion: int
    fixed: timedelta = timedelta()
    may_leave: bool = True
    is_wrap_up: bool = False

    @property
    def minutes(self) -> int:
        return self.report + self.discussion

    @property
    def length(self) -> timedelta:
        return self.minutes * MINUTE + self.fixed

    @property
    def least(self) -> int:
        """The fewest minutes that squeezing leaves to it."""
        return min(self.minutes, LEAST_WRAP_UP if self.is_wrap_up else LEAST)


def length(items: Iterable[Open]) -> timedelta:
    return sum((one.length for one in items), timedelta())


def squeeze(items: Sequence[Open], room: timedelta) -> list[Open] | None:
    """The same items, together as long as `room` to the minute (never longer, less than a minute shorter).

    Changeable minutes shrink in proportion, none below its least; inside an item report and discussion keep their
    ratio, and a part with time keeps some. None when even the least is too long; the items as they are when they
    fit already: nothing is ever lengthened.
    """
    if length(items) <= room:
        return list(items)
    free = [one for one in items if one.minutes]
    target = (room - sum((one.fixed for one in items), timedelta())) // MINUTE
    if not free or target < sum(one.least for one in free):
        return None
    shares = agenda.share(target, [one.minutes for one in free], least=[one.least for one in free])
    smaller = {one.item: _split(one, minutes) for one, minutes in zip(free, shares, strict=True)}
    return [smaller.get(one.item, one) for one in items]


def _split(one: Open, minutes: int) -> Open:
    if not one.report or not one.discussion:
        return replace(one, report=minutes if one.report else 0, discussion=minutes if one.discussion else 0)
    some = 1 if minutes > 1 else 0
    report, discussion = agenda.share(minutes, [one.report, one.discussion], least=[some, some])
    return replace(one, report=report, discussion=discussion)


def leaving(items: Sequence[Open], room: timedelta) -> list[int]:
    """Which items to take off so that the others need no more than `room`, as few as possible; all that may go when
    that is not enough. Of single items that suffice the shortest goes, of several like that the latest."""
    over = length(items) - room
    if over <= timedelta():
        return []
    may = [one for one in items if one.may_leave and not one.is_wrap_up and one.length]
    enough = [(one.length, -place, one.item) for place, one in enumerate(may) if one.length >= over]
    if enough:
        return [min(enough)[2]]
    gone: list[int] = []
    for _length, _place, one in sorted(
        ((one.length, place, one) for place, one in enumerate(may)), reverse=True
    ):
        gone.append(one.item)
        over -= one.length
        if over <= timedelta():
            break
    return gone


def without(items: Sequence[Open], room: timedelta) -> tuple[list[int], list[Open]] | None:
    """Items to take off, and the others, squeezed where it takes both. None when that does not fit either, or when
    there is nothing to take off."""
    gone = leaving(items, room)
    if not gone:
        return None
    rest = squeeze([one for one in items if one.item not in gone], room)
    return None if rest is None else (gone, rest)
