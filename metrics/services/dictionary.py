"""What the company does with its dictionary."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import history
from metrics.dictionary.formula import Formula, FormulaError, check_measures, parse
from metrics.models import Measure, Metric, MetricVersion


def read_formula(text: str) -> Formula:
    """Read a formula over the measures there are. Raises ValidationError with a sentence."""
    try:
        formula = parse(text)
        check_measures(formula, Measure.objects.values_list("code", flat=True))
    except FormulaError as error:
        raise ValidationError({"formula": str(error)}) from None
    return formula


@transaction.atomic
def define(*, metric: Metric, by: Any, today: date, **fields: Any) -> MetricVersion:
    """Give a metric a new definition: the next version, certified, valid from `today`, and from now on the current one.

    `fields` are those of MetricVersion (definition_en, definition_zh, formula, unit, decimals, direction, clock,
    tax_base, pin_down_en, pin_down_zh). Older versions stay as they are. Raises ValidationError.
    """
    # Two definitions at once wait for one another, so that their numbers differ.
    metric = Metric.objects.select_for_update().get(pk=metric.pk)
    formula = read_formula(fields["formula"])
    last = metric.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = MetricVersion(
        metric=metric,
        number=last + 1,
        aggregation=aggregation_of(formula),
        status=MetricVersion.Status.CERTIFIED,
        valid_from=today,
        **fields,
    )
    version.full_clean()
    version.save()
    Metric.objects.filter(pk=metric.pk).update(current=version)
    history.record(
        actor=by,
        verb="metrics.new_version",
        target=metric,
        before={"number": last} if last else None,
        after={"number": version.number, "formula": formula.text},
    )
    return version


def aggregation_of(formula: Formula) -> str:
    """How longer periods are made follows from the formula."""
    if formula.against:
        return MetricVersion.Aggregation.GROWTH
    return MetricVersion.Aggregation.RATIO if formula.is_ratio else MetricVersion.Aggregation.SUM
