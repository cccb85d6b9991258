"""Who may read an action: `Action.objects.visible_to` asked the other way round, for lists of people to name.

The door stays `visible_to`; this answers for all colleagues at once what it answers for one (a test compares them).
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from actions.models import Action
from core.models import Company
from meetings.models import AgendaItem, ItemReader, Meeting, MeetingDepartment, Participant
from people import queries as people_queries
from people.models import Membership, User, UserQuerySet

Role = Participant.Role


def of(action: Action) -> UserQuerySet:
    """Everybody who works here and may read it, by name. Two or three statements."""
    named = _named(action)
    may = named | Q(pk=action.created_by_id) | Q(roles__overlap=User.Role.values)
    may |= _of_department(action) | _asked(action)
    if action.meeting_id is not None:
        may |= _of_meeting(action)
    for item in _confidential_items(action):
        may &= named | _circle(item)
    return people_queries.colleagues().filter(may)


def _named(action: Action) -> Q:
    """Who owes it, who accepts it, and who was asked by name to help: also what is confidential is open to them."""
    helpers = action.blockers.filter(lifted_at=None).exclude(needs_person=None).values("needs_person")
    return Q(pk__in=[pk for pk in (action.owner_id, action.acceptor_id) if pk]) | Q(pk__in=helpers)


def _asked(action: Action) -> Q:
    """The departments asked to help."""
    if action.is_draft:
        return Q(pk__in=[])
    departments = action.blockers.filter(lifted_at=None).values("needs_department")
    return Q(Exists(Membership.objects.filter(user=OuterRef("pk"), department__in=departments)))


def _of_department(action: Action) -> Q:
    members = Membership.objects.filter(user=OuterRef("pk"), department=action.department_id)
    if not action.is_draft:
        return Q(Exists(members))
    if Company.current().checks_actions:
        return Q(Exists(members.filter(role__in=Membership.HEADS)))
    return Q(pk__in=[])


def _of_meeting(action: Action) -> Q:
    meeting = action.meeting
    assert meeting is not None
    invited = Participant.objects.filter(meeting=meeting, user=OuterRef("pk"))
    may = Q(pk__in=[meeting.host_id, meeting.created_by_id]) | Q(
        Exists(invited.filter(role=Role.DEPUTY_HOST))
    )
    if meeting.status != Meeting.Status.DRAFT:
        departments = MeetingDepartment.objects.filter(meeting=meeting).values("department")
        may |= Q(Exists(invited))
        may |= Q(Exists(Membership.objects.filter(user=OuterRef("pk"), department__in=departments)))
    return may


def _confidential_items(action: Action) -> Iterable[AgendaItem]:
    """The confidential items that it, or the decision it follows from, belongs to."""
    of = Q(pk__in=[])
    if action.agenda_item_id is not None:
        of |= Q(pk=action.agenda_item_id)
    if action.decision_id is not None:
        of |= Q(decisions=action.decision_id)
    return AgendaItem.objects.filter(of, is_confidential=True).select_related("meeting")


def _circle(item: AgendaItem) -> Q:
    meeting = item.meeting
    leading = Participant.objects.filter(
        meeting=meeting, user=OuterRef("pk"), role__in=[Role.HOST, Role.DEPUTY_HOST, Role.EXECUTIVE]
    )
    heads = Membership.objects.filter(
        user=OuterRef("pk"), department=item.department_id, role__in=Membership.HEADS
    )
    may = (
        Q(pk__in=[pk for pk in (meeting.host_id, item.presenter_user_id) if pk])
        | Q(Exists(leading))
        | Q(Exists(heads))
        | Q(Exists(ItemReader.objects.filter(item=item, user=OuterRef("pk"))))
    )
    if meeting.status == Meeting.Status.DRAFT:
        may |= Q(pk=meeting.created_by_id)
    return may
