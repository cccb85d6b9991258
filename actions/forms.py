"""What people type; whether it is a promise is for `actions.vagueness` and the services."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from actions.deadlines import Deadline, resolve
from actions.models import Action, Criterion, Milestone
from actions.vagueness import Finding
from core import zones
from meetings.models import AgendaItem, Decision, Issue, Meeting, Note
from meetings.services import attachments
from people import queries as people_queries
from people.models import Department, User

LONGEST_CRITERION = 500
# Under which field a finding is shown.
FIELD_OF = {"due": "due_date"}
NOT_HERE = _("Choose somebody from the list: only people who work here now can be given this.")


class PersonField(forms.ModelChoiceField):
    """Somebody who works here now, by name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", people_queries.colleagues())
        kwargs.setdefault("error_messages", {"invalid_choice": NOT_HERE})
        super().__init__(**kwargs)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class DeadlineFields(forms.Form):
    """A day, perhaps a time, and the zone they are read in. `note`: what the change of clocks did to it."""

    note = ""

    due_date = forms.DateField(label=_("Deadline"), required=False, widget=DateInput)
    due_time = forms.TimeField(label=_("Time (empty: 18:00)"), required=False, widget=TimeInput)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def offer_zones(self, *preferred: str) -> None:
        """The usual cities, and the reader's zone even when it is none of them; the first one given is chosen."""
        choices = dict(zones.choices())
        for name in preferred:
            choices.setdefault(name, zones.city(name) or name)
        self.fields["time_zone"].choices = list(choices.items())
        self.fields["time_zone"].initial = preferred[0]

    def deadline(self) -> Deadline | None:
        """The instant; None when no day was given. Only after validation."""
        day = self.cleaned_data.get("due_date")
        if day is None:
            return None
        zone = self.cleaned_data.get("time_zone") or self.fields["time_zone"].initial
        deadline = resolve(day=day, clock=self.cleaned_data.get("due_time"), zone=zone)
        self.note = deadline.note
        return deadline


