import django_tables2 as tables
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric, Upload, UploadProblem


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


class UploadTable(tables.Table):
    """Files that were handed in; the view joins shop and person and counts the problems."""

    file = tables.TemplateColumn(
        template_name="metrics/_upload_file.html",
        verbose_name=_("File"),
        order_by=("original_name", "pk"),
    )
    report = tables.TemplateColumn(
        template_name="metrics/_upload_report.html",
        verbose_name=_("Report and period"),
        order_by=("kind", "period_start", "pk"),
    )
    state = tables.TemplateColumn(
        template_name="metrics/_upload_state.html", verbose_name=_("State"), order_by=("state", "pk")
    )
    rows = tables.TemplateColumn(
        '{% load figures %}{{ record.rows_read|figure:"count" }}',
        verbose_name=_("Rows"),
        order_by=("rows_read", "pk"),
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    problems = tables.TemplateColumn(
        template_name="metrics/_upload_problems.html",
        verbose_name=_("Problems"),
        order_by=("errors", "warnings", "pk"),
    )
    by = tables.TemplateColumn(
        "{% load ui %}{% if record.created_by %}{% person record.created_by %}{% else %}—{% endif %}",
        verbose_name=_("By"),
        order_by=("created_by__name_sort", "pk"),
    )
    at = tables.TemplateColumn(
        "{% load times %}{% when record.created_at short=True %}",
        verbose_name=_("Handed in"),
        order_by=("created_at", "pk"),
    )

    class Meta:
        model = Upload
        fields = ("file", "report", "state", "rows", "problems", "by", "at")
        sequence = fields
        attrs = {"id": "uploads"}


class ProblemTable(tables.Table):
    """Every problem of a file on its own line."""

    level = tables.TemplateColumn(
        template_name="metrics/_problem_level.html",
        verbose_name=_("Weight"),
        order_by=("level", "line", "pk"),
    )
    line = tables.Column(
        verbose_name=_("Line"),
        order_by=("line", "pk"),
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    column = tables.Column(verbose_name=_("Column"), order_by=("column", "line", "pk"))
    text = tables.TemplateColumn(
        '{% if value %}<code dir="auto">{{ value }}</code>{% else %}—{% endif %}',
        verbose_name=_("What stands there"),
        orderable=False,
    )
    message = tables.Column(verbose_name=_("Why it matters"), accessor="message", orderable=False)

    class Meta:
        model = UploadProblem
        fields = ("level", "line", "column", "text", "message")
        sequence = fields
        attrs = {"id": "problems"}
