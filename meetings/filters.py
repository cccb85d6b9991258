import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, Template
from people.models import User


def _types() -> list[tuple[str, str]]:
    return [(template.code, template.name) for template in Template.objects.current().in_order()]


class MeetingFilter(django_filters.FilterSet):
    """By words of title, place or host, by type, by status."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Title, place or host")}),
    )
    type = django_filters.ChoiceFilter(
        label=_("Type"), field_name="template__code", empty_label=_("All types"), choices=_types
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Meeting.Status.choices, empty_label=_("Any status")
    )

    class Meta:
        model = Meeting
        fields = ("q", "type", "status")

    def by_words(self, queryset: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        """Every word must occur somewhere; the order does not matter.

        Hosts are looked up first: an OR across a join would keep the database from using its indexes.
        """
        for word in value.replace("\x00", "").split()[:10]:
            hosts = list(User.objects.filter(name__icontains=word).values_list("pk", flat=True))
            queryset = queryset.filter(Q(search__contains=word.upper()) | Q(host__in=hosts))
        return queryset
