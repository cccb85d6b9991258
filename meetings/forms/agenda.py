"""The rows of an agenda and of the departments, as forms."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.forms.people import Colleagues, NamedPeopleField, NamedPersonField, PersonField
from meetings.models.module import ActionList, Kind, Presenter
from meetings.plan import ItemPlan, in_language
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
    "person": "form-control",
    "is_confidential": "form-check-input",
    "readers": "form-control",
    "is_recurring": "form-check-input",
    "action_list": "form-select",
}
# The list of names in the page, from which people are picked while typing.
NAMES = "people-names"
# What may be changed of an item by somebody who must not know what it says.
OF_HIDDEN = ("report", "discussion", "is_pinned", "order", "item_id", "module_id", "key")


class ItemForm(forms.Form):
    """One item. What it comes from (`source`) stays, so that untouched texts keep both languages.

    Of an item that the planner must not know (`is_hidden`) only minutes, pin and place can be changed.
    """

    kind = forms.ChoiceField(choices=Kind, required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Item"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the agenda item a title.")},
    )
    who = forms.ChoiceField(label=gettext_lazy("Presented by"))
    person = NamedPersonField(
        label=gettext_lazy("Presenter by name"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": NAMES, "autocomplete": "off"}),
    )
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
    is_recurring = forms.BooleanField(label=gettext_lazy("In every meeting of the series"), required=False)
    action_list = forms.ChoiceField(
        label=gettext_lazy("Goes through the open actions that are"), required=False
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: only its circle knows what it is about"), required=False
    )
    readers = NamedPeopleField(
        label=gettext_lazy("Let in by name, besides the host, executives and the heads of its department"),
        required=False,
        max_length=4000,
        widget=forms.TextInput(attrs={"list": NAMES, "autocomplete": "off", "data-names": ""}),
    )
    order = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    module_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        departments: list[Department],
        sources: dict[str, ItemPlan],
        colleagues: Colleagues,
        is_hidden: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_hidden = is_hidden
        self.departments = {f"department-{one.pk}": one for one in departments}
        self.sources = sources
        others = [choice for choice in Presenter.choices if choice[0] != Presenter.DEPARTMENT]
        self.fields["who"].choices = [
            *others,
            *((key, department.name) for key, department in self.departments.items()),
        ]
        self.fields["action_list"].choices = [("", "—"), *ActionList.choices]
        self.fields["person"].use(colleagues)
        self.fields["readers"].use(colleagues)
        for name, css in CONTROLS.items():
            field = self.fields[name]
            field.widget.attrs |= {"class": css, "aria-label": field.label}
        self.is_break = self["kind"].value() == Kind.BREAK
        self.fields["who"].required = not self.is_break
        if is_hidden:
            for name in set(self.fields) - set(OF_HIDDEN):
                del self.fields[name]

    @property
    def index(self) -> str:
        """The row's number in the form, which stays while it is dragged about."""
        return str(self.prefix).rpartition("-")[2]

    @property
    def row_key(self) -> str:
        return str(self["key"].value() or "")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(icon, words) of what stands in the folded part, so that it need not be opened."""
        if self.is_hidden:
            return []
        value = {
            name: self[name].value() for name in ("person", "is_confidential", "is_recurring", "action_list")
        }
        shown = [
            ("user", str(value["person"] or "").partition(" · ")[0]),
            ("lock", _("confidential") if value["is_confidential"] else ""),
            ("repeat", _("every meeting") if value["is_recurring"] else ""),
            ("list-check", str(dict(ActionList.choices).get(value["action_list"], ""))),
        ]
        return [(icon, words) for icon, words in shown if words]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("readers") and not data.get("is_confidential"):
            data["readers"] = ()
        return data

    def plan(self) -> ItemPlan:
        """The item as planned; call it on a valid form."""
        data = self.cleaned_data
        source = self.sources.get(_source_key(data.get("item_id"), data.get("module_id")))
        minutes = {name: data[name] for name in ("report", "discussion", "is_pinned")}
        if self.is_hidden:
            assert source is not None
            return replace(source, **minutes)
        kind = data["kind"] or Kind.TOPIC
        department = self.departments.get(data["who"]) if kind == Kind.TOPIC else None
        who = data["who"] if kind == Kind.TOPIC and data["who"] else Presenter.HOST
        return ItemPlan(
            **_texts("title", data["title"], source),
            **_texts("questions", data["questions"], source),
            **minutes,
            kind=kind,
            presenter=Presenter.DEPARTMENT if department else who,
            department=department,
            presenter_user=data["person"],
            is_confidential=data["is_confidential"],
            readers=data["readers"],
            is_recurring=data["is_recurring"],
            action_list=data["action_list"],
            metric_codes=source.metric_codes if source else (),
            item_id=source.item_id if source else None,
            module=source.module if source else None,
            carried_from=source.carried_from if source else None,
            carried_because=source.carried_because if source else "",
        )


def sources_of(items: list[ItemPlan]) -> dict[str, ItemPlan]:
    """Where rows may come from: the meeting's items, or the template's modules."""
    return {_source_key(item.item_id, item.module.pk if item.module else None): item for item in items}


def _source_key(item_id: int | None, module_id: int | None) -> str:
    return f"item-{item_id}" if item_id else f"module-{module_id}"


def initial_of(
    item: ItemPlan, order: int, colleagues: Colleagues, *, is_hidden: bool = False
) -> dict[str, Any]:
    """What the form of an item begins with, in the reader's language."""
    minutes = {
        "report": item.report,
        "discussion": item.discussion,
        "is_pinned": item.is_pinned,
        "order": order,
        "item_id": item.item_id,
        "module_id": item.module.pk if item.module and not is_hidden else None,
        "key": f"i{item.item_id}" if item.item_id else f"m{item.module.pk}" if item.module else f"n{order}",
    }
    if is_hidden:
        return minutes
    who = f"department-{item.department.pk}" if item.department else item.presenter
    return {
        **minutes,
        "kind": item.kind,
        "title": item.title,
        "who": Presenter.HOST if who == Presenter.DEPARTMENT else who,
        "person": colleagues.label_of(item.presenter_user)
        if item.presenter_user and item.presenter_user.pk in colleagues.by_id
        else "",
        "questions": _shown("questions", item),
        "is_confidential": item.is_confidential,
        "readers": "; ".join(
            colleagues.label_of(user) for user in item.readers if user.pk in colleagues.by_id
        ),
        "is_recurring": item.is_recurring,
        "action_list": item.action_list,
    }


def _shown(field: str, item: ItemPlan) -> str:
    text = in_language(getattr(item, f"{field}_en"), getattr(item, f"{field}_zh"))
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


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
        self.fields["speaker"].widget.attrs["class"] = "form-select"
        self.fields["speaker"].widget.attrs["aria-label"] = _("Speaks for %(department)s") % {
            "department": department.name
        }
