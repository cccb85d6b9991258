"""Two out of one, and one out of two. Criteria go along with what shows them; nothing that was promised gets lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actions import reminders, term_notices
from actions.deadlines import Deadline
from actions.errors import NotPossible
from actions.models import Action, Criterion, DeadlineChange, Evidence, Progress
from actions.services import parts
from actions.services.capture import make_promise, propose_acceptor
from actions.services.life import close, required
from actions.services.terms import move_deadline
from core import history
from people.models import User

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What one new action takes over: criteria of the old one (ids), and new ones in words."""

    title: str
    owner: User
    criteria: Sequence[int] = ()
    new_criteria: Sequence[str] = ()
    deadline: Deadline | None = None
    rows: list[Criterion] = field(default_factory=list)


@transaction.atomic
def split(
    *, action: Action, portions: Sequence[Portion], reason: str, by: User, now: datetime
) -> list[Action]:
    """Give portions of an action to others (or do them apart): each becomes an action at once, published.

    The old one goes on with what is left, at least one criterion. Criteria take their evidence along. A new one has
    the old deadline with its whole ledger, so that nothing late becomes punctual by splitting; with another deadline
    that move stands in its ledger, too. Raises NotPossible, or Incomplete for a portion that is no promise.
    """
    history.acting(by)
    reason = required(reason, _("Say why it is split."))
    action = _locked(action)
    if not action.is_owed:
        raise NotPossible(_("Only what is being worked on can be split."))
    if not portions:
        raise NotPossible(_("Say at least one thing that becomes an action of its own."))
    _share_out(action, portions)
    made = [_made_of(action, portion, reason=reason, by=by, now=now) for portion in portions]
    names = pgettext("between the parts of a list", "; ").join(_named(one) for one in made)
    _say(action, _("Split off: %(names)s") % {"names": names}, reason, by=by, now=now)
    Action.objects.filter(pk=action.pk).update(version=F("version") + 1)
    history.record(
        actor=by, verb="actions.split", target=action, after={"into": [one.pk for one in made]}, note=reason
    )
    term_notices.tell_split(action=action, made=made, reason=reason, by=by, now=now)
    return made


@transaction.atomic
def merge(*, action: Action, into: Action, reason: str, by: User, now: datetime) -> Action:
    """Close an action because another one does it all, from now on with its criteria and what shows them.

    The merged one is cancelled with a reference to the other; its log, its criteria and evidence stay readable there.
    Raises NotPossible for what is handed in or over, and when one of them is on a confidential item of its own.
    """
    history.acting(by)
    reason = required(reason, _("Say why they are one."))
    if action.pk == into.pk:
        raise NotPossible(_("An action cannot be merged into itself."))
    # Always in the same order, so that two who merge crosswise do not wait for each other.
    first, second = (_locked(one) for one in sorted((action, into), key=lambda one: one.pk))
    action, into = (first, second) if first.pk == action.pk else (second, first)
    if not (action.is_owed and into.is_owed):
        raise NotPossible(_("Only actions that are being worked on can be merged."))
    if action.parent_id == into.pk or into.parent_id == action.pk:
        raise NotPossible(_("One is a part of the other. Finish or cancel the part instead."))
    if _secret_of(action) != _secret_of(into):
        raise NotPossible(_("One of them is on a confidential item: its words must not leave it."))
    parts.reparent(action, into, now=now)
    _copy_criteria(action, into)
    close(action, by=by, now=now, reason=reason, merged_into=into)
    _say(
        into,
        _("Merged in: %(reference)s %(title)s") % {"reference": action.reference, "title": action.title},
        reason,
        by=by,
        now=now,
    )
    Action.objects.filter(pk=into.pk).update(version=F("version") + 1)
    history.record(actor=by, verb="actions.merged", target=into, after={"merged": action.pk}, note=reason)
    term_notices.tell_merged(action=action, into=into, reason=reason, by=by, now=now)
    return into


def _locked(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=["self"])
    people = ("owner", "acceptor", "department", "meeting__host", "agenda_item", "decision", "parent")
    return rows.select_related(*people).get(pk=action.pk)


def _named(action: Action) -> str:
    told = {
        "number": action.reference,
        "title": action.title,
        "owner": action.owner.name if action.owner else "—",
    }
    return _("%(number)s %(title)s (%(owner)s)") % told


def _say(action: Action, text: str, reason: str, *, by: User, now: datetime) -> None:
    Progress.objects.create(
        action=action, text=f"{text}\n{reason}".strip(), status=action.status, by=by, at=now
    )


