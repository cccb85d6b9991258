"""Until when, and by whom: the terms of a promise that change by steps of their own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import DeadlineFields, PersonField
from actions.forms.step import VerbForm
from actions.models import Action, DeadlineRequest
from people.models import User


class DeadlineForm(VerbForm, DeadlineFields):
    reason = forms.CharField(
        label=_("Why does it move?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the deadline moves.")},
    )

    missing = _("Say until when.")
    field_order = ("due_words", "due_date", "due_time", "time_zone", "reason")

    def bound_to(self, action: Action, user: User) -> None:
        self.offer_zones(action.time_zone, user.time_zone)
        self.fields["due_words"].label = _("New deadline")
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


class AskDeadlineForm(DeadlineForm):
    """The owner's way: the same words, and somebody else's answer."""


class RequestForm(VerbForm):
    """The request that stood on the page: an answer to another one is refused."""

    request = forms.ModelChoiceField(queryset=DeadlineRequest.objects.none(), widget=forms.HiddenInput)

    def bound_to(self, action: Action, user: User) -> None:
        requests = action.deadline_requests.select_related("action__owner", "action__acceptor", "asked_by")
        self.fields["request"].queryset = requests
        self.fields["request"].initial = requests.filter(state=DeadlineRequest.State.OPEN).first()


class GrantForm(RequestForm):
    answer = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class KeepDeadlineForm(RequestForm):
    answer = forms.CharField(
        label=_("Why does it stay?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the deadline stays.")},
    )
