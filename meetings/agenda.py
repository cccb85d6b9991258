"""Arithmetic of an agenda: sums, clock times, and fitting it to the planned length. Whole minutes, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STEP = 5


class CannotFit(Exception):
    """The agenda cannot be fitted; the text is for people and says what to do."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The time of one item: report first, then discussion, in minutes. A pinned slot is never changed by a fit."""

    report: int
    discussion: int
    is_pinned: bool = False

    @property
    def minutes(self) -> int:
        return self.report + self.discussion


class Timeable(Protocol):
    """What has minutes of report and discussion: an agenda item, a template's module."""

    report_minutes: int
    discussion_minutes: int
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """When an item begins, when its discussion begins, when it ends."""

    starts_at: datetime
    discussion_at: datetime
    ends_at: datetime

    @property
    def has_both(self) -> bool:
        """Whether there is a report and a discussion after it."""
        return self.starts_at < self.discussion_at < self.ends_at


def slots(items: Iterable[Timeable]) -> list[Slot]:
    return [Slot(item.report_minutes, item.discussion_minutes, item.is_pinned) for item in items]


def planned_sum(items: Iterable[Slot]) -> int:
    return sum(slot.minutes for slot in items)


def timings(items: Iterable[Slot], starts_at: datetime) -> list[Timing]:
    """Clock times of each item, one after the other from `starts_at` (aware)."""
    result = []
    at = starts_at
    for slot in items:
        discussion_at = at + timedelta(minutes=slot.report)
        ends_at = discussion_at + timedelta(minutes=slot.discussion)
        result.append(Timing(at, discussion_at, ends_at))
        at = ends_at
    return result


def can_fit(items: Sequence[Slot], minutes: int) -> bool:
    try:
        fit(items, minutes)
    except CannotFit:
        return False
    return True


def fit(items: Sequence[Slot], minutes: int) -> list[Slot]:
    """The same items in the same order, summing to exactly `minutes`.

    Pinned items stay as they are. The others share what is left in proportion to their present minutes, in steps
    of five, each at least five; steps that rounding leaves over go to the largest remainders, earlier items first.
    Inside an item report and discussion keep their ratio as near as steps allow; a part of zero stays zero, and a
    part with time keeps some where the item has ten minutes or more. Items without minutes stay without. Where what
    is left is no multiple of five, the one to four odd minutes go to the longest item, to its discussion if it has one.

    Raises CannotFit when pinned items leave too little.
    """
    free = [index for index, slot in enumerate(items) if not slot.is_pinned and slot.minutes > 0]
    pinned = sum(slot.minutes for slot in items if slot.is_pinned)
    _check_room(minutes, pinned, len(free))
    weights = [items[index].minutes for index in free]
    shares = share((minutes - pinned) // STEP, weights, least=[1] * len(free))
    result = list(items)
    for index, steps in zip(free, shares, strict=True):
        result[index] = _split(items[index], steps)
    odd = (minutes - pinned) % STEP
    if odd:
        longest = max(free, key=lambda index: (result[index].minutes, items[index].minutes, -index))
        result[longest] = _lengthened(result[longest], odd)
    return result


def _check_room(minutes: int, pinned: int, count: int) -> None:
    rest = minutes - pinned
    if rest < 0:
        raise CannotFit(
            _(
                "The pinned items alone take %(pinned)d minutes, but the meeting lasts %(minutes)d. "
                "Unpin an item, shorten one, or plan a longer meeting."
            )
            % {"pinned": pinned, "minutes": minutes}
        )
    if not count and rest:
        raise CannotFit(
            _(
                "There is no item left whose time could be changed: "
                "unpin an item or give one some minutes first."
            )
        )
    if rest < count * STEP:
        raise CannotFit(
            ngettext(
                "The pinned items leave %(rest)d minutes for %(count)d item, which needs at least 5. "
                "Unpin or remove an item, or plan a longer meeting.",
                "The pinned items leave %(rest)d minutes for %(count)d items, which need at least 5 each. "
                "Unpin or remove an item, or plan a longer meeting.",
                count,
            )
            % {"rest": rest, "count": count}
        )


def share(steps: int, weights: Sequence[int], *, least: Sequence[int]) -> list[int]:
    """Whole steps in proportion to the weights, summing to `steps`: largest remainders, no share below its `least`.

    Shares that would fall below their least are set to it first, and the rest is shared among the others; `steps`
    must be enough for all of them. No share is above its weight unless `steps` is above the sum of the weights.
    """
    result = [0] * len(weights)
    open_ = list(range(len(weights)))
    while True:
        total = sum(weights[index] for index in open_)
        small = [index for index in open_ if weights[index] * steps < least[index] * total]
        if not small:
            break
        for index in small:
            result[index] = least[index]
        steps -= sum(least[index] for index in small)
        open_ = [index for index in open_ if index not in small]
    for index in open_:
        result[index] = weights[index] * steps // total
    left = steps - sum(result[index] for index in open_)
    by_remainder = sorted(open_, key=lambda index: (-(weights[index] * steps % total), index))
    for index in by_remainder[:left]:
        result[index] += 1
    return result


def _split(slot: Slot, steps: int) -> Slot:
    """An item's steps divided between report and discussion as they stood to one another."""
    if not slot.report or not slot.discussion:
        report = steps if slot.report else 0
    else:
        one = 1 if steps > 1 else 0
        report, _discussion = share(steps, [slot.report, slot.discussion], least=[one, one])
    return replace(slot, report=report * STEP, discussion=(steps - report) * STEP)


def _lengthened(slot: Slot, minutes: int) -> Slot:
    if slot.discussion:
        return replace(slot, discussion=slot.discussion + minutes)
    return replace(slot, report=slot.report + minutes)
