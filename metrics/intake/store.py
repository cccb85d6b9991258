"""Figures into the database: staged by COPY, the slice replaced, the daily totals rebuilt, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from core.periods import Period
from metrics import arrivals
from metrics.dictionary.load import ensure
from metrics.intake.outcome import Outcome, Stated
from metrics.intake.problems import Problems, Refusal
from metrics.models import Measure, Product, Shop, Upload

if TYPE_CHECKING:  # they bring numpy, which pages do not need
    from metrics.intake.kinds.base import Figure, Tally

FOUR_PLACES = Decimal("0.0001")


class Superseded(Exception):
    """Another worker has taken this upload over; what was read here is thrown away."""


class AlreadyStored(Exception):
    """The same bytes came in through another upload while this one was being read."""

    def __init__(self, original: Upload) -> None:
        super().__init__(original.pk)
        self.original = original


@dataclass
class Entry:
    """What one file is about to put into the figures."""

    outcome: Outcome
    shop: Shop
    figures: "list[Figure]"
    # SKU → (ASIN, title)
    titles: dict[str, tuple[str, str]]
    period_is_stated: bool

    @classmethod
    def of(cls, outcome: Outcome, shop: Shop | None, tally: "Tally", stated: Stated) -> "Entry":
        """The values of a file that was found sound, so that shop and period are known."""
        assert shop
        assert outcome.dates
        figures = list(tally.figures(*outcome.dates))
        return cls(outcome, shop, figures, tally.titles, period_is_stated=bool(stated.period))

    def totals(self) -> dict[str, Decimal]:
        """The sum of each measure over the period, of the values as they are stored."""
        sums: dict[str, Decimal] = {}
        for measure, _day, _sku, value in self.figures:
            sums[measure] = sums.get(measure, Decimal(0)) + value.quantize(FOUR_PLACES)
        return sums

    @property
    def period(self) -> Period:
        assert self.outcome.period
        return self.outcome.period


def check(entry: Entry, problems: Problems) -> None:
    """Tell what stands in the way of the slice: a stored file that overlaps it, or covers more of it."""
    if not entry.shop.pk:
        return
    for other in overlapping(entry.shop, entry.outcome.kind, entry.period):
        if not is_within(other, entry.period):
            problems.add(
                "error",
                "period_overlaps",
                period=entry.period.code,
                file=other.original_name,
                other=other.period.code if other.period else "",
            )
        elif not entry.period_is_stated and _covers_more(other, entry.outcome.evidence):
            problems.add(
                "error",
                "fewer_days",
                first=entry.outcome.evidence["first_day"],
                last=entry.outcome.evidence["last_day"],
                file=other.original_name,
            )


def overlapping(shop: Shop, kind: str, period: Period) -> list[Upload]:
    """The stored uploads of a report and shop that speak of some of these days."""
    return list(
        Upload.objects.stored()
        .filter(shop=shop, kind=kind, period_start__lt=period.end, period_end__gt=period.start)
        .order_by("period_start", "pk")
    )


def is_within(other: Upload, period: Period) -> bool:
    return bool(
        other.period_start
        and other.period_end
        and period.start <= other.period_start
        and other.period_end <= period.end
    )


def _covers_more(other: Upload, evidence: dict[str, Any]) -> bool:
    """Whether the stored file reaches further by more than the days that may well be quiet."""
    if not other.evidence.get("last_day") or not evidence.get("last_day"):
        return False
    grace = timedelta(days=3)
    return (
        date.fromisoformat(other.evidence["last_day"]) - date.fromisoformat(evidence["last_day"]) > grace
        or date.fromisoformat(evidence["first_day"]) - date.fromisoformat(other.evidence["first_day"]) > grace
    )


def save(entry: Entry, upload: Upload | None) -> None:
    """Make the entry the valid figures of its slice.

    Raises Refusal when the slice was taken meanwhile, AlreadyStored when the same bytes were.

    One transaction: the shop's figures are locked, the values written, older uploads within the period become
    superseded, and the daily totals of all days concerned are added up anew.
    """
    assert upload, "figures belong to an upload"
    outcome = entry.outcome
    with transaction.atomic():
        if not entry.shop.pk:
            entry.shop, _made = Shop.objects.get_or_create(
                code=entry.shop.code,
                defaults={name: getattr(entry.shop, name) for name in SHOP_FIELDS},
            )
        lock(entry.shop)
        same = Upload.objects.stored().filter(sha256=upload.sha256, shop=entry.shop, kind=outcome.kind)
        if original := same.exclude(pk=upload.pk).first():
            raise AlreadyStored(original)
        again = Problems()
        check(entry, again)
        if again.errors:
            raise _Refused(again)
        replaced = overlapping(entry.shop, outcome.kind, entry.period)
        Upload.objects.filter(pk__in=[other.pk for other in replaced], state=Upload.State.STORED).update(
            state=Upload.State.SUPERSEDED
        )
        # The number of the attempt is the fence: a worker that was thought dead finds it changed.
        mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.RUNNING, attempts=upload.attempts)
        if not mine.update(
            state=Upload.State.STORED,
            step=Upload.Step.DONE,
            progress=100,
            finished_at=timezone.now(),
            shop=entry.shop,
            **facts(outcome),
        ):
            raise Superseded
        _copy(entry, upload)
        rebuild(entry.shop, [entry.period, *(other.period for other in replaced if other.period)])


class _Refused(Refusal):
    def __init__(self, problems: Problems) -> None:
        Exception.__init__(self, "refused")
        self.problem = problems.listed[0]


SHOP_FIELDS = ("name", "platform", "marketplace", "region", "currency", "time_zone")


def facts(outcome: Outcome) -> dict[str, Any]:
    """What an upload's row keeps of its outcome, whatever became of it."""
    return {
        "kind": outcome.kind,
        "period_start": outcome.period.start if outcome.period else None,
        "period_end": outcome.period.end if outcome.period else None,
        "currency": outcome.currency,
        "encoding": outcome.encoding,
        "delimiter": outcome.delimiter,
        "header_line": outcome.header_line,
        "locale": outcome.locale,
        "rows_read": outcome.rows_read,
        "rows_accepted": outcome.rows_accepted,
        "rows_rejected": outcome.rows_rejected,
        "rows_ignored": outcome.rows_ignored,
        "totals": outcome.totals_as_text(),
        "evidence": outcome.evidence,
    }


