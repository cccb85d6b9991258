"""The rows of an agenda and of the departments, as forms."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from meetings.forms.people import Colleagues, PersonField
from meetings.models.module import Presenter
from meetings.plan import ItemPlan
from people.models import Department

MINUTES = {
    "required": gettext_lazy("Write the minutes, 0 for none."),
    "invalid": gettext_lazy("Write whole minutes, for example 15."),
    "min_value": gettext_lazy("Minutes cannot be negative."),
    "max_value": gettext_lazy("A part of an agenda item lasts at most 24 hours."),
}


CONTROLS = {
    "title": "form-control",
    "who": "form-select",
    "report": "form-control num",
    "discussion": "form-control num",
    "is_pinned": "form-check-input",
    "questions": "form-control",
}


class ItemForm(forms.Form):
    """One item. What it comes from (`source`) stays, so that untouched texts keep both languages."""

    title = forms.CharField(
        label=gettext_lazy("Item"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the agenda item a title.")},
    )
    who = forms.ChoiceField(label=gettext_lazy("Presented by"))
    report = forms.IntegerField(
        label=gettext_lazy("Report, minutes"), min_value=0, max_value=1440, error_messages=MINUTES
    )
    discussion = forms.IntegerField(
        label=gettext_lazy("Discussion, minutes"), min_value=0, max_value=1440, error_messages=MINUTES
    )
    is_pinned = forms.BooleanField(label=gettext_lazy("Pin: fitting leaves it alone"), required=False)
    questions = forms.CharField(
        label=gettext_lazy("Guiding questions, one per line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    order = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    module_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, departments: list[Department], sources: dict[str, ItemPlan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {f"department-{one.pk}": one for one in departments}
        self.sources = sources
        others = [choice for choice in Presenter.choices if choice[0] != Presenter.DEPARTMENT]
        self.fields["who"].choices = [
            *others,
            *((key, department.name) for key, department in self.departments.items()),
        ]
        for name, css in CONTROLS.items():
            field = self.fields[name]
            field.widget.attrs |= {"class": css, "aria-label": field.label}

    @property
    def index(self) -> str:
        """The row's number in the form, which stays while it is dragged about."""
        return str(self.prefix).rpartition("-")[2]

    def plan(self) -> ItemPlan:
        """The item as planned; call it on a valid form."""
        data = self.cleaned_data
        source = self.sources.get(_source_key(data.get("item_id"), data.get("module_id")))
        department = self.departments.get(data["who"])
        return ItemPlan(
            **_texts("title", data["title"], source),
            **_texts("questions", data["questions"], source),
            presenter=Presenter.DEPARTMENT if department else data["who"],
            department=department,
            presenter_user=source.presenter_user if source and source.department == department else None,
            report=data["report"],
            discussion=data["discussion"],
            is_pinned=data["is_pinned"],
            metric_codes=source.metric_codes if source else (),
            item_id=source.item_id if source else None,
            module=source.module if source else None,
        )


def sources_of(items: list[ItemPlan]) -> dict[str, ItemPlan]:
    """Where rows may come from: the meeting's items, or the template's modules."""
    return {_source_key(item.item_id, item.module.pk if item.module else None): item for item in items}


def _source_key(item_id: int | None, module_id: int | None) -> str:
    return f"item-{item_id}" if item_id else f"module-{module_id}"


def initial_of(item: ItemPlan, order: int) -> dict[str, Any]:
    """What the form of an item begins with, in the reader's language."""
    who = f"department-{item.department.pk}" if item.department else item.presenter
    return {
        "title": _shown("title", item),
        "who": Presenter.HOST if who == Presenter.DEPARTMENT else who,
        "report": item.report,
        "discussion": item.discussion,
        "is_pinned": item.is_pinned,
        "questions": _shown("questions", item),
        "order": order,
        "item_id": item.item_id,
        "module_id": item.module.pk if item.module else None,
    }


def _shown(field: str, item: ItemPlan) -> str:
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return getattr(item, f"{field}_{first}") or getattr(item, f"{field}_{second}")


def _texts(field: str, typed: str, source: ItemPlan | None) -> dict[str, str]:
    """Both languages of a text: kept when nothing was changed, the typed words for both when something was."""
    typed = "\n".join(line.rstrip() for line in typed.strip().splitlines())
    if source and typed == _shown(field, source):
        return {f"{field}_en": getattr(source, f"{field}_en"), f"{field}_zh": getattr(source, f"{field}_zh")}
    return {f"{field}_en": typed, f"{field}_zh": typed}


class DepartmentForm(forms.Form):
    """One department: whether it takes part, must be there, hands in a pre-read, and who speaks for it."""

    takes_part = forms.BooleanField(label=gettext_lazy("Takes part"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("Must be present"), required=False)
    needs_preread = forms.BooleanField(label=gettext_lazy("Pre-read"), required=False)
    speaker = PersonField(label=gettext_lazy("Speaks for it"), required=False)

    def __init__(
        self,
        *args: Any,
        department: Department,
        speakers: list[tuple[str, str]],
        colleagues: Colleagues,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.department = department
        for name in ("takes_part", "is_required", "needs_preread"):
            self.fields[name].widget.attrs["class"] = "form-check-input"
        self.fields["speaker"].use(colleagues, speakers or colleagues.choices())
        self.fields["speaker"].widget.attrs["aria-label"] = _("Speaks for %(department)s") % {
            "department": department.name
        }
