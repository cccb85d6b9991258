"""The register of decisions: its filter, its table, and the file for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator

import django_filters
import django_tables2 as tables
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.text import safe_cell, whole
from meetings.models import Decision
from meetings.models.decision import DecisionQuerySet
from people.models import Department, User


def _years() -> list[tuple[int, str]]:
    years = Decision.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, str(year)) for year in years]


class DecisionFilter(django_filters.FilterSet):
    """By words or number, year, type, outcome, and the department whose item it fell in."""

    q = django_filters.CharFilter(
        label=_("Search in decisions, or a number such as 2026-014"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    year = django_filters.ChoiceFilter(label=_("Year"), choices=_years, empty_label=_("All years"))
    kind = django_filters.ChoiceFilter(
        label=_("Type"), choices=Decision.Kind.choices, empty_label=_("All types")
    )
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"),
        method="by_outcome",
        choices=[*Decision.Outcome.choices, ("replaced", _("replaced by a later one"))],
        empty_label=_("Any outcome"),
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        field_name="agenda_item__department",
        queryset=Department.objects.in_order(),
        empty_label=_("All departments"),
    )

    class Meta:
        model = Decision
        fields = ("q", "year", "kind", "outcome", "department")

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def selects(self) -> list[tuple[forms.BoundField, list[tuple[object, str]]]]:
        """The fields with a list to choose from, each list read once."""
        fields = self.form.fields
        return [
            (self.form[name], [choice for choice in fields[name].choices])  # noqa: C416
            for name in ("year", "kind", "outcome", "department")
        ]

    def by_words(self, decisions: DecisionQuerySet, _name: str, words: str) -> QuerySet[Decision]:
        """Every word occurs somewhere in it, or in the meeting's title, or it is the number."""
        year, dash, number = words.strip().partition("-")
        if dash and len(year) == 4 and whole(year) and whole(number):
            return decisions.filter(year=whole(year), number=whole(number))
        for word in words.replace("\x00", "").split()[:10]:
            # People are looked up first: an OR across a join keeps the database from using its indexes.
            people = User.objects.filter(name__icontains=word).values("pk")
            decisions = decisions.filter(
                Q(text__icontains=word)
                | Q(options__icontains=word)
                | Q(chosen__icontains=word)
                | Q(meeting__title__icontains=word)
                | Q(decided_by__in=people)
            )
        return decisions

    def by_outcome(self, decisions: DecisionQuerySet, _name: str, outcome: str) -> QuerySet[Decision]:
        if outcome == "replaced":
            later = Decision.objects.filter(outcome=Decision.Outcome.DECIDED, supersedes__isnull=False)
            return decisions.filter(pk__in=later.values("supersedes"))
        return decisions.filter(outcome=outcome)


class DecisionTable(tables.Table):
    code = tables.TemplateColumn(
        '<a class="num decision-code" href="{{ record.get_absolute_url }}">{{ record.code }}</a>',
        verbose_name=_("Number"),
        order_by=("year", "number"),
    )
    text = tables.TemplateColumn(
        template_name="meetings/_register_text.html", verbose_name=_("Decision"), orderable=False
    )
    outcome = tables.TemplateColumn(
        '{% include "meetings/_decision_marks.html" with decision=record %}',
        verbose_name=_("Outcome"),
        order_by=("outcome", "-year", "-number"),
    )
    decided_by = tables.TemplateColumn(
        "{% load ui %}{% if record.decided_by %}{% person record.decided_by 'xs' %}{% else %}—{% endif %}",
        verbose_name=_("Decided by"),
        order_by=("decided_by__name_sort", "-year", "-number"),
    )
    meeting = tables.TemplateColumn(
        template_name="meetings/_register_meeting.html",
        verbose_name=_("Meeting"),
        order_by=("meeting__starts_at", "number"),
    )

    class Meta:
        model = Decision
        fields = ("code", "text", "outcome", "decided_by", "meeting")
        attrs = {"id": "decision-table"}
        order_by = ("-code",)


# --- the file ------------------------------------------------------------------------------------------------
class _Echo:
    """A file that hands back what is written into it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(decisions: Iterable[Decision]) -> Iterator[str]:
    """Header and rows, UTF-8 with the mark that makes spreadsheets read it as such; no cell runs as a formula."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(
        [
            gettext("Number"),
            gettext("Type"),
            gettext("Outcome"),
            gettext("Decision"),
            gettext("Options considered"),
            gettext("Recommendation"),
            gettext("Chosen"),
            gettext("Dissent"),
            gettext("Decided by"),
            gettext("Deferred until"),
            gettext("Replaces"),
            gettext("Replaced by"),
            gettext("Department"),
            gettext("Meeting"),
            pgettext("of a meeting", "Day"),
            gettext("Link"),
        ]
    )
    for decision in decisions:
        yield writer.writerow([safe_cell(cell) for cell in _cells(decision)])


def _cells(decision: Decision) -> list[str]:
    item, meeting = decision.agenda_item, decision.meeting
    return [
        decision.code,
        str(decision.get_kind_display()),
        str(decision.get_outcome_display()),
        decision.text,
        decision.options,
        decision.recommendation,
        decision.chosen,
        decision.dissent,
        str(decision.decided_by or ""),
        decision.deferred_until.isoformat() if decision.deferred_until else "",
        decision.supersedes.code if decision.supersedes else "",
        decision.replaced_by_code,
        item.department.name if item and item.department else "",
        meeting.title,
        (meeting.started_at or meeting.starts_at).astimezone(meeting.zone).date().isoformat(),
        f"{settings.SITE_URL}{decision.get_absolute_url()}",
    ]
