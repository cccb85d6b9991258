"""How worthwhile people found a meeting."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting, Rating
from meetings.services import log
from meetings.services.notes import check_length
from people.models import User


@transaction.atomic
def rate(*, meeting: Meeting, score: int, reason: str, by: User, now: datetime) -> Rating:
    """Say how worthwhile the meeting was, 1 to 10; saying it again replaces the first. Its log keeps neither the score
    nor the reason.

    Raises NotAllowed for anybody who was not part of it, before its end, and once its minutes are locked.
    """
    if not rules.can_rate(by, meeting):
        raise NotAllowed(
            _("A meeting is rated by those who take part, between its end and the locked minutes.")
        )
    if not 1 <= score <= 10:
        raise NotAllowed(_("Give a number from 1 to 10."))
    check_length(reason)
    rating = Rating.objects.update_or_create(
        meeting=meeting, user=by, defaults={"score": score, "reason": reason.strip(), "rated_at": now}
    )[0]
    log.write(meeting=meeting, verb="rating.given", data={"row": {"id": rating.pk}}, by=by, now=now)
    return rating