def lock(shop: Shop) -> None:
    """Only one transaction at a time changes the figures of a shop; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metrics.figures'), %s)", [shop.pk])


def _copy(entry: Entry, upload: Upload) -> None:
    measures = measure_ids({measure for measure, *_rest in entry.figures})
    products = _products(entry)
    statement = "COPY metrics_observation (measure_id, day, shop_id, product_id, upload_id, value) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for measure, day, sku, value in entry.figures:
            copy.write_row(
                (
                    measures[measure],
                    day,
                    entry.shop.pk,
                    products[sku] if sku else None,
                    upload.pk,
                    value.quantize(FOUR_PLACES),
                )
            )


def measure_ids(codes: set[str]) -> dict[str, int]:
    """The keys of measures by code; the dictionary is completed first if it lacks one."""
    known = dict(Measure.objects.filter(code__in=codes).values_list("code", "pk"))
    if codes - known.keys():
        ensure()
        known = dict(Measure.objects.filter(code__in=codes).values_list("code", "pk"))
    if missing := codes - known.keys():
        raise LookupError(f"The dictionary has no measure called {', '.join(sorted(missing))}.")
    return known


def _products(entry: Entry) -> dict[str, int]:
    """Keys of the products by SKU, made where they are new; an earlier first sale is noted."""
    sold: dict[str, date] = {}
    skus = set()
    for measure, day, sku, value in entry.figures:
        if sku:
            skus.add(sku)
            if measure == "units" and value > 0:
                sold[sku] = min(day, sold.get(sku, day))
    Product.objects.bulk_create(
        (
            Product(
                shop=entry.shop,
                sku=sku,
                asin=entry.titles.get(sku, ("", ""))[0][:20],
                title=entry.titles.get(sku, ("", ""))[1][:500],
                first_sold_date=sold.get(sku),
            )
            for sku in sorted(skus)
        ),
        ignore_conflicts=True,
    )
    for product in Product.objects.filter(shop=entry.shop, sku__in=sold):
        if product.first_sold_date is None or sold[product.sku] < product.first_sold_date:
            Product.objects.filter(pk=product.pk).update(first_sold_date=sold[product.sku])
    return dict(Product.objects.filter(shop=entry.shop, sku__in=skus).values_list("sku", "pk"))


def rebuild(shop: Shop, periods: Iterable[Period]) -> None:
    """Add up the daily totals of these days anew from the observations that count. Hold the shop's lock."""
    arrivals.announce(shop.pk)
    days = list(periods)
    first, last = min(period.start for period in days), max(period.end for period in days)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM metrics_dailytotal WHERE shop_id = %s AND day >= %s AND day < %s",
            [shop.pk, first, last],
        )
        cursor.execute(
            """
            INSERT INTO metrics_dailytotal (measure_id, shop_id, day, value)
            SELECT o.measure_id, o.shop_id, o.day, sum(o.value)
            FROM metrics_observation o
            JOIN metrics_upload u ON u.id = o.upload_id AND u.state = 'stored'
            WHERE o.shop_id = %s AND o.day >= %s AND o.day < %s
            GROUP BY o.measure_id, o.shop_id, o.day
            """,
            [shop.pk, first, last],
        )
