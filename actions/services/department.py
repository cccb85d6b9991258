"""To which department a promise belongs."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from actions import reminders
from actions.errors import NotPossible
from actions.models import Action, Progress
from actions.services.terms import CHANGED_MEANWHILE
from core import history
from people.models import Department, User


@transaction.atomic
def change_department(
    *, action: Action, department: Department, by: User, now: datetime, reason: str = ""
) -> Action:
    """Give an open action to another department; its people read it from then on, its head is who is told when it is
    late. Raises NotPossible for one that is over, or is there already."""
    history.acting(by)
    if not (action.is_open or action.is_draft):
        raise NotPossible(_("Only an open action changes hands."))
    if action.department_id == department.pk:
        raise NotPossible(_("It belongs to %(name)s already.") % {"name": department.name})
    before = action.department
    claimed = Action.objects.filter(pk=action.pk, status=action.status, department=before)
    if not claimed.update(department=department, version=F("version") + 1):
        raise NotPossible(str(CHANGED_MEANWHILE))
    action.department = department
    action.version += 1
    words = _("Department: %(old)s → %(new)s") % {
        "old": before.name if before else "—",
        "new": department.name,
    }
    Progress.objects.create(
        action=action,
        text=f"{words}\n{reason.strip()}".strip(),
        status=action.status,
        by=by,
        at=now,
    )
    history.record(
        actor=by,
        verb="actions.department",
        target=action,
        before={"department": before.pk if before else None},
        after={"department": department.pk},
        note=reason.strip(),
    )
    if not action.is_draft:
        reminders.renew(action)
    return action
