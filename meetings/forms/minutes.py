from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import walltime
from meetings.forms.moments import WallTimeField, shown
from meetings.forms.people import Colleagues, PeopleField
from meetings.models import Meeting, MinutesApproval, Participant
from meetings.services import minutes as services
from people.models import User


class CirculateForm(forms.Form):
    """Who approves the minutes, and until when people may object; the time is the meeting's own clock's."""

    approvers = PeopleField(
        label=gettext_lazy("Who approves them"),
        required=True,
        help_text=gettext_lazy("Everybody named here says yes before the minutes can be locked."),
        error_messages={"required": gettext_lazy("Name at least one person who approves the minutes.")},
    )
    until = WallTimeField(
        label=gettext_lazy("Objections until"),
        error_messages={"required": gettext_lazy("Say until when people may object.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, version: int, now: datetime, **kwargs: Any) -> None:
        self.meeting = meeting
        kwargs.setdefault(
            "initial",
            {
                "approvers": [user.pk for user in usual_approvers(meeting)],
                "until": shown(usual_end(meeting, now), meeting.zone),
                "version": version,
            },
        )
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True
        # The search field takes the label over; the list behind it keeps a name of its own.
        self.fields["approvers"].widget.attrs["aria-label"] = self.fields["approvers"].label
        self.fields["approvers"].use(Colleagues.load())  # type: ignore[attr-defined]

    def clean_approvers(self) -> list[User]:
        """Only people who may read them."""
        people = self.cleaned_data["approvers"]
        meetings = Meeting.objects.filter(pk=self.meeting.pk)
        strangers = [person.name for person in people if not meetings.visible_to(person).exists()]
        if strangers:
            raise forms.ValidationError(
                _("%(names)s may not read this meeting. Choose somebody who takes part in it.")
                % {"names": ", ".join(strangers)}
            )
        return people

    def clean_until(self) -> datetime:
        wall = self.cleaned_data["until"]
        try:
            return walltime.instant(wall.date(), wall.time(), self.meeting.zone, 1)
        except (walltime.NoSuchTime, OverflowError):
            raise forms.ValidationError(
                _("The clocks are put forward over this time: it does not exist. Choose another one.")
            ) from None


def usual_approvers(meeting: Meeting) -> list[User]:
    """Those of the last edition, else the host and the executives of the meeting."""
    before = MinutesApproval.objects.filter(minutes__meeting=meeting).select_related("user").order_by("pk")
    if found := [approval.user for approval in before]:
        return found
    roles = [Participant.Role.HOST, Participant.Role.EXECUTIVE]
    rows = meeting.participants.filter(role__in=roles, user__is_active=True).select_related("user")
    return [row.user for row in rows.order_by("pk")] or [meeting.host]


def usual_end(meeting: Meeting, now: datetime) -> datetime:
    """Three days on, at the end of the working day there."""
    there = (now + services.USUAL).astimezone(meeting.zone)
    return there.replace(hour=18, minute=0, second=0, microsecond=0)
