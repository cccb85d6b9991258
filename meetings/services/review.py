"""The data owner looks at what was handed in: it is certified, or returned with what has to be mended."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import preread_reminders
from meetings.errors import NotAllowed
from meetings.models import PreRead, PreReadRevision, Review
from notices import services as notices
from people import queries as people
from people.models import User

CERTIFIED = "meetings.preread_certified"
RETURNED = "meetings.preread_returned"


def certify(*, revision: PreReadRevision, by: User, now: datetime, comment: str = "") -> Review:
    """Say that this revision may be relied on. A later revision has to be certified by itself.

    Raises NotAllowed when it is not the newest, or the department is writing on it again.
    """
    return _review(revision, Review.Verdict.CERTIFIED, comment, by, now)


def return_(*, revision: PreReadRevision, comment: str, by: User, now: datetime) -> Review:
    """Give it back to the department, which can write again and hands in a new revision.

    Raises NotAllowed without a comment, or as `certify` does.
    """
    if not comment.strip():
        raise NotAllowed(_("Say what has to be mended before it is handed in again."))
    return _review(revision, Review.Verdict.RETURNED, comment, by, now)


FROM = {
    Review.Verdict.CERTIFIED: [PreRead.Status.SUBMITTED],
    Review.Verdict.RETURNED: [PreRead.Status.SUBMITTED, PreRead.Status.CERTIFIED],
}
TO = {
    Review.Verdict.CERTIFIED: PreRead.Status.CERTIFIED,
    Review.Verdict.RETURNED: PreRead.Status.RETURNED,
}
KIND = {Review.Verdict.CERTIFIED: CERTIFIED, Review.Verdict.RETURNED: RETURNED}


@transaction.atomic
def _review(
    revision: PreReadRevision, verdict: Review.Verdict, comment: str, by: User, now: datetime
) -> Review:
    preread = (
        PreRead.objects.select_for_update(of=("self",))
        .select_related("meeting", "department")
        .get(pk=revision.preread_id)
    )
    if preread.revisions.filter(number__gt=revision.number).exists():
        raise NotAllowed(_("A newer revision was handed in meanwhile. Look at that one."))
    if preread.status not in FROM[verdict]:
        raise NotAllowed(_why_not(preread, verdict))
    if not preread.meeting.is_planned:
        raise NotAllowed(_("The meeting has begun; what it works with stays as it is."))
    review = Review.objects.create(
        revision=revision, verdict=verdict, comment=comment.strip(), reviewed_by=by, reviewed_at=now
    )
    preread.status = TO[verdict]
    preread.save(update_fields=["status"])
    notices.withdraw(subject=preread, kinds=[CERTIFIED, RETURNED])
    for person in people.heads(preread.department):
        notices.tell(
            recipient=person, subject=preread, kind=KIND[verdict], at=now, params={"review": review.pk}
        )
    # A returned one is owed again; one that was certified after all no more.
    preread_reminders.plan_preread(preread, now=now)
    preread_reminders.plan_host(preread.meeting, now=now)
    history.record(
        actor=by,
        verb=f"meetings.preread_{verdict.value}",
        target=preread,
        after={"revision": revision.number},
        note=review.comment,
    )
    return review


def _why_not(preread: PreRead, verdict: Review.Verdict) -> str:
    if preread.status == TO[verdict]:
        return (
            _("It is certified already.")
            if verdict == Review.Verdict.CERTIFIED
            else _("It is returned already; the department is working on it.")
        )
    if preread.status == PreRead.Status.RETURNED:
        return _("It was returned. The department hands in a new revision first.")
    return _("The department is writing again. Wait for its next revision.")
