"""What blocks an action, and whose help is wanted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import PersonField
from actions.forms.step import VerbForm
from people.models import Department


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
