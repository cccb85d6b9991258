"""The form of a type of meeting: its own columns, its modules, and their documents."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.forms.agenda import MINUTES
from meetings.forms.type_rows import EMPTY_DOCUMENT, ModuleRows
from meetings.models import ActionList, Kind, Presenter, Template
from meetings.queries import types as queries
from meetings.recurrence import WEEKDAYS
from meetings.type_plan import COLUMNS, DocumentPlan, ModulePlan, TypePlan
from people.models import Department

CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.NumberInput, "form-control num"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)
LENGTH = {
    "required": gettext_lazy("Write the planned length in minutes."),
    "invalid": gettext_lazy("Write whole minutes, for example 15."),
}


def rhythms(present: str) -> list[tuple[str, Any]]:
    """Usual rhythms in words, by how often; the present one stands among them whatever it is."""
    days = WEEKDAYS[:5]
    groups = [
        (_("Weekly"), [f"FREQ=WEEKLY;BYDAY={day}" for day in days]),
        (_("Every second week"), [f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}" for day in days]),
        (_("Monthly"), [f"FREQ=MONTHLY;BYDAY={nth}{day}" for nth in (1, 2, 3, -1) for day in days]),
        (
            _("Quarterly"),
            [
                "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                *(f"FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=3{day}" for day in days),
            ],
        ),
        (_("Yearly"), [f"FREQ=YEARLY;BYMONTH={month};BYDAY=2{day}" for month in (1, 12) for day in days]),
    ]
    offered: list[tuple[str, Any]] = [("", _("no rhythm"))]
    if present and not any(present in rules for _name, rules in groups):
        offered.append((present, queries.rhythm_words(present)))
    return offered + [
        (name, [(rule, queries.rhythm_words(rule)) for rule in rules]) for name, rules in groups
    ]


# Left empty, the program's own value counts.
MAY_BE_EMPTY = ("quorum_percent", "minutes_due_hours", "objection_hours")


class TypeForm(forms.ModelForm):
    """The columns of one version."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Template
        fields = COLUMNS
        widgets = {
            "purpose_en": forms.Textarea(attrs={"rows": 2}),
            "purpose_zh": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"planned_minutes": LENGTH}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name_en", "name_zh"):
            self.fields[name].required = False
        self.fields["planned_minutes"].widget.attrs |= {"min": 5, "max": 1440}
        for name in MAY_BE_EMPTY:
            self.fields[name].required = False
        self.fields["quorum_percent"].widget.attrs |= {"min": 0, "max": 100, "step": 5}
        present = self.instance.usual_rule
        self.fields["usual_rule"] = forms.ChoiceField(
            label=self.fields["usual_rule"].label, required=False, choices=rhythms(present)
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = data.get("name_en"), data.get("name_zh")
        if not any(names):
            self.add_error("name_en", _("Give the type a name."))
        for name in MAY_BE_EMPTY:
            if data.get(name) is None:
                data[name] = Template._meta.get_field(name).default
        data["name_en"], data["name_zh"] = names[0] or names[1] or "", names[1] or names[0] or ""
        opens, due = data.get("preread_open_days"), data.get("preread_lead_days")
        if opens is not None and due is not None and opens < due:
            self.add_error(
                "preread_open_days", _("Pre-reads open before they are due: at least as many days before.")
            )
        corrections = data.get("correction_hours")
        if due is not None and corrections is not None and corrections > due * 24:
            self.add_error(
                "correction_hours",
                _("Corrections end after the pre-reads are due: at most %(hours)d hours before the meeting.")
                % {"hours": due * 24},
            )
        return data


class DocumentForm(forms.Form):
    """One required document; a row left empty is none."""

    department = forms.TypedChoiceField(
        label=gettext_lazy("Handed in by"), required=False, coerce=int, empty_value=None
    )
    name_en = forms.CharField(label=gettext_lazy("Document, English"), max_length=120, required=False)
    name_zh = forms.CharField(label=gettext_lazy("Document, Chinese"), max_length=120, required=False)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.pk, one.name) for one in departments]
        self.fields["department"].choices = [("", _("Choose a department")), *choices]
        _dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_named = data.get("name_en") or data.get("name_zh")
        if is_named and not data.get("department") and "department" not in self.errors:
            self.add_error("department", _("Say which department hands in the document."))
        return data

    def plan(self) -> DocumentPlan | None:
        data = self.cleaned_data
        if not (data["name_en"] or data["name_zh"]):
            return None
        return DocumentPlan(
            department=data["department"],
            name_en=data["name_en"] or data["name_zh"],
            name_zh=data["name_zh"] or data["name_en"],
        )


