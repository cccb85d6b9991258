"""What is in and what is missing: uploads as lists, and the months of each shop's reports."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from django.db.models import Count, Q

from core.periods import Period
from metrics.intake.names import TAKEN, name_of
from metrics.models import Shop, Upload, UploadProblem
from metrics.models.uploads import UploadQuerySet

MOST_MONTHS = 24


def listed(uploads: UploadQuerySet) -> UploadQuerySet:
    """Uploads for a table: with shop, person and numbers of problems, newest first. One query."""
    return (
        uploads.with_names()
        .annotate(
            errors=Count("problems", filter=Q(problems__level=UploadProblem.Level.ERROR)),
            warnings=Count("problems", filter=Q(problems__level=UploadProblem.Level.WARNING)),
        )
        .newest_first()
    )


@dataclass(frozen=True)
class Month:
    """One month of one report: in whole or in part by an upload, missing between others, or before or after all."""

    period: Period
    upload: Upload | None
    state: Literal["in", "partly", "missing", "outside"]


@dataclass(frozen=True)
class Report:
    """The months of one kind of report of a shop, oldest first."""

    kind: str
    months: list[Month]

    @property
    def name(self) -> str:
        return name_of(self.kind)

    @property
    def gaps(self) -> list[Period]:
        """Missing months between the first and the last that are in: those nobody can be waiting for."""
        return [month.period for month in self.months if month.state == "missing"]


@dataclass(frozen=True)
class ShopReports:
    shop: Shop
    reports: list[Report]


@dataclass(frozen=True)
class Gap:
    shop: Shop
    name: str
    period: Period


def gaps(shops: Iterable[ShopReports]) -> list[Gap]:
    """What is missing between the months that are in, the latest first."""
    found = [
        Gap(entry.shop, report.name, period)
        for entry in shops
        for report in entry.reports
        for period in report.gaps
    ]
    return sorted(found, key=lambda gap: gap.period, reverse=True)


def coverage(shops: Iterable[Shop]) -> list[ShopReports]:
    """For each shop and report, month by month, which upload holds the figures. One query.

    All reports of all shops run over the same months, from the first to the last that anything covers (the last two
    years of them), so that rows can be compared.
    """
    shops = list(shops)
    stored = list(
        Upload.objects.stored().filter(shop__in=shops, kind__in=TAKEN).order_by("period_start", "pk")
    )
    months = _months(stored)
    return [
        ShopReports(shop, [Report(kind, _timeline(months, _of(stored, shop, kind))) for kind in TAKEN])
        for shop in shops
    ]


def _of(uploads: list[Upload], shop: Shop, kind: str) -> list[Upload]:
    return [upload for upload in uploads if upload.shop_id == shop.pk and upload.kind == kind]


def _timeline(months: list[Period], uploads: list[Upload]) -> list[Month]:
    """One report's months. What is absent before its first and after its last month is not missing but outside."""
    timeline = [_month(month, uploads) for month in months]
    known = [position for position, month in enumerate(timeline) if month.upload]
    return [
        replace(month, state="outside")
        if month.upload is None and not (known and known[0] < position < known[-1])
        else month
        for position, month in enumerate(timeline)
    ]


def _months(stored: list[Upload]) -> list[Period]:
    starts = [upload.period_start for upload in stored if upload.period_start]
    ends = [upload.period_end for upload in stored if upload.period_end]
    if not starts:
        return []
    whole = Period(min(starts), max(ends))
    return list(whole.split("month"))[-MOST_MONTHS:]


def _month(month: Period, uploads: list[Upload]) -> Month:
    touching = [(_shared(upload, month), upload) for upload in uploads]
    touching = [(days, upload) for days, upload in touching if days > 0]
    if not touching:
        return Month(month, None, "missing")
    covered = sum(days for days, _upload in touching)
    _most, upload = max(touching, key=lambda pair: pair[0])
    return Month(month, upload, "in" if covered == month.days else "partly")


def _shared(upload: Upload, month: Period) -> int:
    start, end = upload.period_start or date.max, upload.period_end or date.min
    return (min(end, month.end) - max(start, month.start)).days
