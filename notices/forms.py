"""The forms of the notices' pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.kinds import Category
from notices.models import Preference
from notices.preferences import Choice
from people.models import User

LENGTHS = (
    ("1", _("1 hour")),
    ("3", _("3 hours")),
    ("8", _("8 hours")),
    ("24", _("1 day")),
)


class SnoozeForm(forms.Form):
    """How long a notice is put off, and why."""

    length = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=LENGTHS,
        coerce=lambda hours: timedelta(hours=int(hours)),
        initial="3",
    )
    reason = forms.CharField(
        label=_("Why can it wait?"), max_length=300, error_messages={"required": _("Say why it can wait.")}
    )

    def __init__(self, *args: Any, latest: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest


class HoursForm(forms.ModelForm):
    """When a person may be disturbed."""

    class Meta:
        model = User
        fields = ("quiet_from", "quiet_until", "digest_at")
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in fields}
        help_texts = {
            "quiet_from": _(
                "In the list of notices everything appears at once; mails and chat messages wait."
            ),
            "quiet_until": _("Only reports of incidents come through. Leave both empty for none."),
            "digest_at": _("What you have set to “collected” comes in one mail at this time."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if "quiet_from" in cleaned and "quiet_until" in cleaned and ((start is None) != (end is None)):
            self.add_error(
                "quiet_until" if end is None else "quiet_from",
                _("Give both ends of the quiet hours, or neither."),
            )
        elif start is not None and start == end:
            self.add_error("quiet_until", _("The quiet hours end when they begin; give two different times."))
        return cleaned


class ChoicesForm(forms.Form):
    """For every category: when it is mailed, and whether the person's own robots tell it.

    `present` holds what counts now, `inherited` what would count without a choice here.
    """

    def __init__(
        self, *args: Any, present: dict[str, Choice], inherited: dict[str, Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inherited = inherited
        for category in Category:
            choice = present[category]
            self.fields[f"{category}_mail"] = forms.ChoiceField(
                label=_("E-mail"), choices=Preference.Mail.choices, initial=choice.mail
            )
            self.fields[f"{category}_chat"] = forms.BooleanField(
                label=_("Chat"), required=False, initial=choice.chat
            )
            for name in ("mail", "chat"):
                self.fields[f"{category}_{name}"].widget.attrs["aria-labelledby"] = (
                    f"about-{category} head-{name}"
                )

    def rows(self) -> list[dict[str, Any]]:
        """One line of the table per category."""
        return [
            {
                "category": category,
                "label": category.label,
                "mail": self[f"{category}_mail"],
                "chat": self[f"{category}_chat"],
                "inherited": self.inherited[category],
                "differs": self.inherited[category] != self._initial(category),
            }
            for category in Category
        ]

    def choices(self) -> dict[str, Choice]:
        """What was chosen, where it differs from what counts anyway."""
        chosen = {
            str(category): Choice(
                Preference.Mail(self.cleaned_data[f"{category}_mail"]), self.cleaned_data[f"{category}_chat"]
            )
            for category in Category
        }
        return {category: choice for category, choice in chosen.items() if choice != self.inherited[category]}

    def _initial(self, category: Category) -> Choice:
        return Choice(self[f"{category}_mail"].initial, self[f"{category}_chat"].initial)
