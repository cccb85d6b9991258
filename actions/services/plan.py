"""The action plan of a meeting: all its drafts become promises together."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from actions import reminders
from actions.approval import Chain
from actions.errors import NotPossible, PlanIncomplete
from actions.models import Action
from actions.services.capture import check, make_promise
from meetings.models import ClockRule, Meeting
from meetings.services import obligations
from people.models import User


@transaction.atomic
def publish_plan(*, meeting: Meeting, by: User, now: datetime) -> list[Action]:
    """Publish every draft of an ended meeting, all or none, and meet its 24-hour obligation.

    Each owner gets one notice with all their actions of this plan. A meeting without actions may publish its empty
    plan: that too is an answer. Pressed twice, the second call finds nothing left to do and returns [].

    Raises PlanIncomplete with what each draft lacks, NotPossible before the meeting has ended.
    """
    # The lock makes of two hosts who press at once a first and a second.
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status != Meeting.Status.ENDED:
        raise NotPossible(_("The plan is published after the meeting: it has not ended yet."))
    drafts = list(
        Action.objects.for_meeting(meeting).drafts().with_people().prefetch_related("criteria").order_by("pk")
    )
    chain = Chain.of(drafts)
    gaps = [
        (draft, findings)
        for draft in drafts
        if (findings := check(action=draft, now=now) or chain.findings(draft))
    ]
    if gaps:
        raise PlanIncomplete(gaps)
    for draft in drafts:
        make_promise(action=draft, by=by, now=now)
    reminders.tell_owners_of_plan(meeting=meeting, actions=drafts, now=now)
    duty = meeting.obligations.open().filter(kind=ClockRule.Kind.ACTION_PLAN).first()
    if duty is not None:
        obligations.fulfil(obligation=duty, at=now, by=by)
    return drafts
