"""All decisions of all meetings that one may read."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from meetings.models import Decision
from meetings.register import DecisionFilter, DecisionTable, csv_lines

PER_PAGE = 50
# More than anybody reads in a spreadsheet; keeps one request from holding the database.
MOST_EXPORTED = 20_000


@require_GET
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    """What was decided, newest first; the filter's form asks for the table alone."""
    found, table = _found(request)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {"filter": found, "table": table}
    if request.htmx and not request.htmx.boosted:
        return render(request, "meetings/decisions.html#table", context)
    return render(request, "meetings/decisions.html", context | {"selects": found.selects()})


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same, filtered as on the page, as CSV."""
    found, _table = _found(request)
    rows = list(found.qs.order_by("-year", "-number")[:MOST_EXPORTED])
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="decisions-{day}.csv"'
    return response


def _found(request: HttpRequest) -> tuple[DecisionFilter, DecisionTable]:
    readable = (
        Decision.objects.visible_to(request.user)
        .with_marks()
        .select_related("meeting", "agenda_item__department", "decided_by", "supersedes")
    )
    found = DecisionFilter(request.GET, queryset=readable)
    return found, DecisionTable(found.qs)
