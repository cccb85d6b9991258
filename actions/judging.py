"""Who gives the acceptor's word: on what is handed in, and on a deadline that is asked for."""

from actions.models import Action
from people import queries as people_queries
from people.models import User


def judges(action: Action) -> list[User]:
    """The acceptor; when they have left, the department's leads, else the host of the meeting. Never the owner."""
    if action.acceptor is not None and action.acceptor.is_active:
        return [action.acceptor]
    leads = people_queries.leads(action.department) if action.department else ()
    others = [lead for lead in leads if lead.pk != action.owner_id]
    if not others and action.meeting is not None and action.meeting.host_id != action.owner_id:
        return [action.meeting.host] if action.meeting.host.is_active else []
    return others
