"""Writing an action down, as a draft or as a promise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import reminders, vagueness
from actions.approval import Chain
from actions.deadlines import Deadline
from actions.errors import Incomplete, NotPossible
from actions.models import Action, Criterion
from actions.services.parts import acceptor_of_part, may_have_parts, within_the_whole
from core import history
from meetings.models import AgendaItem, Decision, Issue, Meeting, Note
from meetings.services import log, once
from people import queries as people_queries
from people.models import Department, User

# Who approved the old words has not approved the new ones.
UNAPPROVED: dict[str, Any] = {
    "checked_by": None,
    "checked_at": None,
    "confirmed_by": None,
    "confirmed_at": None,
    "sent_back_because": "",
}
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else has changed this action since you opened it. Look at their version first."
)


@transaction.atomic
def capture(
    *,
    title: str,
    by: User,
    now: datetime,
    description: str = "",
    department: Department | None = None,
    owner: User | None = None,
    acceptor: User | None = None,
    deadline: Deadline | None = None,
    criteria: Sequence[str] = (),
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
    decision: Decision | None = None,
    issue: Issue | None = None,
    source_note: Note | None = None,
    vague_reason: str = "",
    parent: Action | None = None,
    must_be_complete: bool = False,
    key: UUID | None = None,
) -> Action:
    """Write a draft; only the title must be there, unless it `must_be_complete`: then Incomplete says what is missing.

    An acceptor and a department that are not given are proposed: the owner's department; the host of the meeting, or
    the department's lead, or whoever writes it down, whichever is not the owner. A part (`parent`) belongs where the
    whole does and is accepted by whoever owes the whole. `issue` and `source_note` are what
    it was made of; what is made of something confidential belongs to that item, whatever `agenda_item` says. A browser
    that heard no answer sends the same `key` again and gets the action that is there already.
    Raises NotPossible when owner and acceptor are the same person, or item or decision belong to another meeting.
    """
    history.acting(by)
    if parent is not None:
        may_have_parts(parent)
        within_the_whole(parent, deadline)
        meeting, agenda_item, decision = parent.meeting, parent.agenda_item, parent.decision
        department = department or parent.department
        acceptor = acceptor or acceptor_of_part(parent, owner)
    if meeting is not None and (earlier := once.recorded(meeting=meeting, key=key, noun="action")):
        return Action.objects.get(pk=earlier)
    if agenda_item is not None and agenda_item.meeting_id != (meeting and meeting.pk):
        raise NotPossible(_("This agenda item belongs to another meeting."))
    sources = [one for one in (issue, source_note) if one is not None]
    agenda_item = _item_of(sources, meeting) or agenda_item
    if decision is not None and decision.meeting_id != (meeting and meeting.pk):
        raise NotPossible(_("This decision belongs to another meeting."))
    if department is None and owner is not None:
        department = next(iter(owner.departments), None)
    if acceptor is None:
        acceptor = propose_acceptor(owner=owner, department=department, meeting=meeting, by=by)
    if owner is not None and owner == acceptor:
        raise NotPossible(str(vagueness.MESSAGES["acceptor.owner"]))
    action = Action(
        title=title.strip(),
        description=description.strip(),
        department=department,
        owner=owner,
        acceptor=acceptor,
        due_at=deadline.at if deadline else None,
        time_zone=deadline.zone if deadline else (meeting.time_zone if meeting else by.time_zone),
        is_all_day=deadline.is_all_day if deadline else True,
        meeting=meeting,
        agenda_item=agenda_item,
        decision=decision,
        issue=issue,
        source_note=source_note,
        parent=parent,
        vague_reason=vague_reason.strip(),
        created_by=by,
    )
    action.full_clean(validate_unique=False)
    action.save()
    _set_criteria(action, criteria)
    if must_be_complete and (findings := check(action=action, now=now)):
        raise Incomplete(findings)
    history.record(actor=by, verb="actions.captured", target=action, after=_terms(action, criteria))
    note(action, "written", by=by, now=now, key=key)
    return action


def _item_of(sources: Sequence[Issue | Note], meeting: Meeting | None) -> AgendaItem | None:
    """The confidential item that one of these belongs to, else None."""
    for source in sources:
        if source.meeting_id != (meeting and meeting.pk):
            raise NotPossible(_("What this is made of belongs to another meeting."))
    items = (source.item for source in sources if source.item is not None)
    return next((item for item in items if item.is_confidential), None)


def note(action: Action, what: str, *, by: User, now: datetime, key: UUID | None = None) -> None:
    """Tell the room of it, by number alone: everybody there reads for themselves what they may."""
    if action.meeting is not None:
        log.write(
            meeting=action.meeting,
            verb=f"action.{what}",
            data={"row": {"id": action.pk}},
            by=by,
            now=now,
            key=key,
        )


def propose_acceptor(
    *, owner: User | None, department: Department | None, meeting: Meeting | None, by: User
) -> User | None:
    """The host of the meeting, else the department's lead, else the writer, else an executive; never the owner."""
    if meeting is not None and meeting.host != owner and meeting.host.is_active:
        return meeting.host
    if department is not None:
        lead = next((lead for lead in people_queries.leads(department) if lead != owner), None)
        if lead is not None:
            return lead
    if by != owner:
        return by
    return people_queries.executives().exclude(pk=by.pk).first()


