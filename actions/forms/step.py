"""One step on an action: what the forms of all steps share, and those with nothing but words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.models import Action
from people.models import User


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
