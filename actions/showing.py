"""What one request to the list of actions asks for: which ones, in which layout, order and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from actions.filters import ActionFilter
from actions.models import ActionQuerySet, SavedView
from actions.order import USUAL, Order, OrderedRows, Walk
from actions.tables import ActionTable
from core.counting import MOST
from core.text import whole
from people.models import User

Layout = SavedView.Layout
MOST_VIEWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    filter: ActionFilter
    user: User
    layout: str
    order: Order
    columns: list[str]
    views: list[SavedView]
    # The saved view that the address names, and the one that opens when one comes without an address.
    view: SavedView | None
    usual: SavedView | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Showing":
        user = cast("User", request.user)
        views = list(views_of(user))
        named = whole(request.GET.get("view", ""))
        view = next((one for one in views if one.pk == named), None)
        usual = next((one for one in views if one.is_default and one.owner_id == user.pk), None)
        return cls(
            filter=ActionFilter.of(request),
            user=user,
            layout=layout if (layout := request.GET.get("layout", "")) in Layout else Layout.TABLE,
            order=Order.read(request.GET.get("sort", ""), request.GET.get("group", "")),
            columns=_columns(request.GET.get("columns", ""), view, usual),
            views=views,
            view=view,
            usual=usual,
        )

    @property
    def now(self) -> datetime:
        return self.filter.now

    @property
    def actions(self) -> ActionQuerySet:
        """Those that fit, in no order."""
        return self.filter.actions

    def rows(self, order: Order | None = None) -> ActionQuerySet:
        """Those that fit, in their order, with the people a line names."""
        order = order or self.order
        return order.apply(self.actions, is_published=self.filter.is_published).with_people()

    def pages(self, shown: int, order: Order | None = None) -> OrderedRows:
        """The same, to be cut into pages; of `shown` rows (see `core.counting`). What is few is sorted at once."""
        order = order or self.order
        walks = shown > MOST and self.filter.is_published and Walk.suits(order)
        return OrderedRows(self.rows(order), Walk(self.actions, order) if walks else None)

    def query(self) -> str:
        """Filter, layout and order as they are kept with a view."""
        kept = QueryDict(self.filter.query(), mutable=True)
        for name, value, plain in (
            ("layout", self.layout, Layout.TABLE),
            ("sort", self.order.sort, USUAL),
            ("group", self.order.group, ""),
        ):
            if value != plain:
                kept[name] = value
        return kept.urlencode()

    @property
    def is_changed(self) -> bool:
        """Whether the open view would look otherwise if it were opened anew."""
        return self.view is not None and (
            QueryDict(self.view.query) != QueryDict(self.query())
            or ActionTable.chosen(self.view.columns) != self.columns
        )

    @property
    def may_change_view(self) -> bool:
        return self.view is not None and self.view.owner_id == self.user.pk


def views_of(user: User) -> Sequence[SavedView]:
    """One's own views and those that others share, one's own first."""
    seen = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    rows = seen.order_by("position", "name", "pk")[:MOST_VIEWS]
    return sorted(rows, key=lambda view: view.owner_id != user.pk)


def address(view: SavedView) -> str:
    """Where a saved view opens; the whole filter stands there, so that it can be changed from there."""
    query = QueryDict(view.query, mutable=True)
    query["view"] = str(view.pk)
    return f"{reverse('actions:list')}?{query.urlencode()}"


def _columns(asked: str, view: SavedView | None, usual: SavedView | None) -> list[str]:
    if asked:
        return ActionTable.chosen(asked.split(","))
    chosen = view or usual
    return ActionTable.chosen(chosen.columns if chosen is not None else [])
