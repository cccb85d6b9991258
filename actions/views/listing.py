from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from actions import exports, queries
from actions.filters import ActionFilter
from actions.models import Action
from actions.tables import ActionTable

PER_PAGE = 50
# More than anybody reads in a spreadsheet; keeps one request from holding the database.
MOST_EXPORTED = 50_000


@require_GET
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    """Who does what by when? The filter's form asks for the table alone."""
    now = timezone.now()
    chosen = ActionFilter(request.GET, queryset=Action.objects.visible_to(request.user), request=request)
    table = ActionTable(chosen.qs.with_people())
    # An unknown column in the address is no reason for an error.
    table.order_by = request.GET.getlist("sort") or ("due_at",)
    context = {"filter": chosen, "table": table, "now": now}
    if request.htmx and not request.htmx.boosted:
        _paginate(table, request)
        return render(request, "actions/list.html#table", context)
    standing = queries.standing(request.user, now)
    _paginate(table, request, known=None if chosen.is_narrowed else standing.open)
    context |= {"standing": standing, "selects": chosen.selects()}
    return render(request, "actions/list.html", context)


class CountedPaginator(Paginator):
    """Pages over rows that somebody has counted already, if `known`."""

    def __init__(self, *args, known: int | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if known is not None:
            self.count = known


def _paginate(table: ActionTable, request: HttpRequest, known: int | None = None) -> None:
    options = {"per_page": PER_PAGE, "paginator_class": CountedPaginator, "known": known}
    try:
        table.paginate(page=_page(request), **options)
    except EmptyPage:  # beyond the last one, as an old link may be
        table.paginate(page=table.paginator.num_pages, **options)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list, filtered and sorted as on the page, as CSV."""
    chosen = ActionFilter(request.GET, queryset=Action.objects.visible_to(request.user), request=request)
    table = ActionTable(chosen.qs.with_people())
    table.order_by = request.GET.getlist("sort") or ("due_at",)
    actions = table.data.data[:MOST_EXPORTED]
    response = StreamingHttpResponse(exports.csv_lines(list(actions)), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="actions-{day}.csv"'
    return response


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 8 else 1