class ModuleForm(forms.Form):
    """One module with its documents."""

    title_en = forms.CharField(label=gettext_lazy("English title"), max_length=200, required=False)
    title_zh = forms.CharField(label=gettext_lazy("Chinese title"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    who = forms.ChoiceField(label=gettext_lazy("Presented by"))
    report = forms.IntegerField(
        label=gettext_lazy("Report, minutes"), min_value=0, max_value=1440, error_messages=MINUTES
    )
    discussion = forms.IntegerField(
        label=gettext_lazy("Discussion, minutes"), min_value=0, max_value=1440, error_messages=MINUTES
    )
    is_pinned = forms.BooleanField(label=gettext_lazy("Pin: fitting leaves it alone"), required=False)
    questions_en = forms.CharField(
        label=gettext_lazy("Guiding questions, English, one per line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    questions_zh = forms.CharField(
        label=gettext_lazy("Guiding questions, Chinese, one per line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    metrics = forms.MultipleChoiceField(label=gettext_lazy("Figures reported"), required=False)
    action_list = forms.ChoiceField(
        label=gettext_lazy("Goes through open actions"),
        required=False,
        choices=[("", gettext_lazy("no")), *ActionList.choices],
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: only its circle knows what it says"), required=False
    )
    is_recurring = forms.BooleanField(
        label=gettext_lazy("In every meeting of a series, discussed or not"), required=False
    )
    order = forms.IntegerField(required=False, widget=forms.HiddenInput)
    module_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, departments: list[Department], metrics: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {f"department-{one.pk}": one for one in departments}
        others = [choice for choice in Presenter.choices if choice[0] != Presenter.DEPARTMENT]
        self.fields["who"].choices = [*others, *((key, one.name) for key, one in self.departments.items())]
        # What is chosen stands first, because a browser sends it in the order of the list; a figure that has left
        # the dictionary stays until somebody takes it out.
        chosen = {code: metrics.get(code, code) for code in self.initial.get("metrics", [])}
        self.fields["metrics"].choices = list((chosen | metrics).items())
        self.fields["metrics"].widget.attrs["data-pick"] = "many"
        _dress(self)
        self.documents = [
            DocumentForm(
                self.data if self.is_bound else None,
                prefix=f"{self.prefix}-docs-{number}",
                initial=values,
                departments=departments,
            )
            for number, values in enumerate(self.initial.get("documents") or [EMPTY_DOCUMENT])
        ]

    @property
    def index(self) -> str:
        """The row's number in the form, which stays while it is dragged about."""
        return str(self.prefix).rpartition("-")[2]

    @property
    def is_open(self) -> bool:
        """Whether what folds away is shown: something in it is wrong or new."""
        return bool(self.initial.get("is_open") or (self.is_bound and (self.errors or self.wrong_documents)))

    @property
    def wrong_documents(self) -> list[DocumentForm]:
        return [form for form in self.documents if form.is_bound and form.errors]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("title_en") or data.get("title_zh")):
            self.add_error("title_en", _("Give the module a title."))
        if data.get("report") == data.get("discussion") == 0:
            self.add_error("report", _("Give the module some minutes, or remove it."))
        return data

    def is_valid(self) -> bool:
        # Every form is asked, so that all that is wrong is said at once.
        return all([super().is_valid(), *(form.is_valid() for form in self.documents)])

    def plan(self) -> ModulePlan:
        data = self.cleaned_data
        department = self.departments.get(data["who"])
        return ModulePlan(
            title_en=data["title_en"],
            title_zh=data["title_zh"],
            kind=data["kind"],
            presenter=Presenter.DEPARTMENT if department else data["who"],
            department=department.pk if department else None,
            report_minutes=data["report"],
            discussion_minutes=data["discussion"],
            is_pinned=data["is_pinned"],
            questions_en=_lines(data["questions_en"]),
            questions_zh=_lines(data["questions_zh"]),
            metric_codes=tuple(data["metrics"]),
            is_confidential=data["is_confidential"],
            is_recurring=data["is_recurring"],
            action_list=data["action_list"],
            documents=tuple(plan for form in self.documents if (plan := form.plan())),
            module_id=data.get("module_id"),
        )


class TypeForms:
    """All forms of one type. With `step` what was posted is taken over, shown again and not complained about."""

    def __init__(self, *, template: Template, data: QueryDict | None = None, step: str = "") -> None:
        self.template = template
        self.stored = TypePlan.of(template)
        if data is None:
            self.agenda = ModuleRows.of_modules(self.stored.modules, template.planned_minutes)
        else:
            self.agenda = ModuleRows.of_form(data)
            if step:
                self.agenda.step(step)
        bound = data if data is not None and not step else None
        self.type = self._type(data, bound)
        self.departments = list(Department.objects.in_order())
        self.items = list(self._items(bound))

    def _type(self, data: QueryDict | None, bound: QueryDict | None) -> TypeForm:
        # A copy, because a model form writes what was typed into its instance.
        instance = Template.objects.get(pk=self.template.pk)
        form = TypeForm(bound, instance=instance, initial={"digest": self.stored.digest})
        if data is not None and bound is None:
            form.initial |= {
                name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()
            }
        return form

    def _items(self, bound: QueryDict | None) -> Iterator[ModuleForm]:
        metrics = queries.metric_names()
        for row in self.agenda.rows:
            yield ModuleForm(
                bound,
                prefix=f"items-{row['index']}",
                initial=row,
                departments=self.departments,
                metrics=metrics,
            )

    @property
    def lines(self) -> list[ModuleForm]:
        return self.items

    def is_valid(self) -> bool:
        answers = [form.is_valid() for form in (self.type, *self.items)]
        if not self.items:
            self.type.add_error(None, _("The agenda is empty. Add at least one module."))
        return all(answers) and bool(self.items)

    @property
    def problems(self) -> list[forms.Form]:
        """The rows that are wrong, for the summary at the top."""
        rows = [form for form in self.items if form.is_bound and form.errors]
        return rows + [wrong for form in self.items for wrong in form.wrong_documents]

    def plan(self) -> TypePlan:
        """The plan; call it when all forms are valid."""
        data = self.type.cleaned_data
        return TypePlan(
            columns={name: data[name] for name in COLUMNS},
            modules=tuple(form.plan() for form in self.items),
        )


class CopyForm(forms.Form):
    """A new type made from another one: its code in addresses, and its names."""

    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=120)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens, as in “sales-weekly”; it stays for good."),
        error_messages={"invalid": gettext_lazy("Only letters, digits and hyphens, as in “sales-weekly”.")},
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].lower()


def _dress(form: forms.Form) -> None:
    for field in form.fields.values():
        css = next(css for widget, css in CONTROLS if isinstance(field.widget, widget))
        field.widget.attrs |= {"class": css, "aria-label": field.label}


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
