from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.text import whole
from meetings.models import Decision, Meeting
from meetings.services.decisions import Content
from meetings.services.notes import LONGEST
from people.models import User


class DecisionForm(forms.ModelForm):
    """Gathers a decision; what must hold (who decided, until when deferred) stands in the table's constraints."""

    class Meta:
        model = Decision
        fields = (
            "text",
            "kind",
            "outcome",
            "decided_by",
            "deferred_until",
            "options",
            "recommendation",
            "chosen",
            "dissent",
        )
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "options": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "recommendation": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "chosen": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            "dissent": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "deferred_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {"text": {"required": _("Write what was decided.")}}

    replaces = forms.CharField(
        label=_("Replaces the decision"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"placeholder": "2026-014", "autocomplete": "off"}),
        help_text=_("Its number, when an earlier decision no longer holds. It is marked wherever it stands."),
    )

    def __init__(self, *args: Any, meeting: Meeting, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user is None:
            del self.fields["replaces"]
        elif self.instance.supersedes_id and self.instance.supersedes:
            self.initial["replaces"] = self.instance.supersedes.code
        people = User.objects.filter(participations__meeting=meeting) | User.objects.filter(
            pk=meeting.host_id
        )
        if self.instance.decided_by_id:
            people |= User.objects.filter(pk=self.instance.decided_by_id)
        for name in ("text", "options", "recommendation", "dissent"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST))
        field = self.fields["decided_by"]
        field.queryset = people.distinct().by_name()  # type: ignore[attr-defined]
        field.empty_label = _("nobody named")  # type: ignore[attr-defined]

    def clean_replaces(self) -> Decision | None:
        """The earlier decision by its number; one that this person may not read is as unknown as one that is not."""
        code = self.cleaned_data["replaces"].strip()
        if not code:
            return None
        year, _dash, number = code.partition("-")
        known = Decision.objects.visible_to(cast("User", self.user))
        found = known.filter(year=whole(year), number=whole(number)).first()
        if found is None:
            raise forms.ValidationError(
                gettext("There is no decision %(code)s that you may read. Write it like 2026-014.")
                % {"code": code}
            )
        if found.pk == self.instance.pk:
            raise forms.ValidationError(gettext("A decision cannot replace itself."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        outcome, kind = data.get("outcome"), data.get("kind")
        if outcome == Decision.Outcome.DEFERRED and not data.get("deferred_until"):
            self.add_error("deferred_until", _("Say until when it is deferred, so that it comes back."))
        if (
            outcome == Decision.Outcome.DECIDED
            and kind != Decision.Kind.INFORMATION
            and not data.get("decided_by")
        ):
            self.add_error("decided_by", _("Say who decided it."))
        return data

    @property
    def has_more(self) -> bool:
        """Whether something stands in the fields that are folded away."""
        names = ("options", "recommendation", "chosen", "dissent", "replaces")
        return any(self[name].value() or self[name].errors for name in names if name in self.fields)

    def _get_validation_exclusions(self) -> set[str]:
        # The constraints' own sentences stand at the fields already (see clean).
        return super()._get_validation_exclusions() | {"decided_by", "deferred_until"}

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        return Content(
            text=data["text"],
            kind=data["kind"],
            outcome=data["outcome"],
            options=data["options"],
            recommendation=data["recommendation"],
            chosen=data["chosen"],
            dissent=data["dissent"],
            supersedes=data["replaces"] if self.user else self.instance.supersedes,
            decided_by=data["decided_by"],
            deferred_until=data["deferred_until"],
        )
