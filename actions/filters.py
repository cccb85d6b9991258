from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.forms.fields import DateInput
from actions.models import Action, ActionQuerySet, Sight
from actions.queries import WEEK
from core import grams
from core.counting import MOST
from core.text import whole
from meetings.models import Meeting
from people.models import Department, User

# Sets of statuses that people ask for, before the single ones.
GROUPS: list[tuple[str, str | Promise]] = [
    ("open", _("All open")),
    ("owed", _("still with their owners")),
    ("finished", _("all finished")),
    ("draft", _("drafts")),
    ("all", _("all published")),
]
STATUSES = [*(code for code, _label in GROUPS), *Action.Status.values]
MOST_MEETINGS = 100
LARGEST_KEY = 2**63 - 1
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def recent_meetings(user: User) -> QuerySet[Meeting]:
    """The meetings one may read that have begun, newest first; older ones are reached from their own page."""
    held = Meeting.objects.visible_to(user).filter(started_at__isnull=False)
    newest = held.order_by("-starts_at").values("pk")[:MOST_MEETINGS]
    return Meeting.objects.filter(pk__in=newest).only("title").order_by("-starts_at", "-pk")


class KeyFilter(django_filters.NumberFilter):
    """By the key of a record. That it exists is not asked: an unknown one fits no action."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs) -> None:
        super().__init__(min_value=1, max_value=LARGEST_KEY, **kwargs)


class ActionFilter(django_filters.FilterSet):
    """Which actions every layout shows; it stands in the address, so that a view can be kept and sent to somebody."""

    q = django_filters.CharFilter(
        method="in_text", label=_("Search"), widget=forms.TextInput(attrs={"type": "search"}), max_length=200
    )
    status = django_filters.ChoiceFilter(
        method="in_status",
        label=_("Status"),
        choices=[*GROUPS, *Action.Status.choices],
        empty_label=None,
    )
    department = KeyFilter(field_name="department_id", label=_("Department"))
    owner = KeyFilter(field_name="owner_id", label=_("Owner"))
    acceptor = KeyFilter(field_name="acceptor_id", label=_("Acceptor"))
    meeting = KeyFilter(field_name="meeting_id", label=_("Meeting"))
    due_from = django_filters.DateFilter(
        method="from_day", label=_("Due from"), widget=DateInput, input_formats=["%Y-%m-%d"]
    )
    due_until = django_filters.DateFilter(
        method="until_day", label=_("Due until"), widget=DateInput, input_formats=["%Y-%m-%d"]
    )
    mine = django_filters.BooleanFilter(method="only_mine", label=_("Mine"), widget=forms.CheckboxInput)
    overdue = django_filters.BooleanFilter(method="only_late", label=_("Late"), widget=forms.CheckboxInput)
    week = django_filters.BooleanFilter(
        method="only_this_week", label=_("Due within 7 days"), widget=forms.CheckboxInput
    )
    accept = django_filters.BooleanFilter(
        method="only_to_accept", label=_("For me to accept"), widget=forms.CheckboxInput
    )
    slipped = django_filters.BooleanFilter(
        method="only_slipped", label=pgettext_lazy("actions", "Postponed"), widget=forms.CheckboxInput
    )

    TICKS = ("mine", "overdue", "week", "accept", "slipped")
    LISTS = ("status", "department", "owner", "meeting")
    DAYS = ("due_from", "due_until")
    MORE = ("acceptor", *DAYS)

    class Meta:
        model = Action
        fields = ()

    def __init__(self, data: QueryDict | None = None, *args, **kwargs) -> None:
        data = data.copy() if data is not None else QueryDict(mutable=True)
        if data.get("status") not in STATUSES:
            data["status"] = "open"
        super().__init__(data, *args, **kwargs)
        self.now = timezone.now()
        self.found: list[int] | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "ActionFilter":
        """The filter of an address, over what the person may read."""
        user = cast("User", request.user)
        return cls(request.GET, queryset=Action.objects.visible_to(user, Sight.read(user)), request=request)

    @property
    def seen(self) -> ActionQuerySet:
        """All that the person may read, whatever the filter says; by deadline, as the indexes lie."""
        return cast("ActionQuerySet", self.queryset).order_by("due_at", "pk")

    @property
    def counted(self) -> ActionQuerySet:
        """What fits, in the order in which it is counted fastest: what has certain words is known all at once."""
        return self.actions.order_by() if self.data.get("q") else self.actions.order_by("due_at", "pk")

    def keep(self, keys: list[int]) -> None:
        """These are the first of what fits, up to MOST and one more: where they are all, nothing is filtered again."""
        self.found = keys if len(keys) <= MOST else None

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    @property
    def actions(self) -> ActionQuerySet:
        """What fits, in no order."""
        if self.found is not None:
            return self.seen.order_by().filter(pk__in=self.found)
        return cast("ActionQuerySet", self.qs)

    @property
    def is_published(self) -> bool:
        """Whether all that it shows is published, and so has an owner, an acceptor, a department and a deadline."""
        return self.data["status"] != "draft"

    @property
    def is_narrowed(self) -> bool:
        """Whether an empty list is due to the filter."""
        return any(
            value
            for name, value in self.data.items()
            if name in self.filters and (name, value) != ("status", "open")
        )

    @property
    def has_more(self) -> bool:
        """Whether one of the fields that are folded away is filled in."""
        return any(self.data.get(name) for name in self.MORE)

    def query(self) -> str:
        """The filter alone, as it stands in an address: without page, layout and columns."""
        kept = QueryDict(mutable=True)
        for name in self.filters:
            if (value := self.data.get(name)) and (name, value) != ("status", "open"):
                kept[name] = value
        return kept.urlencode()

    def lists(self) -> list[tuple[forms.BoundField, list[tuple[object, str]]]]:
        """The fields with a list to choose from; each list is read once."""
        people = [(user.pk, user.name) for user in User.objects.by_name().only("name")]
        choices: dict[str, list[tuple[object, str]]] = {
            "status": [(code, str(label)) for code, label in [*GROUPS, *Action.Status.choices]],
            "department": [
                ("", str(_("All departments"))),
                *((one.pk, one.name) for one in Department.objects.in_order()),
            ],
            "owner": [("", str(_("All owners"))), *people],
            "meeting": [
                ("", str(_("All meetings"))),
                *((one.pk, one.title) for one in recent_meetings(self.user)),
            ],
            "acceptor": [("", str(_("All acceptors"))), *people],
        }
        return [(self.form[name], choices[name]) for name in (*self.LISTS, "acceptor")]

    def ticks(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.TICKS]

    def said(self, lists: Iterable[tuple[forms.BoundField, list[tuple[object, str]]]]) -> list[str]:
        """What is set, apart from the words searched for, in words: of each of `lists` the chosen line."""
        wrong = self.form.errors
        given = {name: value for name, value in self.data.items() if value and name not in wrong}
        said = []
        for field, choices in lists:
            value = given.get(field.name, "")
            if value and (field.name, value) != ("status", "open"):
                line = next((label for key, label in choices if str(key) == value), str(field.label))
                said.append(line if field.name != "acceptor" else f"{field.label} {line}")
        said += [f"{self.form[day].label} {given[day]}" for day in self.DAYS if day in given]
        return said + [str(field.label) for field in self.ticks() if self.form.cleaned_data.get(field.name)]

    def in_text(self, actions: ActionQuerySet, _name: str, words: str) -> ActionQuerySet:
        """All of its words in title or description, or by its reference, A-12 or 12."""
        found = (
            Q(grams.says(words, "title", "description")) if grams.words(words) else Q(title__contains=words)
        )
        reference = words.strip().upper()
        if number := whole(reference.removeprefix("A-")):
            found = Q(pk=number) if reference.startswith("A-") else found | Q(pk=number)
        return actions.filter(found)

    def in_status(self, actions: ActionQuerySet, _name: str, status: str) -> ActionQuerySet:
        if status == "draft":
            return actions.drafts()
        if status == "open":
            return actions.open()
        if status == "owed":
            return actions.owed()
        if status == "finished":
            return actions.finished()
        actions = actions.published()
        return actions if status == "all" else actions.filter(status=status)

    def from_day(self, actions: ActionQuerySet, _name: str, day: date) -> ActionQuerySet:
        return actions.filter(due_at__gte=begins(day))

    def until_day(self, actions: ActionQuerySet, _name: str, day: date) -> ActionQuerySet:
        return actions.filter(due_at__lt=begins(min(day, LAST_DAY) + timedelta(days=1)))

    def only_mine(self, actions: ActionQuerySet, _name: str, wanted: bool) -> ActionQuerySet:
        return actions.mine(self.user) if wanted else actions

    def only_late(self, actions: ActionQuerySet, _name: str, wanted: bool) -> ActionQuerySet:
        return actions.overdue(self.now) if wanted else actions

    def only_this_week(self, actions: ActionQuerySet, _name: str, wanted: bool) -> ActionQuerySet:
        return actions.due_within(self.now, WEEK) if wanted else actions

    def only_to_accept(self, actions: ActionQuerySet, _name: str, wanted: bool) -> ActionQuerySet:
        return actions.to_accept(self.user) if wanted else actions

    def only_slipped(self, actions: ActionQuerySet, _name: str, wanted: bool) -> ActionQuerySet:
        return actions.filter(slips__gt=0) if wanted else actions


def begins(day: date) -> datetime:
    """The instant at which a day begins for the reader; days beyond all calendars count as the outermost."""
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return datetime.combine(day, time.min, timezone.get_current_timezone())
