"""The forms of what follows a meeting: handing a duty in, and the rules that start duties."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import ClockRule
from meetings.services import attachments
from people.models import Department

LONGEST_NAME = 200
# A quarter of a year; what is due later is an action with a deadline.
MOST_HOURS = 24 * 92
MOST_DAYS = 92
MOST_REMINDERS = 6
DAYS_AFTER = {
    ClockRule.Kind.SPECIAL: gettext_lazy("Due, days after it was recorded"),
    ClockRule.Kind.PROGRESS: gettext_lazy("Due, days after the last one"),
    ClockRule.Kind.KR_REVIEW: gettext_lazy("Due, days after the end of the quarter"),
}


class ArtefactForm(forms.Form):
    """What was handed over: words, a link, a file, at least one of them."""

    note = forms.CharField(
        label=gettext_lazy("What was done?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    link = forms.URLField(label=gettext_lazy("Link"), required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.FileInput(attrs={"accept": attachments.ACCEPT}),
    )

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
        if not self.errors and not (told["note"].strip() or told["link"] or told["file"]):
            raise forms.ValidationError(
                _("Show what was handed over: write what was done, give a link, or add a file.")
            )
        return told


class RuleForm(forms.Form):
    """One rule. What the program decides for its own rules (when they apply, whose they are) stands fixed there.

    The amounts are in the rule's own unit (`ClockRule.unit`): hours, or days for what the calendar asks for.
    """

    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120)
    hours = forms.IntegerField(
        label=gettext_lazy("Due, hours after the end"),
        min_value=1,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Say how many hours after the end it is due."),
            "min_value": gettext_lazy("Give at least one hour."),
            "max_value": gettext_lazy("Give at most %(limit_value)d hours; what takes longer is an action."),
        },
    )
    days = forms.IntegerField(
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Say after how many days it is due."),
            "max_value": gettext_lazy("Give at most %(limit_value)d days."),
        },
    )
    applies = forms.ChoiceField(label=gettext_lazy("Applies"), choices=ClockRule.Applies.choices)
    department = forms.ChoiceField(
        label=gettext_lazy("Whose duty"),
        required=False,
        help_text=gettext_lazy("The lead of this department; without one the host."),
    )
    reminders = forms.CharField(
        label=gettext_lazy("Reminders, hours before"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Several with commas, for example 24, 4. Whoever misses it is told anyway."),
    )

    def __init__(
        self, *args: Any, rule: ClockRule | None, departments: list[Department], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=self.values_of(rule) if rule else {"hours": 48}, **kwargs)
        self.fields["department"].choices = [
            ("", _("the host")),
            *((one.code, one.name) for one in departments),
        ]
        self.unit = rule.unit if rule else timedelta(hours=1)
        for name in self._fixed(rule):
            del self.fields[name]
        if rule is not None and "hours" in self.fields and rule.kind == ClockRule.Kind.INCIDENT:
            self.fields["hours"].label = _("Due, hours after it was noticed")
        if rule is not None and "days" in self.fields:
            self.fields["days"].label = DAYS_AFTER[ClockRule.Kind(rule.kind)]
            if rule.kind != ClockRule.Kind.KR_REVIEW:
                self.fields["days"].min_value = 1
                self.fields["days"].validators.append(MinValueValidator(1, _("Give at least one day.")))
            self.fields["reminders"].label = _("Reminders, days before")
            self.fields["reminders"].help_text = _("Several with commas, for example 7, 1.")

    @staticmethod
    def _fixed(rule: ClockRule | None) -> set[str]:
        """The fields that this rule does not have."""
        if rule is None or not rule.is_standard:
            return {"days"}
        fixed = {"applies"}
        fixed |= {"hours"} if rule.unit == timedelta(days=1) else {"days"}
        if rule.offset is None or rule.anchor != ClockRule.Anchor.MEETING_END:
            fixed.add("department")
        if rule.offset is None:
            fixed |= {"hours", "days"}
        if rule.kind in (ClockRule.Kind.AGENDA, ClockRule.Kind.INCIDENT):
            fixed.add("reminders")
        return fixed

    @staticmethod
    def values_of(rule: ClockRule) -> dict[str, Any]:
        return {
            "name_zh": rule.name_zh,
            "name_en": rule.name_en,
            "hours": rule.amount,
            "days": rule.amount,
            "applies": rule.applies,
            "department": rule.department_code,
            "reminders": ", ".join(str(amount) for amount in rule.reminder_amounts),
        }

    def clean_reminders(self) -> list[int]:
        """Seconds relative to the due instant, the earliest first."""
        words = self.cleaned_data["reminders"].replace("，", ",").replace("、", ",").split(",")
        told = [word.strip() for word in words if word.strip()]
        most = timedelta(hours=MOST_HOURS) // self.unit
        if not all(word.isascii() and word.isdecimal() and 0 < int(word) <= most for word in told):
            raise forms.ValidationError(
                _("Write whole days before it with commas between them, for example 7, 1.")
                if self.unit == timedelta(days=1)
                else _("Write whole hours before the deadline with commas between them, for example 24, 4.")
            )
        if len(told) > MOST_REMINDERS:
            raise forms.ValidationError(_("At most %(most)d reminders.") % {"most": MOST_REMINDERS})
        seconds = int(self.unit.total_seconds())
        return sorted(-seconds * amount for amount in {int(word) for word in told})

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        hours = told.get("hours")
        if hours and any(-seconds >= hours * 3600 for seconds in told.get("reminders", ())):
            self.add_error(
                "reminders",
                _("A reminder comes after the end of the meeting: fewer than %(hours)d hours before.")
                % {"hours": hours},
            )
        return told

    def terms(self) -> dict[str, Any]:
        """What `services.company_rules` takes; without the fields that this rule does not have."""
        told = dict(self.cleaned_data)
        for name in ("hours", "days"):
            if name in told:
                told["offset"] = told.pop(name) * self.unit
        if "department" in told:
            told["department_code"] = told.pop("department")
        return told
