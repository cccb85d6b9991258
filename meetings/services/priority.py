"""The executive's priority: what is to be solved now. Asked for when the meeting opens."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Meeting, OpeningPriority
from meetings.queries import priority as queries
from meetings.services import log, running
from people.models import User

MOST_CHARACTERS = 500


@transaction.atomic
def save(
    *,
    meeting: Meeting,
    text: str,
    item: AgendaItem | None,
    said_by: int,
    version: int,
    by: User,
    now: datetime,
) -> OpeningPriority:
    """Record what an executive wants solved, or say it anew from the version that was seen (0: none yet).

    `said_by` is the id of one of `queries.priority.speakers`. Raises NotAllowed for a meeting that is not running, an
    empty or too long text and anybody else's words, Conflict when it was changed in the meantime.
    """
    running.hold(meeting)
    words = text.strip()
    if not words:
        raise NotAllowed(_("Write what is to be solved now, in one sentence."))
    if len(words) > MOST_CHARACTERS:
        raise NotAllowed(_("Say it in at most %(n)d characters.") % {"n": MOST_CHARACTERS})
    speaker = next((one for one in queries.speakers(meeting) if one.pk == said_by), None)
    if speaker is None:
        raise NotAllowed(_("Choose the executive whose words these are."))
    found = OpeningPriority.objects.select_related("recorded_by").filter(meeting=meeting).first()
    if (found.version if found else 0) != version:
        raise Conflict(
            _("Someone else has just written the priority. Compare before you save."),
            theirs=found,
            yours=words,
        )
    found = found or OpeningPriority(meeting=meeting, version=0)
    found.text, found.item, found.said_by = words, item, speaker
    found.version += 1
    found.recorded_by, found.recorded_at = by, now
    found.save()
    log.write(meeting=meeting, verb="priority.set", data={"row": log.row(found)}, by=by, now=now)
    return found
