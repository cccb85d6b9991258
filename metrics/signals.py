"""Telling an unusual value from the usual ups and downs: the XmR chart (process behaviour chart).

The centre is the mean of the values; the moving range is the distance of each value from the one before. The limits
lie 2.66 mean moving ranges from the centre, the upper limit of the moving range itself at 3.268 of them. With
`median=True` the median moving range is used instead (3.145 and 3.865): it forgives a few wild values.

Three rules mark values:
  outside   a value beyond a limit, or a moving range beyond its own limit;
  near      three of four successive values nearer to the same limit than to the centre (all four are marked);
  run       eight or more successive values on one side of the centre (a value on the centre ends the run).
A value exactly on a limit is not outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median as median_of

Number = int | float | Decimal

X_FACTOR, MR_FACTOR = Decimal("2.66"), Decimal("3.268")
MEDIAN_X_FACTOR, MEDIAN_MR_FACTOR = Decimal("3.145"), Decimal("3.865")
RUN_LENGTH = 8
NEAR_WINDOW, NEAR_COUNT = 4, 3

# With fewer values the limits mean nothing; from SOLID on they may be trusted.
ENOUGH, SOLID = 6, 12


class Rule(StrEnum):
    OUTSIDE = "outside"
    RANGE = "range"
    NEAR = "near"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class XmR:
    """Limits of a series and what stands out: `marks` maps each rule to the positions (from 0) that it marks.

    A mark of `Rule.RANGE` at position i speaks of the step from i-1 to i.
    """

    values: tuple[Decimal, ...]
    moving_ranges: tuple[Decimal, ...]
    centre: Decimal
    lower: Decimal
    upper: Decimal
    mr_centre: Decimal
    mr_upper: Decimal
    marks: dict[Rule, tuple[int, ...]]

    @property
    def is_solid(self) -> bool:
        """Whether there are values enough to trust the limits."""
        return len(self.values) >= SOLID

    def rules_at(self, position: int) -> list[Rule]:
        """The rules that mark this position, the strongest first."""
        return [rule for rule in Rule if position in self.marks[rule]]


def xmr(values: Sequence[Number], *, median: bool = False, floor: Number | None = None) -> XmR:
    """Centre, limits and marks of a series in the order of time.

    `floor` is a bound that values cannot pass (0 for counts): a lower limit below it is put there. Raises ValueError
    for fewer than two values.
    """
    if len(values) < 2:
        raise ValueError("Limits need two values or more.")
    series = tuple(Decimal(str(value)) for value in values)
    ranges = tuple(abs(now - before) for before, now in pairwise(series))
    centre = sum(series, Decimal(0)) / len(series)
    mr_centre = median_of(ranges) if median else sum(ranges, Decimal(0)) / len(ranges)
    reach = mr_centre * (MEDIAN_X_FACTOR if median else X_FACTOR)
    mr_upper = mr_centre * (MEDIAN_MR_FACTOR if median else MR_FACTOR)
    lower, upper = centre - reach, centre + reach
    if floor is not None:
        lower = max(lower, Decimal(str(floor)))
    return XmR(
        values=series,
        moving_ranges=ranges,
        centre=centre,
        lower=lower,
        upper=upper,
        mr_centre=mr_centre,
        mr_upper=mr_upper,
        marks={
            Rule.OUTSIDE: tuple(i for i, x in enumerate(series) if x > upper or x < lower),
            Rule.RANGE: tuple(i for i, r in enumerate(ranges, start=1) if r > mr_upper),
            Rule.NEAR: _near(series, centre, reach),
            Rule.RUN: _runs(series, centre),
        },
    )


def _near(series: tuple[Decimal, ...], centre: Decimal, reach: Decimal) -> tuple[int, ...]:
    marked: set[int] = set()
    for side in (1, -1):
        is_near = [side * (x - centre) > reach / 2 for x in series]
        for start in range(len(series) - NEAR_WINDOW + 1):
            if sum(is_near[start : start + NEAR_WINDOW]) >= NEAR_COUNT:
                marked.update(range(start, start + NEAR_WINDOW))
    return tuple(sorted(marked))


def _runs(series: tuple[Decimal, ...], centre: Decimal) -> tuple[int, ...]:
    marked: list[int] = []
    run: list[int] = []
    side = 0
    for position, x in enumerate(series):
        now = (x > centre) - (x < centre)
        if now != side:
            run, side = [], now
        if now:
            run.append(position)
        if len(run) == RUN_LENGTH:
            marked.extend(run)
        elif len(run) > RUN_LENGTH:
            marked.append(position)
    return tuple(marked)
