"""A whole action as people write it down, on its own or within a meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import DeadlineFields, PersonField
from actions.models import Action
from actions.vagueness import Finding
from meetings.models import AgendaItem, Decision, Issue, Meeting, Note
from people.models import Department, User

LONGEST_CRITERION = 500
# Under which field a finding is shown.
FIELD_OF = {"due": "due_words"}


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
        empty_label=_("the host or the lead"),
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
        "due_words",
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
            for name in ("owner", "acceptor", "department", "due_words", "due_date", "due_time", "time_zone"):
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
            "criteria": "\n".join(
                action.criteria.filter(metric=None).order_by("position").values_list("text", flat=True)
            ),
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
