import django_tables2 as tables
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric


class MetricTable(tables.Table):
    """The data dictionary. The view joins department and current version."""

    name = tables.TemplateColumn(template_name="metrics/_name_cell.html", verbose_name=_("Metric"))
    definition = tables.Column(verbose_name=_("Definition"), accessor="definition", orderable=False)
    department = tables.Column(
        verbose_name=_("Department"), order_by=("department__position", "position", "pk")
    )
    unit = tables.Column(
        verbose_name=_("Unit"), accessor="current__get_unit_display", order_by=("current__unit", "pk")
    )
    direction = tables.Column(
        verbose_name=_("Better is"),
        accessor="current__get_direction_display",
        order_by=("current__direction", "pk"),
    )

    class Meta:
        model = Metric
        fields = ("name", "definition", "department", "unit", "direction")
        sequence = fields
        attrs = {"id": "dictionary"}
        empty_text = _("No metric has these words. Try fewer, or another department.")

    def order_name(self, queryset, is_descending):
        field = "name_zh" if (get_language() or "").startswith("zh") else "name_en"
        return queryset.order_by(f"-{field}" if is_descending else field, "pk"), True
