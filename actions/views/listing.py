"""The list of actions in its layouts, over one filter."""

from typing import Any

from django.core.paginator import EmptyPage, Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from actions import queries
from actions.layouts.board import board
from actions.layouts.calendar import calendar
from actions.layouts.load import load
from actions.layouts.timeline import timeline
from actions.order import GROUPS, Order, OrderedRows
from actions.showing import Layout, Showing, address
from actions.tables import ActionTable
from core.counting import MOST, CountedPaginator, capped_with_keys
from core.text import whole

PER_PAGE = 50
ICONS = {
    Layout.TABLE: "table",
    Layout.BOARD: "layout-kanban",
    Layout.TIMELINE: "list-details",
    Layout.CALENDAR: "calendar-event",
}


@require_GET
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    """Who does what by when? The filter's form asks for the list alone."""
    showing = Showing.of(request)
    if not request.GET and showing.usual is not None:
        return redirect(address(showing.usual))
    context = {
        "showing": showing,
        "filter": showing.filter,
        "now": showing.now,
        "layouts": [(code, label, ICONS[code]) for code, label in Layout.choices],
        "columns": ActionTable.offered(showing.columns),
    }
    # The form, and the links within the list, ask for its part of the page.
    if request.htmx and request.htmx.target == "shown":
        _none, keys = capped_with_keys([], showing.filter.counted)
        showing.filter.keep(keys)
        context["said"] = showing.filter.said(showing.filter.lists())
        return render(request, "actions/list.html#shown", context | _layout(request, showing, len(keys)))
    standing, keys = queries.standing(request.user, showing.now, showing.filter.seen, showing.filter.counted)
    showing.filter.keep(keys)
    lists = showing.filter.lists()
    context |= _layout(request, showing, len(keys))
    context |= {
        "standing": standing,
        "lists": lists,
        "said": showing.filter.said(lists),
        "groups": [(code, group.label) for code, group in GROUPS.items()],
        "views": [(view, address(view)) for view in showing.views],
        "page_keys": page_keys(),
    }
    return render(request, "actions/list.html", context)


@require_GET
def team_load(request: HttpRequest) -> HttpResponse:
    """Who has too much?"""
    showing = Showing.of(request)
    context = {"showing": showing, "filter": showing.filter, "lists": showing.filter.lists(), **load(showing)}
    return render(request, "actions/load.html", context)


def _layout(request: HttpRequest, showing: Showing, shown: int) -> dict[str, Any]:
    """What the layout's template draws; `shown` counts what the filter leaves."""
    if showing.layout == Layout.BOARD:
        drawn = board(showing)
    elif showing.layout == Layout.CALENDAR:
        drawn = calendar(showing, day=request.GET.get("day", ""), span=request.GET.get("span", ""))
    elif showing.layout == Layout.TIMELINE:
        # Over time one looks at somebody's work, so that people are the usual groups.
        order = Order(showing.order.sort, showing.order.group or "owner")
        page = _page(showing.pages(shown, order), request, shown)
        drawn = {"page": page, **timeline(list(page.object_list), order.group, showing.now)}
    else:
        rows = showing.pages(shown)
        table = ActionTable(rows, columns=showing.columns, order=showing.order, now=showing.now)
        table.paginate(
            page=_page(rows, request, shown).number,
            per_page=PER_PAGE,
            paginator_class=CountedPaginator,
            known=shown,
        )
        drawn = {"table": table, "page": table.page}
    return {"shown": shown, "most": MOST, **drawn}


def _page(rows: OrderedRows, request: HttpRequest, shown: int) -> Page:
    pages = CountedPaginator(rows, PER_PAGE, known=shown)
    try:
        return pages.page(max(whole(request.GET.get("page", "1")), 1))
    except EmptyPage:  # beyond the last one, as an old link may be
        return pages.page(pages.num_pages)


def page_keys() -> list[tuple[str, str]]:
    """The keys of the list, for its help."""
    return [
        ("j", _("Next action")),
        ("k", _("Previous action")),
        ("Enter", _("Open it")),
        ("x", _("Select it, or no longer")),
        ("e", _("Edit what is selected")),
        ("m", _("Move it on, on the board")),
    ]
