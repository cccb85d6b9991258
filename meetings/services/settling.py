"""The data owner's word on figures that differ, and who is told that one is wanted or was given."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import Meeting, Ruling, Statement
from meetings.queries import differences
from notices import services as notices
from notices.planning import Wanted
from people import queries as people
from people.models import User

DIFFERENCE = "meetings.difference"
RULED = "meetings.ruled"


@transaction.atomic
def rule(
    *,
    statement: Statement,
    verdict: str,
    reason: str,
    by: User,
    now: datetime,
    seen: tuple[Decimal, Decimal | None] | None = None,
) -> Ruling:
    """Say which figure counts, and why; the heads of the department are told.

    `seen` is what was ruled on as (stated, reported); without it the present values. Raises Conflict when one of them
    has changed since (`theirs` is the difference as it is), NotAllowed without a reason or when there is nothing to
    rule on: the figures agree.
    """
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Give the reason of the ruling: the department and the meeting will read it."))
    # Two rulings on one figure come one after the other.
    Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    present = find(statement)
    if seen is not None and seen != (present.stated, present.reported):
        raise Conflict(
            _("One of the figures has changed in the meantime. Look at them again, then rule."),
            theirs=present,
            yours=reason,
        )
    if not present.needs_ruling and not present.is_without_report:
        raise NotAllowed(_("These figures agree; there is nothing to rule on."))
    ruling = Ruling.objects.create(
        statement=statement,
        verdict=Ruling.Verdict(verdict),
        reason=reason,
        stated_value=present.stated,
        authoritative_value=present.reported,
        ruled_by=by,
        ruled_at=now,
    )
    notices.withdraw(subject=statement, kinds=[DIFFERENCE])
    for person in people.heads(present.department):
        notices.tell(recipient=person, subject=ruling, kind=RULED, at=now)
    history.record(
        actor=by,
        verb="meetings.ruled",
        target=statement,
        before={"stated": present.stated, "reported": present.reported},
        after={"verdict": ruling.verdict},
        note=reason,
    )
    return ruling


def find(statement: Statement) -> differences.Difference:
    """A stated figure as it stands now beside the others. Raises NotAllowed when it was taken back."""
    meeting = Meeting.objects.select_related("template").get(prereads__statements=statement)
    found = next((one for one in differences.compared(meeting) if one.statement.pk == statement.pk), None)
    if found is None:
        raise NotAllowed(_("The department has taken this figure back."))
    return found


# --- telling the data owners -------------------------------------------------------------------------------
def announce(*, meeting: Meeting, now: datetime) -> None:
    """Tell the data owners of what waits for their ruling; call it when a figure was stated, changed or taken back."""
    open_ones = differences.open_differences(meeting)
    closed = Statement.objects.filter(preread__meeting=meeting).exclude(
        pk__in=[one.statement.pk for one in open_ones]
    )
    for statement in closed:
        notices.withdraw(subject=statement, kinds=[DIFFERENCE])
    notices.promise_all(wanted(open_ones))


def wanted(open_ones: list[differences.Difference]) -> Iterator[Wanted]:
    """One word per data owner and value: a figure that is stated anew is said anew."""
    if not open_ones:
        return
    owners = list(people.with_role(User.Role.DATA_OWNER))
    for one in open_ones:
        for person in owners:
            yield Wanted(
                recipient=person,
                subject=one.statement,
                kind=DIFFERENCE,
                due_at=one.statement.stated_at,
                params={"stated": str(one.stated)},
            )
