"""Where figures come from: the files behind a metric."""

from collections.abc import Iterable, Sequence

from core.periods import Period
from metrics.models import Shop, Upload
from metrics.models.uploads import UploadQuerySet


def uploads_behind(*, reports: Iterable[str], period: Period, shops: Sequence[Shop]) -> UploadQuerySet:
    """The stored files of these kinds whose figures fall into the period, the latest period first."""
    return (
        Upload.objects.stored()
        .with_names()
        .filter(
            kind__in=list(reports),
            shop__in=[shop.pk for shop in shops],
            period_start__lt=period.end,
            period_end__gt=period.start,
        )
        .order_by("-period_start", "kind", "pk")
    )
