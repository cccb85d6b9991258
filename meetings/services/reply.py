"""Answering an invitation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant


@transaction.atomic
def reply(*, participant: Participant, to: str, note: str, now: datetime) -> Participant:
    """Accept, decline or answer "perhaps", with an optional note to the host; may be changed until the meeting ends.

    Raises NotAllowed for an unknown answer and on a meeting that is a draft, over or cancelled.
    """
    if to not in Participant.Reply.values or to == Participant.Reply.NONE:
        raise NotAllowed(_("Choose one of the three answers."))
    meeting = participant.meeting
    if meeting.status not in (Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS):
        raise NotAllowed(_("This meeting takes no replies any more."))
    before = participant.reply
    participant.reply, participant.reply_note, participant.replied_at = to, note.strip()[:300], now
    participant.save(update_fields=["reply", "reply_note", "replied_at"])
    history.record(
        actor=participant.user,
        verb="meetings.replied",
        target=meeting,
        before=before,
        after=to,
        note=participant.reply_note,
    )
    return participant
