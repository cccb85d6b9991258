from typing import cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models import Action, ActionQuerySet
from actions.queries import WEEK
from meetings.models import Meeting
from people.models import Department, User

# Sets of statuses that people ask for, before the single ones.
GROUPS = [
    ("open", _("All open")),
    ("finished", _("all finished")),
    ("draft", _("drafts")),
    ("all", _("all, without drafts")),
]
STATUSES = [*(code for code, _label in GROUPS), *Action.Status.values]
MOST_MEETINGS = 100


def recent_meetings(request: HttpRequest) -> QuerySet:
    """The meetings one may read that have begun, newest first; older ones are reached from their own page."""
    held = Meeting.objects.visible_to(cast("User", request.user)).filter(started_at__isnull=False)
    newest = held.order_by("-starts_at").values("pk")[:MOST_MEETINGS]
    return Meeting.objects.filter(pk__in=newest).only("title").order_by("-starts_at", "-pk")


class ActionFilter(django_filters.FilterSet):
    """What the list shows; everything stands in the address, so that a view can be kept and sent to somebody."""

    q = django_filters.CharFilter(
        method="in_text", label=_("Search"), widget=forms.TextInput(attrs={"type": "search"})
    )
    status = django_filters.ChoiceFilter(
        method="in_status",
        label=_("Status"),
        choices=[*GROUPS, *Action.Status.choices],
        empty_label=None,
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.in_order(), empty_label=_("All departments")
    )
    meeting = django_filters.ModelChoiceFilter(
        label=_("Meeting"), queryset=recent_meetings, empty_label=_("All meetings")
    )
    mine = django_filters.BooleanFilter(method="only_mine", label=_("Mine"), widget=forms.CheckboxInput)
    overdue = django_filters.BooleanFilter(method="only_late", label=_("Late"), widget=forms.CheckboxInput)
    week = django_filters.BooleanFilter(
        method="only_this_week", label=_("Due within 7 days"), widget=forms.CheckboxInput
    )
    accept = django_filters.BooleanFilter(
        method="only_to_accept", label=_("For me to accept"), widget=forms.CheckboxInput
    )

    class Meta:
        model = Action
        fields = ("q", "status", "department", "meeting", "mine", "overdue", "week", "accept")

    def __init__(self, data: QueryDict | None = None, *args, **kwargs) -> None:
        data = data.copy() if data is not None else QueryDict(mutable=True)
        if data.get("status") not in STATUSES:
            data["status"] = "open"
        super().__init__(data, *args, **kwargs)
        self.now = timezone.now()

    @property
    def is_narrowed(self) -> bool:
        """Whether an empty list is due to the filter."""
        return any(
            value
            for name, value in self.data.items()
            if name in self.filters and (name, value) != ("status", "open")
        )

    def selects(self) -> list[tuple[forms.BoundField, list[tuple[object, str]]]]:
        """The fields with a list to choose from, each list read once (`list()` would count it first)."""
        fields = self.form.fields
        return [
            (self.form[name], [choice for choice in fields[name].choices])  # noqa: C416
            for name in ("status", "department", "meeting")
        ]

    def in_text(self, actions: ActionQuerySet, _name: str, words: str) -> QuerySet:
        """In the title or by its reference, A-12 or 12."""
        found = Q(title__icontains=words)
        number = words.strip().upper().removeprefix("A-")
        if number.isdecimal() and len(number) < 18:
            found |= Q(pk=int(number))
        return actions.filter(found)

    def in_status(self, actions: ActionQuerySet, _name: str, status: str) -> QuerySet:
        if status == "draft":
            return actions.drafts()
        if status == "open":
            return actions.open()
        if status == "finished":
            return actions.finished()
        actions = actions.published()
        return actions if status == "all" else actions.filter(status=status)

    def only_mine(self, actions: ActionQuerySet, _name: str, wanted: bool) -> QuerySet:
        return actions.mine(self.request.user) if wanted else actions

    def only_late(self, actions: ActionQuerySet, _name: str, wanted: bool) -> QuerySet:
        return actions.overdue(self.now) if wanted else actions

    def only_this_week(self, actions: ActionQuerySet, _name: str, wanted: bool) -> QuerySet:
        return actions.due_within(self.now, WEEK) if wanted else actions

    def only_to_accept(self, actions: ActionQuerySet, _name: str, wanted: bool) -> QuerySet:
        return actions.to_accept(self.request.user) if wanted else actions
