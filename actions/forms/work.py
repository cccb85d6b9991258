"""Reports, evidence and milestones."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import DeadlineFields
from actions.forms.step import VerbForm
from actions.models import Action, Criterion, Milestone
from core import files
from people.models import User


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
        max_length=files.LONGEST_NAME,
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
    )

    def bound_to(self, action: Action, user: User) -> None:
        criteria = action.criteria.order_by("position")
        self.fields["criterion"].queryset = criteria
        # Evidence is nearly always for what is not shown yet; "the whole action" proves no criterion.
        self.fields["criterion"].initial = (
            criteria.filter(met_at=None, evidence=None).exclude(verdict=Criterion.Verdict.MET).first()
        )

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if not file:
            return None
        file.name = files.clean_name(file.name or "")
        try:
            files.check(file=file, name=file.name)
        except files.Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors and not (told["text"].strip() or told["link"] or told["file"]):
            raise forms.ValidationError(gettext("Add words, a link or a file."))
        return told


class MilestoneForm(VerbForm, DeadlineFields):
    title = forms.CharField(
        label=_("Milestone"), max_length=200, error_messages={"required": _("Name the milestone.")}
    )

    missing = _("Say until when.")
    field_order = ("title", "due_words", "due_date", "due_time", "time_zone")

    def bound_to(self, action: Action, user: User) -> None:
        self.offer_zones(action.time_zone, user.time_zone)


class ReachForm(VerbForm):
    milestone = forms.ModelChoiceField(queryset=Milestone.objects.none())

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["milestone"].queryset = action.milestones.select_related("action__owner")
