"""One change of many actions, and a view of the list that is kept."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.bulk import CHANGES
from actions.forms.fields import PersonField
from people.models import Department

MISSING = {
    "owner": _("Choose the new owner."),
    "acceptor": _("Choose the new acceptor."),
    "department": _("Choose the new department."),
    "days": _("Say by how many days, such as 7 or −3."),
    "reason": _("Give the reason: it stays on record."),
}


class BulkForm(forms.Form):
    """Which change, and what it needs; the other fields are left alone."""

    change = forms.ChoiceField(
        label=_("What is to change?"),
        choices=[(code, change.label) for code, change in CHANGES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to change.")},
    )
    owner = PersonField(label=_("New owner"), required=False, empty_label=_("choose one person"))
    acceptor = PersonField(label=_("New acceptor"), required=False, empty_label=_("choose one person"))
    department = forms.ModelChoiceField(
        label=_("New department"),
        required=False,
        queryset=Department.objects.in_order(),
        empty_label=_("choose one"),
    )
    days = forms.IntegerField(
        label=_("By how many days"),
        help_text=_("Later, or with a minus sign earlier. The time of the day stays."),
        required=False,
        min_value=-365,
        max_value=365,
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = cast("dict[str, Any]", super().clean())
        for name in CHANGES[given["change"]].fields if "change" in given else ():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, MISSING[name])
        return given
