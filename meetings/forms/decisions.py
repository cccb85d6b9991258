from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Decision, Meeting
from meetings.services.decisions import Content
from people.models import User


class DecisionForm(forms.ModelForm):
    """Gathers a decision; what must hold (who decided, until when deferred) stands in the table's constraints."""

    class Meta:
        model = Decision
        fields = ("text", "kind", "outcome", "decided_by", "deferred_until", "options")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "options": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "deferred_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {"text": {"required": _("Write what was decided.")}}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(participations__meeting=meeting) | User.objects.filter(
            pk=meeting.host_id
        )
        if self.instance.decided_by_id:
            people |= User.objects.filter(pk=self.instance.decided_by_id)
        field = self.fields["decided_by"]
        field.queryset = people.distinct().by_name()  # type: ignore[attr-defined]
        field.empty_label = _("nobody named")  # type: ignore[attr-defined]

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
            decided_by=data["decided_by"],
            deferred_until=data["deferred_until"],
        )
