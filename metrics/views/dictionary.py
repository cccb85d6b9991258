from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from metrics.filters import MetricFilter
from metrics.models import Metric
from metrics.tables import MetricTable


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The data dictionary: every metric with its definition, searched in both languages."""
    metrics = Metric.objects.visible_to(request.user).with_current().in_order()
    chosen = MetricFilter(request.GET, queryset=metrics)
    table = MetricTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": 100}).configure(table)
    return render(
        request,
        "metrics/dictionary.html",
        {"filter": chosen, "table": table, "total": len(table.rows), "all": metrics.count()},
    )