@transaction.atomic
def edit(
    *,
    action: Action,
    version: int,
    title: str,
    description: str,
    criteria: Sequence[str],
    by: User,
    now: datetime,
    department: Department | None = None,
    owner: User | None = None,
    acceptor: User | None = None,
    deadline: Deadline | None = None,
    vague_reason: str = "",
) -> Action:
    """Change the words; of a draft everything. `version` is the one the editor began from.

    Owner, acceptor and deadline of a published action have verbs of their own and are left alone here. A published
    action stays a promise: wording or criteria that are too vague are refused with Incomplete.
    Criteria are replaced by position; one whose words stay keeps its evidence.
    """
    history.acting(by)
    if not (action.is_draft or action.is_owed):
        raise NotPossible(_("It waits to be accepted or is over; its terms stand."))
    before = _terms(action, _criteria(action))
    changed: dict[str, Any] = {
        "title": title.strip(),
        "description": description.strip(),
        "vague_reason": vague_reason.strip(),
    }
    if action.is_draft:
        if owner is not None and owner == acceptor:
            raise NotPossible(str(vagueness.MESSAGES["acceptor.owner"]))
        changed |= {"department": department, "owner": owner, "acceptor": acceptor, **UNAPPROVED}
        changed["due_at"] = deadline.at if deadline else None
        if deadline:
            changed |= {"time_zone": deadline.zone, "is_all_day": deadline.is_all_day}
    claimed = Action.objects.filter(
        pk=action.pk, version=version, status=action.status, published_at=action.published_at
    )
    if not claimed.update(version=F("version") + 1, **changed):
        raise NotPossible(str(CHANGED_MEANWHILE))
    for name, value in changed.items():
        setattr(action, name, value)
    action.version = version + 1
    _set_criteria(action, criteria)
    if not action.is_draft:
        findings = [one for one in check(action=action, now=now) if one.code != "due.past"]
        if findings:
            raise Incomplete(findings)
    history.record(
        actor=by, verb="actions.edited", target=action, before=before, after=_terms(action, _criteria(action))
    )
    note(action, "edited", by=by, now=now)
    return action


@transaction.atomic
def discard(*, action: Action, by: User, now: datetime) -> None:
    """Throw a draft away; the history keeps what it said. A published action is cancelled instead."""
    history.acting(by)
    terms, pk = _terms(action, _criteria(action)), action.pk
    deleted, _rows = Action.objects.filter(pk=pk, published_at=None).delete()
    if not deleted:
        raise NotPossible(_("This action is published already; cancel it and say why."))
    action.pk = pk
    history.record(actor=by, verb="actions.discarded", target=action, before=terms)
    note(action, "removed", by=by, now=now)


def check(*, action: Action, now: datetime) -> list[vagueness.Finding]:
    """What the draft lacks to be a promise; wording that the host let pass is not named again."""
    found = vagueness.find(
        title=action.title,
        criteria=_criteria(action),
        owner=action.owner,
        acceptor=action.acceptor,
        department=action.department,
        due_at=action.due_at,
        now=now,
    )
    return [one for one in found if not (one.is_wording and action.vague_reason)]


@transaction.atomic
def publish(*, action: Action, by: User, now: datetime) -> Action:
    """Make a single draft a promise and tell its owner. Raises Incomplete when something is missing."""
    make_promise(action=action, by=by, now=now)
    if action.owner != by:
        reminders.tell_owner(action=action, now=now)
    return action


def make_promise(*, action: Action, by: User, now: datetime, keeps_deadline: bool = False) -> None:
    """Publish without telling anybody: check, mark, start the clocks. For `publish`, `publish_plan` and `split`.

    Where the company checks proposals, one whose last word is missing is incomplete, too. With `keeps_deadline` it
    was promised before, so that the deadline may be over and the company's word given.
    """
    findings = check(action=action, now=now)
    if keeps_deadline:
        findings = [one for one in findings if one.code != "due.past"]
    else:
        findings = findings or Chain.of([action]).findings(action)
    if findings:
        raise Incomplete(findings)
    history.acting(by)
    drafts = Action.objects.filter(pk=action.pk, published_at=None)
    if not drafts.update(published_at=now, first_due_at=F("due_at")):
        raise NotPossible(_("This action is published already."))
    action.published_at, action.first_due_at = now, action.due_at
    history.record(actor=by, verb="actions.published", target=action, after=_terms(action, _criteria(action)))
    reminders.renew(action)
    note(action, "published", by=by, now=now)


def _criteria(action: Action) -> list[str]:
    return [criterion.text for criterion in sorted(action.criteria.all(), key=lambda one: one.position)]


def _set_criteria(action: Action, texts: Sequence[str]) -> None:
    """Those in words become the given ones; measured ones have steps of their own and stay, behind them."""
    measured = list(action.criteria.filter(metric__isnull=False).order_by("position"))
    said = {criterion.text for criterion in measured}
    wanted = list(dict.fromkeys(text for text in map(str.strip, texts) if text and text not in said))
    in_words = action.criteria.filter(metric=None)
    kept = {criterion.text: criterion for criterion in in_words}
    in_words.exclude(text__in=wanted).delete()
    for position, criterion in enumerate(measured, start=len(wanted)):
        _put(criterion, position)
    for position, text in enumerate(wanted):
        found = kept.get(text)
        if found is None:
            criterion = Criterion(action=action, text=text, position=position)
            criterion.full_clean(validate_unique=False, validate_constraints=False)
            criterion.save()
        else:
            _put(found, position)
    action.__dict__.pop("_prefetched_objects_cache", None)


def _put(criterion: Criterion, position: int) -> None:
    if criterion.position != position:
        criterion.position = position
        criterion.save(update_fields=["position"])


def _terms(action: Action, criteria: Sequence[str]) -> dict[str, object]:
    """What was promised, for the history."""
    return {
        "title": action.title,
        "description": action.description,
        "department": action.department_id,
        "owner": action.owner_id,
        "acceptor": action.acceptor_id,
        "due_at": action.due_at,
        "time_zone": action.time_zone,
        "criteria": list(criteria),
        "vague_reason": action.vague_reason,
    }
