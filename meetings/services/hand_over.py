"""Roles that change hands while the meeting runs: host, timekeeper, recorder; and a host who is no longer there."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import HandOver, Meeting, Participant
from meetings.queries import roles as queries
from meetings.services import log, running
from people.models import User

Role = Participant.Role
# People who stay what they are: minutes and confidential items depend on it, and they may do all that already.
KEEPS = (Role.HOST, Role.DEPUTY_HOST, Role.EXECUTIVE)


@transaction.atomic
def give(*, meeting: Meeting, role: str, to: User, by: User, now: datetime) -> HandOver:
    """Hand host, timekeeper or recorder to another participant.

    A former host stays as a deputy, a former timekeeper or recorder as a member. Raises NotAllowed when the meeting
    is not being held, for somebody who is not invited, and for whoever has another role that must stay.
    """
    running.hold(meeting)
    taker = Participant.objects.filter(meeting=meeting, user=to).select_related("user").first()
    if taker is None:
        raise NotAllowed(_("%(name)s is not invited to this meeting.") % {"name": to.name})
    if taker.role == role:
        raise NotAllowed(_("%(name)s has this role already.") % {"name": to.name})
    if role != Role.HOST and taker.role in KEEPS:
        raise NotAllowed(
            _("%(name)s takes part as %(role)s and keeps that role. Choose somebody else.")
            % {"name": to.name, "role": taker.get_role_display()}
        )
    if role == Role.HOST and to == by and taker.role != Role.DEPUTY_HOST:
        raise NotAllowed(_("Hand the meeting to somebody else; only a deputy takes it over."))
    return _pass_on(meeting, role, taker, HandOver.Cause.GIVEN, by, now)


@transaction.atomic
def take_over(*, meeting: Meeting, by: User, now: datetime) -> HandOver:
    """A deputy goes on in place of a host who has not been seen for a minute.

    Raises NotAllowed while the host is there, for anybody who is no deputy, and when the meeting is not being held.
    """
    running.hold(meeting)
    taker = Participant.objects.filter(meeting=meeting, user=by, role=Role.DEPUTY_HOST).first()
    if taker is None:
        raise NotAllowed(_("Only a deputy takes the meeting over."))
    if not queries.is_host_lost(meeting, now):
        raise NotAllowed(_("The host is there. They can hand the meeting over themselves."))
    return _pass_on(meeting, Role.HOST, taker, HandOver.Cause.LOST, by, now)


def _pass_on(
    meeting: Meeting, role: str, taker: Participant, cause: str, by: User, now: datetime
) -> HandOver:
    giver = Participant.objects.filter(meeting=meeting, role=role).first()
    former = giver.user_id if giver else meeting.host_id if role == Role.HOST else None
    if giver is not None:
        # One host, one timekeeper, one recorder: the seat is free before somebody else sits down.
        giver.role = Role.DEPUTY_HOST if role == Role.HOST else Role.MEMBER
        giver.save(update_fields=["role"])
    taker.role = role
    # Counts from now on, so that nobody takes it from them before their browser has said anything.
    taker.seen_at = now
    taker.save(update_fields=["role", "seen_at"])
    if role == Role.HOST:
        Meeting.objects.filter(pk=meeting.pk).update(host=taker.user_id)
        meeting.host_id = taker.user_id
    change = HandOver.objects.create(
        meeting=meeting, role=role, from_user_id=former, to_user_id=taker.user_id, cause=cause, at=now, by=by
    )
    log.write(meeting=meeting, verb=f"role.{cause}", data={"row": log.row(change)}, by=by, now=now)
    history.record(
        actor=by,
        verb="meetings.role_handed_over",
        target=meeting,
        before={"role": role, "user": former},
        after={"role": role, "user": taker.user_id},
        note=cause,
    )
    return change


def seen(*, meeting: Meeting, user: User, now: datetime) -> bool:
    """The room of somebody with a role is open in their browser; written at most every quarter of a minute."""
    rows = Participant.objects.filter(meeting=meeting, user=user, role__in=queries.WATCHED)
    return bool(
        rows.exclude(seen_at__gt=now - queries.SEEN_EVERY).update(seen_at=now)
        if meeting.status == Meeting.Status.IN_PROGRESS
        else 0
    )