# --- splitting -------------------------------------------------------------------------------------------------
def _share_out(action: Action, portions: Sequence[Portion]) -> None:
    """Each criterion goes to one portion or stays; something stays, and each portion gets something."""
    left = {criterion.pk: criterion for criterion in action.criteria.order_by("position")}
    for portion in portions:
        for pk in portion.criteria:
            criterion = left.pop(pk, None)
            if criterion is None:
                raise NotPossible(_("Each criterion goes to one of the new actions, or stays."))
            portion.rows.append(criterion)
        if not portion.rows and not any(text.strip() for text in portion.new_criteria):
            raise NotPossible(
                _("“%(title)s” has no acceptance criterion yet: give it one.") % {"title": portion.title}
            )
    if not left:
        raise NotPossible(_("At least one criterion stays with the old action. Or hand it over as it is."))


def _made_of(action: Action, portion: Portion, *, reason: str, by: User, now: datetime) -> Action:
    if portion.deadline is not None and by.pk == action.owner_id:
        raise NotPossible(_("Nobody moves the deadline of their own action. Ask whoever accepts it."))
    acceptor = action.acceptor
    if acceptor == portion.owner:
        acceptor = propose_acceptor(
            owner=portion.owner, department=action.department, meeting=action.meeting, by=by
        )
    made = Action(
        title=portion.title.strip(),
        department=action.department,
        owner=portion.owner,
        acceptor=acceptor,
        parent=action.parent,
        split_from=action,
        created_by=by,
        **{name: getattr(action, name) for name in INHERITED},
    )
    made.full_clean(validate_unique=False)
    made.save()
    for position, criterion in enumerate(portion.rows):
        Criterion.objects.filter(pk=criterion.pk).update(action=made, position=position)
    Evidence.objects.filter(criterion__in=[one.pk for one in portion.rows]).update(action=made)
    texts = dict.fromkeys(text.strip() for text in portion.new_criteria if text.strip())
    for position, text in enumerate(texts, start=len(portion.rows)):
        Criterion.objects.create(action=made, text=text, position=position)
    make_promise(action=made, by=by, now=now, keeps_deadline=True)
    _inherit_ledger(action, made)
    if portion.deadline is not None and portion.deadline.at != made.due_at:
        move_deadline(action=made, deadline=portion.deadline, reason=reason, by=by, now=now)
    _say(made, _("Split off from %(reference)s") % {"reference": action.reference}, reason, by=by, now=now)
    if made.owner != by:
        reminders.tell_owner(action=made, now=now)
    return made


# What a new action has from the one that it was split off.
INHERITED = (
    "due_at",
    "time_zone",
    "is_all_day",
    "meeting",
    "agenda_item",
    "decision",
    "issue",
    "source_note",
    "problem",
    "vague_reason",
    "checked_by",
    "checked_at",
    "confirmed_by",
    "confirmed_at",
)


def _inherit_ledger(action: Action, made: Action) -> None:
    """The dates that were promised before, by whom and why."""
    columns = ("old_due_at", "new_due_at", "reason", "by_id", "approved_by_id", "at")
    DeadlineChange.objects.bulk_create(
        DeadlineChange(action=made, **{name: getattr(change, name) for name in columns})
        for change in action.deadline_changes.order_by("pk")
    )
    made.first_due_at, made.slips = action.first_due_at, action.slips
    made.save(update_fields=["first_due_at", "slips"])


# --- merging ---------------------------------------------------------------------------------------------------
def _secret_of(action: Action) -> int | None:
    """The confidential item that it belongs to."""
    item = action.agenda_item or (action.decision.agenda_item if action.decision else None)
    return item.pk if item is not None and item.is_confidential else None


def _copy_criteria(action: Action, into: Action) -> None:
    """What is not promised there in the same words is promised there now, with what was shown for it so far."""
    there = {criterion.text: criterion for criterion in into.criteria.all()}
    last = into.criteria.aggregate(last=Max("position"))["last"]
    position = -1 if last is None else last
    for criterion in action.criteria.order_by("position"):
        target = there.get(criterion.text)
        if target is None:
            position += 1
            target = _copied(criterion, action=into, position=position)
        for evidence in criterion.evidence.order_by("pk"):
            _copied(evidence, action=into, criterion=target)


def _copied(row: Row, **changed: object) -> Row:
    names = [column.attname for column in row._meta.concrete_fields if not column.primary_key]
    made = type(row)(**{name: getattr(row, name) for name in names})
    for name, value in changed.items():
        setattr(made, name, value)
    made.save()
    return made
