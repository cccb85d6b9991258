"""For which days the reports are in: the difference between zero and not known."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.periods import Grain, Period
from metrics.models import Measure, Shop, Upload

Slice = tuple[date, date]


class Known(StrEnum):
    """How much of a period is covered by reports."""

    NOT = "not"
    PARTLY = "partly"
    WHOLLY = "wholly"


@dataclass(frozen=True)
class Coverage:
    """Which days (half-open slices) of which shop which kind of report covers.

    A shop counts from its first report of a kind on: a shop that began to report later does not make earlier
    periods incomplete.
    """

    slices: dict[tuple[int, str], list[Slice]] = field(default_factory=dict)
    # Asked thousands of times for a scorecard, about a few hundred pairs.
    _answers: dict[tuple[frozenset[str], Period], Known] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, shops: Iterable[Shop]) -> "Coverage":
        """One query."""
        slices: dict[tuple[int, str], list[Slice]] = defaultdict(list)
        stored = Upload.objects.stored().filter(shop__in=[shop.pk for shop in shops])
        for shop, kind, start, end in stored.values_list("shop", "kind", "period_start", "period_end"):
            if shop and start and end:
                slices[shop, kind].append((start, end))
        return cls({key: _merged(found) for key, found in slices.items()})

    def known(self, reports: Iterable[str], period: Period) -> Known:
        """Whether these reports, together, cover a period for all shops that hand them in."""
        key = (frozenset(reports), period)
        if key not in self._answers:
            self._answers[key] = self._how_far(*key)
        return self._answers[key]

    def _how_far(self, reports: frozenset[str], period: Period) -> Known:
        counts = self._covered(reports, period).values()
        if not any(counts):
            return Known.NOT
        return Known.WHOLLY if all(days == period.days for days in counts) else Known.PARTLY

    def days(self, reports: Iterable[str], period: Period) -> int:
        """Covered days: those of the shop that has most."""
        return max(self._covered(frozenset(reports), period).values(), default=0)

    def slices_of(self, reports: Iterable[str], period: Period) -> list[Slice]:
        """The covered parts of a period, one after the other, shop by shop."""
        wanted = frozenset(reports)
        by_shop: dict[int, list[Slice]] = defaultdict(list)
        for (shop, kind), found in self.slices.items():
            if kind in wanted:
                by_shop[shop] += found
        parts = (part for found in by_shop.values() for part in _merged(found))
        cut = ((max(start, period.start), min(end, period.end)) for start, end in parts)
        return [(start, end) for start, end in cut if start < end]

    def gaps(self, reports: Iterable[str], period: Period) -> list[Slice]:
        """The days of a period that at least one shop's reports do not cover, in order."""
        wanted = frozenset(reports)
        shops = {shop for shop, days in self._covered(wanted, period).items() if days < period.days}
        missing: list[Slice] = []
        for shop in shops:
            own = [
                part
                for (each, kind), parts in self.slices.items()
                if each == shop and kind in wanted
                for part in parts
            ]
            day = period.start
            for start, end in [*_merged(own), (period.end, period.end)]:
                if day < min(start, period.end):
                    missing.append((day, min(start, period.end)))
                day = max(day, end)
        return _merged(missing)

    def bounds(self, reports: Iterable[str] | None = None) -> Slice | None:
        """First covered day and the day after the last one; None when nothing is there."""
        wanted = None if reports is None else frozenset(reports)
        found = [
            part
            for (_shop, kind), parts in self.slices.items()
            if wanted is None or kind in wanted
            for part in parts
        ]
        if not found:
            return None
        return min(start for start, _end in found), max(end for _start, end in found)

    def _covered(self, reports: frozenset[str], period: Period) -> dict[int, int]:
        """Shop → covered days, for the shops that had begun to report by the end of the period."""
        by_shop: dict[int, list[Slice]] = defaultdict(list)
        for (shop, kind), parts in self.slices.items():
            if kind in reports:
                by_shop[shop] += parts
        return {
            shop: sum(
                max((min(end, period.end) - max(start, period.start)).days, 0)
                for start, end in _merged(parts)
            )
            for shop, parts in by_shop.items()
            if min(start for start, _end in parts) < period.end
        }


def _merged(slices: list[Slice]) -> list[Slice]:
    """Overlapping and touching slices made one, in order."""
    merged: list[Slice] = []
    for start, end in sorted(slices):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def daily_reports() -> frozenset[str]:
    """The kinds of report that speak of single days; those that only speak of months come in later. One query."""
    rows = Measure.objects.filter(grain=Measure.Grain.DAY).values_list("reports", flat=True)
    return frozenset(kind for kinds in rows for kind in kinds)


def last_complete_period(grain: Grain, before: date | None = None) -> Period | None:
    """The last period that is wholly covered for all active shops and ends by the day `before`; None without any.

    Reports that speak only of months are not waited for: they come weeks later. Three queries.
    """
    coverage = Coverage.of(Shop.objects.active())
    return last_complete(coverage, daily_reports(), grain, before)


def last_complete(
    coverage: Coverage, reports: frozenset[str], grain: Grain, before: date | None = None
) -> Period | None:
    """As `last_complete_period`, on a coverage that has been read already."""
    bounds = coverage.bounds(reports)
    if bounds is None:
        return None
    first, end = bounds
    period = Period.containing(min(end, before) if before else end, grain)
    while period.end > first:
        if (before is None or period.end <= before) and coverage.known(reports, period) is Known.WHOLLY:
            return period
        period = period.previous()
    return None
