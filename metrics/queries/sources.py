"""Where figures come from: the files behind a metric."""

from collections.abc import Iterable, Sequence

from core.periods import Period
from metrics.dictionary.formula import parse
from metrics.models import Measure, Metric, Shop, Upload
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


def sources(*, metrics: Iterable[Metric], period: Period) -> dict[str, list[Upload]]:
    """The stored files behind each metric in a period, by its code; three statements, however many metrics.

    A metric that no report fills has none.
    """
    formulas = {metric.code: parse(metric.formula) for metric in metrics if metric.formula}
    codes = {code for formula in formulas.values() for code in formula.measures}
    measures = Measure.objects.filter(code__in=codes).values_list("code", "reports") if codes else ()
    reports = {code: frozenset(kinds) for code, kinds in measures}
    kinds = {
        code: frozenset().union(*(reports.get(measure, frozenset()) for measure in formula.measures))
        for code, formula in formulas.items()
    }
    wanted = frozenset().union(*kinds.values())
    if not wanted:
        return {}
    shops = list(Shop.objects.active())
    uploads = list(uploads_behind(reports=wanted, period=period, shops=shops))
    return {code: [upload for upload in uploads if upload.kind in each] for code, each in kinds.items()}
