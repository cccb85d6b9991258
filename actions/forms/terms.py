"""Until when, and by whom: the terms of a promise that change by steps of their own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import DeadlineFields, PersonField
from actions.forms.step import VerbForm
from actions.models import Action
from people.models import User


class DeadlineForm(VerbForm, DeadlineFields):
    reason = forms.CharField(
        label=_("Why does it move?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the deadline moves.")},
    )

    field_order = ("due_date", "due_time", "time_zone", "reason")

    def bound_to(self, action: Action, user: User) -> None:
        self.offer_zones(action.time_zone, user.time_zone)
        self.fields["due_date"].required = True
        self.fields["due_date"].label = _("New deadline")
        self.fields["due_date"].error_messages["required"] = _("Say until when.")
        if action.due_at is not None:
            local = action.due_at.astimezone(action.zone)
            self.initial.setdefault("due_date", local.date())
            if not action.is_all_day:
                self.initial.setdefault("due_time", local.time())


class OwnerForm(VerbForm):
    owner = PersonField(label=_("New owner"), empty_label=_("choose one person"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AcceptorForm(VerbForm):
    acceptor = PersonField(label=_("New acceptor"), empty_label=_("choose one person"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
