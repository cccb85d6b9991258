import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from actions.models import Action


class ActionTable(tables.Table):
    """The columns, their order and their sorting. The rows are written by actions/table.html straight from the
    records: fifty rows cell by cell through the library cost several times the query behind them."""

    title = tables.Column(verbose_name=_("Action"), order_by=("title", "pk"))
    owner = tables.Column(verbose_name=_("Owner"), order_by=("owner__name_sort", "due_at", "pk"))
    department = tables.Column(
        verbose_name=_("Department"), order_by=("department__position", "due_at", "pk")
    )
    due_at = tables.Column(verbose_name=_("Deadline"), order_by=("due_at", "pk"))
    status = tables.Column(verbose_name=_("Status"), order_by=("status", "due_at", "pk"))
    acceptor = tables.Column(verbose_name=_("Acceptor"), order_by=("acceptor__name_sort", "due_at", "pk"))

    class Meta:
        model = Action
        fields = ("title", "owner", "department", "due_at", "status", "acceptor")
        template_name = "actions/table.html"
        attrs = {"id": "action-table"}
        order_by = ("due_at",)
