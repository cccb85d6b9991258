"""The values of a metric, as the pages show them."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.periods import GRAINS, Period
from core.templatetags.figures import figure_words, percent
from core.text import aligned
from metrics.dictionary.formula import parse
from metrics.models import Measure, Metric, Shop
from metrics.queries import Coverage, CurrencyError, Point, series

WRONG_CALL = 2
# A day grain over ten years; more is a slip of the keyboard.
MOST_PERIODS = 4000


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            _("“%(text)s” is no date; write it like 2025-10-31.") % {"text": text}
        ) from None


class Command(BaseCommand):
    help = (
        "Print the values of a metric. A rate is a fraction (0.125 is 12.5 %), an amount is in the currency of the "
        "shop or in --currency. `base` is the period before; a period without reports has the value null."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the metric, such as orders or fba_fee_share")
        parser.add_argument("--shop", metavar="CODE", help="one shop; all active ones otherwise")
        parser.add_argument(
            "--from", dest="first", type=day, metavar="DAY", help="first day, such as 2025-02-01"
        )
        parser.add_argument("--to", dest="last", type=day, metavar="DAY", help="last day, included")
        parser.add_argument("--grain", choices=GRAINS, default="month", help="length of a period (month)")
        parser.add_argument("--currency", metavar="CUR", help="amounts in this currency, by monthly rates")
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        metric = self._metric(options["code"])
        shop = self._shop(options["shop"])
        start, end = self._range(metric, shop, options)
        if (end - start).days / len_in_days(options["grain"]) > MOST_PERIODS:
            raise wrong(_("These are too many periods: choose a longer grain or fewer days."))
        try:
            points = series(
                code=metric.code,
                grain=options["grain"],
                start=start,
                end=end,
                shop=shop,
                currency=options["currency"],
            )
        except CurrencyError as error:
            raise wrong(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps([as_json(point) for point in points]))
        else:
            self._write_table(metric, points)

    def _metric(self, code: str) -> Metric:
        metrics = {metric.code: metric for metric in Metric.objects.with_current()}
        if code in metrics:
            return metrics[code]
        near = get_close_matches(code.lower(), metrics, n=3, cutoff=0.5)
        near += [other for other in sorted(metrics) if code.lower() in other and other not in near][:3]
        if near:
            sentence = _("There is no metric “%(code)s”. Did you mean %(codes)s?")
            raise wrong(sentence % {"code": code, "codes": ", ".join(near)})
        raise wrong(_("There is no metric “%(code)s”.") % {"code": code})

    def _shop(self, code: str | None) -> Shop | None:
        if code is None:
            return None
        shop = Shop.objects.filter(code=code).first()
        if shop is None:
            known = ", ".join(Shop.objects.order_by("code").values_list("code", flat=True))
            raise wrong(
                _("There is no shop “%(code)s”. Known shops: %(known)s.")
                % {"code": code, "known": known or "—"}
            )
        return shop

    def _range(self, metric: Metric, shop: Shop | None, options: dict[str, Any]) -> tuple[date, date]:
        """The days that were asked for; what was left open is taken from the reports that are in."""
        first, last = options["first"], options["last"]
        if first is None or last is None:
            shops = [shop] if shop else list(Shop.objects.active())
            formula = parse(metric.formula).measures
            reports = [kind for kinds in measure_reports(formula) for kind in kinds]
            bounds = Coverage.of(shops).bounds(reports)
            if bounds is None and first is None and last is None:
                raise CommandError(_("No report has been imported yet, so there are no figures."))
            first = first or (bounds[0] if bounds else last)
            last = last or (bounds[1] - timedelta(days=1) if bounds else first)
        if last < first:
            raise wrong(
                _("The range ends (%(last)s) before it begins (%(first)s).") % {"first": first, "last": last}
            )
        return first, last + timedelta(days=1)

    def _write_table(self, metric: Metric, points: list[Point]) -> None:
        rows = [
            (
                point.period.code,
                str(point.period.start),
                str(point.period.last),
                figure_words(point.value, metric),
                figure_words(point.base, metric),
                percent(point.growth),
                "" if point.is_complete or point.value is None else _("incomplete"),
            )
            for point in points
        ]
        head = (_("period"), _("from"), _("to"), _("value"), _("period before"), _("growth"), "")
        self.stdout.write(f"{metric.name} ({metric.code})")
        self.stdout.write(aligned([head, *rows], numbers=(3, 4, 5)))


def wrong(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG_CALL)


def len_in_days(grain: str) -> int:
    return Period.containing(date(2025, 1, 1), grain).days  # type: ignore[arg-type]


def measure_reports(codes: Iterable[str]) -> Iterable[list[str]]:
    return Measure.objects.filter(code__in=codes).values_list("reports", flat=True)


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def as_json(point: Point) -> dict[str, Any]:
    return {
        "period": point.period.code,
        "from": point.period.start.isoformat(),
        "to": point.period.last.isoformat(),
        "value": number(point.value),
        "base": number(point.base),
        "growth": number(point.growth),
    }
