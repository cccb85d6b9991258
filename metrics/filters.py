import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric, MetricVersion
from people.models import Department


class MetricFilter(django_filters.FilterSet):
    """By words of name, code or definition in either language, by department, by direction."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, code or words of the definition")}
        ),
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=Department.objects.filter(metrics__isnull=False).distinct().in_order(),
        to_field_name="code",
        empty_label=_("All departments"),
    )
    direction = django_filters.ChoiceFilter(
        label=_("Better is"),
        field_name="current__direction",
        choices=MetricVersion.Direction.choices,
        empty_label=_("Any direction"),
    )

    class Meta:
        model = Metric
        fields = ("q", "department", "direction")

    def by_words(self, queryset: QuerySet[Metric], name: str, value: str) -> QuerySet[Metric]:
        """Every word must occur somewhere; the order does not matter."""
        fields = (
            "code",
            "name_en",
            "name_zh",
            "current__definition_en",
            "current__definition_zh",
            "current__pin_down_en",
            "current__pin_down_zh",
            "current__formula",
        )
        for word in value.replace("\x00", "").split()[:10]:
            hit = Q()
            for field in fields:
                hit |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(hit)
        return queryset