class ActionForm(DeadlineFields):
    """A whole action. `give_up_nothing`: fields a published one keeps to its own verbs are taken away."""

    title = forms.CharField(
        label=_("What is to be done?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Say what is to be done."),
            "max_length": _(
                "At most %(limit_value)d signs fit here, these are %(show_value)d. Keep the core of it, "
                "the rest belongs into the description."
            ),
        },
    )
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("choose one person"))
    criteria = forms.CharField(
        label=_("Done means"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One acceptance criterion per line: a figure, a document, or a state that is so or not."),
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.in_order(),
        empty_label=_("the owner’s"),
    )
    acceptor = PersonField(
        label=_("Accepted by"),
        required=False,
        empty_label=_("proposed: the host or the department’s lead"),
        help_text=_("Never the owner."),
    )
    description = forms.CharField(
        label=_("Background"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    vague_reason = forms.CharField(
        label=_("Let it pass as it is, because"), required=False, max_length=500, widget=forms.TextInput
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = (
        "title",
        "owner",
        "due_date",
        "due_time",
        "time_zone",
        "criteria",
        "department",
        "acceptor",
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        meeting: Meeting | None = None,
        action: Action | None = None,
        **kwargs: Any,
    ) -> None:
        if action is not None:
            kwargs.setdefault("initial", self.values_of(action))
        super().__init__(*args, **kwargs)
        self.offer_zones(
            action.time_zone if action else meeting.time_zone if meeting else user.time_zone, user.time_zone
        )
        if action is not None and not action.is_draft:
            for name in ("owner", "acceptor", "department", "due_date", "due_time", "time_zone"):
                del self.fields[name]

    @staticmethod
    def values_of(action: Action) -> dict[str, Any]:
        due = action.due_at.astimezone(action.zone) if action.due_at else None
        return {
            "title": action.title,
            "description": action.description,
            "owner": action.owner_id,
            "acceptor": action.acceptor_id,
            "department": action.department_id,
            "due_date": due.date() if due else None,
            "due_time": due.time() if due and not action.is_all_day else None,
            "time_zone": action.time_zone,
            "criteria": "\n".join(action.criteria.order_by("position").values_list("text", flat=True)),
            "vague_reason": action.vague_reason,
            "version": action.version,
        }

    def clean_criteria(self) -> list[str]:
        texts = [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        for text in texts:
            if len(text) > LONGEST_CRITERION:
                raise forms.ValidationError(
                    gettext("A criterion has at most %(limit)d signs; “%(begin)s…” has %(length)d.")
                    % {"limit": LONGEST_CRITERION, "begin": text[:30], "length": len(text)}
                )
        return texts

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("owner") and told.get("owner") == told.get("acceptor"):
            self.add_error("acceptor", gettext("Somebody other than the owner must accept it."))
        return told

    def terms(self) -> dict[str, Any]:
        """What `services.capture` and `services.edit` take."""
        names = ("title", "description", "owner", "acceptor", "department", "vague_reason")
        told = {name: self.cleaned_data.get(name) for name in names if name in self.fields}
        told["criteria"] = self.cleaned_data["criteria"]
        if "due_date" in self.fields:
            told["deadline"] = self.deadline()
        return told

    def complain(self, findings: list[Finding]) -> None:
        """Show what is missing beside the fields it belongs to."""
        for one in findings:
            field = FIELD_OF.get(one.field, one.field)
            self.add_error(field if field in self.fields else None, str(one.message))


class CaptureForm(ActionForm):
    """The same within a meeting, with where it comes from."""

    agenda_item = forms.ModelChoiceField(
        label=_("Agenda item"),
        required=False,
        queryset=AgendaItem.objects.none(),
        empty_label=_("none in particular"),
    )
    decision = forms.ModelChoiceField(
        label=_("From decision"),
        required=False,
        queryset=Decision.objects.none(),
        empty_label=_("none in particular"),
    )

    # What it is made of, when of an issue or a note; the page puts it in.
    issue = forms.ModelChoiceField(required=False, queryset=Issue.objects.none(), widget=forms.HiddenInput)
    source_note = forms.ModelChoiceField(
        required=False, queryset=Note.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, meeting: Meeting, item: AgendaItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        reader: User = kwargs["user"]
        self.fields["issue"].queryset = Issue.objects.visible_to(reader).filter(meeting=meeting)
        self.fields["source_note"].queryset = Note.objects.visible_to(reader).filter(meeting=meeting)
        self.fields["agenda_item"].queryset = (
            AgendaItem.objects.visible_to(reader).filter(meeting=meeting).in_order()
        )
        self.fields["agenda_item"].initial = item
        decisions = Decision.objects.visible_to(reader).filter(meeting=meeting).in_order()
        self.fields["decision"].queryset = decisions.filter(agenda_item=item) if item else decisions

    def terms(self) -> dict[str, Any]:
        names = ("agenda_item", "decision", "issue", "source_note")
        from_where = {name: self.cleaned_data[name] for name in names}
        return super().terms() | from_where


# --- one form per verb ---------------------------------------------------------------------------------------
class VerbForm(forms.Form):
    """The fields of one step on an action; `action` bounds what may be chosen."""

    def __init__(self, *args: Any, action: Action, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.user = action, user
        self.bound_to(action, user)

    def bound_to(self, action: Action, user: User) -> None:
        """Narrow the choices."""


class NothingForm(VerbForm):
    pass


class ApproveForm(VerbForm):
    """The version of the words that stood on the page."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class WordsForm(VerbForm):
    text = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(VerbForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: it stays on record.")},
    )


class RefuseForm(VerbForm):
    reason = forms.CharField(
        label=_("What must change?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what must change, so that whoever proposed it knows what to do.")},
    )


class ReturnForm(VerbForm):
    text = forms.CharField(
        label=_("What is still missing?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what is still missing, so that the owner knows what to do.")},
    )


class ReportForm(VerbForm):
    text = forms.CharField(
        label=_("What has happened, what comes next?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    percent = forms.IntegerField(
        label=_("Done, %"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class RemarkForm(VerbForm):
    text = forms.CharField(
        label=_("Remark"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write something first.")},
    )


class EvidenceForm(VerbForm):
    criterion = forms.ModelChoiceField(
        label=pgettext_lazy("evidence", "For"),
        required=False,
        queryset=Criterion.objects.none(),
        empty_label=_("the whole action"),
    )
    text = forms.CharField(
        label=_("What does it show?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    link = forms.URLField(label=_("Link"), required=False, max_length=1000, assume_scheme="https")
    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=attachments.LONGEST_NAME,
        widget=forms.FileInput(attrs={"accept": attachments.ACCEPT}),
    )

    def bound_to(self, action: Action, user: User) -> None:
        criteria = action.criteria.order_by("position")
        self.fields["criterion"].queryset = criteria
        # Evidence is nearly always for what is not shown yet; "the whole action" proves no criterion.
        self.fields["criterion"].initial = criteria.filter(met_at=None, evidence=None).first()

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if not file:
            return None
        file.name = attachments.clean_name(file.name or "")
        try:
            attachments.check(file=file, name=file.name)
        except attachments.Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors and not (told["text"].strip() or told["link"] or told["file"]):
            raise forms.ValidationError(gettext("Add words, a link or a file."))
        return told


class CriterionForm(VerbForm):
    criterion = forms.ModelChoiceField(queryset=Criterion.objects.none())
    is_met = forms.BooleanField(required=False)

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["criterion"].queryset = action.criteria.all()


class MilestoneForm(VerbForm, DeadlineFields):
    title = forms.CharField(
        label=_("Milestone"), max_length=200, error_messages={"required": _("Name the milestone.")}
    )

    field_order = ("title", "due_date", "due_time", "time_zone")

    def bound_to(self, action: Action, user: User) -> None:
        self.offer_zones(action.time_zone, user.time_zone)
        self.fields["due_date"].required = True
        self.fields["due_date"].error_messages["required"] = _("Say until when.")


class ReachForm(VerbForm):
    milestone = forms.ModelChoiceField(queryset=Milestone.objects.none())

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["milestone"].queryset = action.milestones.select_related("action__owner")


class DeadlineForm(VerbForm, DeadlineFields):
    reason = forms.CharField(
        label=_("Why does it move?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the deadline moves.")},
    )

    field_order = ("due_date", "due_time", "time_zone", "reason")

    def bound_to(self, action: Action, user: User) -> None:
        self.offer_zones(action.time_zone, user.time_zone)
        self.fields["due_date"].required = True
        self.fields["due_date"].label = _("New deadline")
        self.fields["due_date"].error_messages["required"] = _("Say until when.")
        if action.due_at is not None:
            local = action.due_at.astimezone(action.zone)
            self.initial.setdefault("due_date", local.date())
            if not action.is_all_day:
                self.initial.setdefault("due_time", local.time())


class OwnerForm(VerbForm):
    owner = PersonField(label=_("New owner"), empty_label=_("choose one person"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AcceptorForm(VerbForm):
    acceptor = PersonField(label=_("New acceptor"), empty_label=_("choose one person"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class BlockForm(VerbForm):
    reason = forms.CharField(
        label=_("What blocks it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what blocks it.")},
    )
    needs_department = forms.ModelChoiceField(
        label=_("Help wanted from the department"),
        required=False,
        queryset=Department.objects.in_order(),
        empty_label=_("none"),
    )
    needs_person = PersonField(label=_("or from"), required=False, empty_label=_("nobody in particular"))
