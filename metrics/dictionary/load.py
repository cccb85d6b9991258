"""Bring the dictionary that comes with a release into the database."""

import hashlib
import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import history
from metrics.dictionary.entries import METRICS, MetricData
from metrics.dictionary.formula import Formula, check_measures, parse
from metrics.dictionary.measures import MEASURES
from metrics.models import Measure, Metric, MetricVersion
from metrics.services.dictionary import aggregation_of
from people.models import Department


@transaction.atomic
def ensure(*, today: date | None = None) -> int:
    """Load measures and metrics; returns how many versions of metrics were written. Safe to run again.

    Measures are described anew each time. A metric is never rewritten: where the definition that comes with this
    release differs from the one that came last, a new certified version is added and becomes the current one; the
    figures of before stay explained by the old one. Names, department and owner of an existing metric stay as the
    company set them, and so does a version that the company wrote itself.

    Raises FormulaError when a formula cannot be read or names an unknown measure.
    """
    _describe_measures()
    metrics = _metrics()
    shipped = _last_shipped()
    changed = [data for data in METRICS if fingerprint(data) != shipped.get(metrics[data.code].pk)]
    publish(entries=[(metrics[data.code], data) for data in changed], today=today or timezone.localdate())
    return len(changed)


def publish(*, entries: list[tuple[Metric, MetricData]], today: date) -> list[MetricVersion]:
    """Write the next version of each metric, certified and valid from `today`, and make it the current one."""
    versions = []
    for metric, data in entries:
        before = metric.current.number if metric.current else 0
        version = MetricVersion(
            metric=metric,
            number=before + 1,
            aggregation=aggregation_of(_formula(data)),
            status=MetricVersion.Status.CERTIFIED,
            valid_from=today,
            fingerprint=fingerprint(data),
            **data.version(),
        )
        version.full_clean(exclude=["metric"], validate_unique=False, validate_constraints=False)
        versions.append(version)
        if before:
            history.record(
                actor=None,
                verb="metrics.new_version",
                target=metric,
                before={"number": before},
                after={"number": version.number, "formula": data.formula},
            )
    MetricVersion.objects.bulk_create(versions)
    for version in versions:
        version.metric.current = version
    Metric.objects.bulk_update([version.metric for version in versions], ["current"])
    return versions


def fingerprint(data: MetricData) -> str:
    """Tells two definitions of a metric apart."""
    text = json.dumps(data.version(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _formula(data: MetricData) -> Formula:
    formula = parse(data.formula)
    check_measures(formula, (measure.code for measure in MEASURES))
    return formula


def _describe_measures() -> None:
    fields = ["kind", "grain", "unit", "name_en", "name_zh", "definition_en", "definition_zh"]
    Measure.objects.bulk_create(
        [
            Measure(
                code=data.code, reports=list(data.reports), **{name: getattr(data, name) for name in fields}
            )
            for data in MEASURES
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*fields, "reports"],
    )


def _metrics() -> dict[str, Metric]:
    """All metrics by code; those that are missing are made."""
    departments = {department.code: department for department in Department.objects.all()}
    known = {metric.code: metric for metric in Metric.objects.select_related("current")}
    missing = [
        Metric(
            code=data.code,
            name_en=data.name_en,
            name_zh=data.name_zh,
            department=departments.get(data.department),
            position=position * 10,
            is_key=data.is_key,
        )
        for position, data in enumerate(METRICS, start=1)
        if data.code not in known
    ]
    _fill_departments(known, departments)
    return known | {metric.code: metric for metric in Metric.objects.bulk_create(missing)}


def _fill_departments(metrics: dict[str, Metric], departments: dict[str, Department]) -> None:
    """Metrics that were loaded before the departments were there belong to nobody yet."""
    lonely = []
    for data in METRICS:
        metric, department = metrics.get(data.code), departments.get(data.department)
        if metric and department and metric.department_id is None:
            metric.department = department
            lonely.append(metric)
    if lonely:
        Metric.objects.bulk_update(lonely, ["department"])


def _last_shipped() -> dict[int, str]:
    """Metric → fingerprint of the newest version that came with a release."""
    rows = (
        MetricVersion.objects.exclude(fingerprint="").order_by("number").values_list("metric", "fingerprint")
    )
    return dict(rows)
