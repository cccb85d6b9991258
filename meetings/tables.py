"""The lists of meetings as tables. The view hands them querysets with their joins and counts."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting


class MeetingColumns(tables.Table):
    starts_at = tables.TemplateColumn(
        "{% load times %}{% when record.starts_at short=True %}",
        verbose_name=_("When"),
        order_by=("starts_at", "pk"),
    )
    title = tables.TemplateColumn(
        template_name="meetings/_title_cell.html", verbose_name=_("Meeting"), order_by=("title", "pk")
    )
    host = tables.TemplateColumn(
        "{% load ui %}{% person record.host %}", verbose_name=_("Host"), order_by=("host__name_sort", "pk")
    )


class UpcomingTable(MeetingColumns):
    readiness = tables.TemplateColumn(
        template_name="meetings/_readiness_cell.html", verbose_name=_("Ready?"), orderable=False
    )

    class Meta:
        model = Meeting
        fields = ("starts_at", "title", "readiness", "host")
        sequence = fields
        prefix = "next-"
        attrs = {"id": "upcoming"}
        order_by = ("starts_at",)
        empty_text = _("No meeting is planned.")


class PastTable(MeetingColumns):
    outcome = tables.TemplateColumn(
        template_name="meetings/_outcome_cell.html", verbose_name=_("Outcome"), orderable=False
    )

    class Meta:
        model = Meeting
        fields = ("starts_at", "title", "outcome", "host")
        sequence = fields
        prefix = "past-"
        attrs = {"id": "past"}
        order_by = ("-starts_at",)
        empty_text = _("No meeting was held yet.")
