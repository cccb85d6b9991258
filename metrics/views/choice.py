"""What the reader of figures has chosen in the address: length and place of the period, shop, currency."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import Grain, Period
from metrics.models import Shop
from metrics.queries.coverage import Coverage, Known, last_complete

GRAIN_NAMES = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
}
# The list of periods to choose from does not become longer.
MOST_OPTIONS = 60


@dataclass
class Choice:
    """`period` is None when there are no figures at all. `problem` says what of the address was not understood."""

    grain: Grain
    grains: Sequence[Grain]
    period: Period | None
    shops: list[Shop]
    all_shops: list[Shop]
    coverage: Coverage
    reports: frozenset[str]
    shop: Shop | None = None
    currency: str | None = None
    problem: str = ""
    periods: list[Period] = field(default_factory=list)

    @property
    def grain_options(self) -> list[tuple[str, object, bool]]:
        return [(grain, GRAIN_NAMES[grain], grain == self.grain) for grain in self.grains]

    @property
    def period_options(self) -> list[tuple[Period, bool, bool]]:
        """Period, whether it is incomplete, whether it is the chosen one; the newest first."""
        return [
            (each, self.coverage.known(self.reports, each) is not Known.WHOLLY, each == self.period)
            for each in self.periods
        ]

    @property
    def earlier(self) -> Period | None:
        return self._neighbour(1)

    @property
    def later(self) -> Period | None:
        return self._neighbour(-1)

    @property
    def query(self) -> dict[str, str]:
        """The part of the address that belongs to every link: without grain and period."""
        chosen = {"shop": self.shop.code if self.shop else "", "currency": self.currency or ""}
        return {name: value for name, value in chosen.items() if value}

    def _neighbour(self, step: int) -> Period | None:
        if self.period not in self.periods:
            return None
        position = self.periods.index(self.period) + step
        return self.periods[position] if 0 <= position < len(self.periods) else None


def choose(
    wanted: Mapping[str, str], *, reports: frozenset[str], grains: Sequence[Grain], default: Grain = "month"
) -> Choice:
    """Read a choice from the address (`grain`, `period`, `shop`, `currency`); what is missing or wrong is put right
    and said in `problem`. Two queries."""
    problems: list[str] = []
    all_shops = list(Shop.objects.active().in_order())
    shop = _shop(wanted.get("shop", ""), all_shops, problems)
    shops = [shop] if shop else all_shops
    coverage = Coverage.of(shops)
    period = _period(wanted.get("period", ""), grains, problems)
    grain = _grain(wanted.get("grain", ""), period, grains, default, problems)
    if period is None or period.grain != grain:
        period = last_complete(coverage, reports, grain) or _last(coverage, reports, grain)
    return Choice(
        grain=grain,
        grains=grains,
        period=period,
        shops=shops,
        all_shops=all_shops,
        coverage=coverage,
        reports=reports,
        shop=shop,
        currency=wanted.get("currency", "").strip().upper()[:10] or None,
        problem=" ".join(problems),
        periods=_options(coverage, reports, grain, period),
    )


def _shop(code: str, shops: Sequence[Shop], problems: list[str]) -> Shop | None:
    if not code:
        return None
    for shop in shops:
        if shop.code == code:
            return shop
    problems.append(_("There is no shop “%(code)s”; all shops are shown.") % {"code": code})
    return None


def _period(text: str, grains: Collection[str], problems: list[str]) -> Period | None:
    if not text:
        return None
    try:
        period = Period.parse(text)
    except (ValueError, OverflowError):
        period = None
    if period is None or period.grain not in grains or not 1900 <= period.start.year < 2200:
        problems.append(
            _("“%(text)s” is no period that can be shown; here is the last complete one.") % {"text": text}
        )
        return None
    return period


def _grain(
    text: str, period: Period | None, grains: Sequence[Grain], default: Grain, problems: list[str]
) -> Grain:
    for grain in grains:
        if text == grain:
            return grain
    if text:
        problems.append(_("“%(text)s” is no length of a period.") % {"text": text})
    return period.grain if period else default


def _last(coverage: Coverage, reports: frozenset[str], grain: Grain) -> Period | None:
    """The last period that has any figures, if none is complete."""
    bounds = coverage.bounds(reports)
    return Period.containing(bounds[1], grain).previous() if bounds and bounds[1] else None


def _options(
    coverage: Coverage, reports: frozenset[str], grain: Grain, chosen: Period | None
) -> list[Period]:
    bounds = coverage.bounds(reports)
    if bounds is None:
        return []
    periods = list(Period(*bounds).split(grain))[-MOST_OPTIONS:]
    if chosen and chosen not in periods:
        periods.append(chosen)
    return sorted(periods, reverse=True)
