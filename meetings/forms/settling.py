from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Ruling
from meetings.queries.differences import Difference


class RulingForm(forms.Form):
    """Which of two figures counts, and why; the values that were looked at go along."""

    verdict = forms.ChoiceField(
        label=_("Which figure counts?"),
        choices=Ruling.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which figure counts.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Give the reason: the department and the meeting will read it.")},
    )
    stated = forms.DecimalField(widget=forms.HiddenInput)
    reported = forms.DecimalField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, difference: Difference, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"stated": difference.stated, "reported": difference.reported})
        kwargs.setdefault("auto_id", f"ruling-{difference.statement.pk}-%s")
        super().__init__(*args, **kwargs)
        if difference.reported is None:
            self.fields["verdict"].choices = [  # type: ignore[attr-defined]
                (Ruling.Verdict.STATED, _("this figure counts")),
                (Ruling.Verdict.AUTHORITATIVE, _("this figure does not count")),
            ]

    @property
    def seen(self) -> tuple[Decimal, Decimal | None]:
        return self.cleaned_data["stated"], self.cleaned_data["reported"]
