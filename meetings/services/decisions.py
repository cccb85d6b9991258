"""Decisions: recorded the moment they fall, numbered without a gap through the year."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import (
    AgendaItem,
    Decision,
    DecisionCounter,
    DecisionRequest,
    Issue,
    Meeting,
    Note,
    RoomClock,
)
from meetings.services import log, obligations, once, open_minutes
from meetings.services.notes import check_recordable
from people.models import User

# What a decision says, in the order of its form.
FIELDS = (
    "text",
    "kind",
    "outcome",
    "options",
    "recommendation",
    "chosen",
    "dissent",
    "supersedes",
    "decided_by",
    "deferred_until",
)
_COLUMNS = {"supersedes": "supersedes_id", "decided_by": "decided_by_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a decision says; `decided_by` is needed for what was decided, `deferred_until` for what was put off."""

    text: str
    kind: str = Decision.Kind.DECISION
    outcome: str = Decision.Outcome.DECIDED
    options: str = ""
    recommendation: str = ""
    chosen: str = ""
    dissent: str = ""
    supersedes: Decision | None = None
    decided_by: User | None = None
    deferred_until: date | None = None


@transaction.atomic
def record(
    *,
    meeting: Meeting,
    item: AgendaItem | None,
    content: Content,
    by: User,
    now: datetime,
    issue: Issue | None = None,
    source_note: Note | None = None,
    request: DecisionRequest | None = None,
    key: UUID | None = None,
) -> Decision:
    """Write a decision with the next number of the meeting's year; a budget decision starts finance's clock.

    `issue`, `source_note` and `request` are what it was made of; a request is answered by it. A browser that heard
    no answer sends the same `key` again and gets the decision that is there already.

    Raises NotAllowed before the meeting begins, for a request that was answered meanwhile and for a decision that
    may not be replaced (see `check_supersedes`), ValidationError when something is missing.
    """
    check_recordable(meeting)
    _hold(meeting)
    if earlier := once.recorded(meeting=meeting, key=key, noun="decision"):
        return Decision.objects.get(pk=earlier)
    check_supersedes(content.supersedes, by=by)
    year = (meeting.started_at or meeting.starts_at).astimezone(meeting.zone).year
    decision = Decision(
        meeting=meeting,
        agenda_item=item,
        issue=issue,
        source_note=source_note,
        year=year,
        number=0,
        recorded_by=by,
        recorded_at=now,
    )
    _put(decision, content)
    decision.full_clean(exclude=["number"], validate_unique=False)
    # Last of all, so that the lock on the year is short and nothing after it can fail and leave a gap.
    decision.number = _next_number(year)
    decision.save(force_insert=True)
    if request is not None:
        _answer(request, decision)
    obligations.ensure(meeting=meeting, now=now)
    _log(decision, "decision.recorded", by, now, key)
    return decision


@transaction.atomic
def change(*, decision: Decision, content: Content, version: int, by: User, now: datetime) -> Decision:
    """Correct a decision; its number stays. The former wording is kept in the history.

    Raises Conflict when somebody changed it since `version`, NotAllowed while the minutes are out,
    ValidationError when something is missing.
    """
    open_minutes.check(decision.meeting_id)
    _hold(decision.meeting)
    check_supersedes(content.supersedes, by=by, replaced_by=decision)
    changed = Decision(pk=decision.pk)
    changed.__dict__.update({k: v for k, v in decision.__dict__.items() if k != "_state"})
    _put(changed, content)
    changed.full_clean(exclude=["number"], validate_unique=False, validate_constraints=True)
    before = _plain(Decision.objects.get(pk=decision.pk))
    fields = {name: getattr(changed, name) for name in FIELDS}
    if not Decision.objects.filter(pk=decision.pk, version=version).update(
        version=F("version") + 1, **fields
    ):
        stored = Decision.objects.get(pk=decision.pk)
        raise Conflict(
            _("Someone else changed this decision in the meantime."), theirs=stored, yours=content.text
        )
    decision.refresh_from_db()
    history.record(
        actor=by, verb="meetings.decision_changed", target=decision, before=before, after=_plain(decision)
    )
    obligations.ensure(meeting=decision.meeting, now=now)
    _log(decision, "decision.changed", by, now)
    return decision


def _hold(meeting: Meeting) -> None:
    """The room before its rows, its rows before the year: everybody takes these locks in this order."""
    RoomClock.objects.select_for_update().filter(meeting=meeting).first()


def check_supersedes(earlier: Decision | None, *, by: User, replaced_by: Decision | None = None) -> None:
    """Raises NotAllowed for a decision that this person does not know, that another one has replaced already, or
    that would come full circle."""
    if earlier is None:
        return
    # Of two that would replace it at once the second finds the first.
    Decision.objects.select_for_update().get(pk=earlier.pk)
    if not Decision.objects.visible_to(by).filter(pk=earlier.pk).exists():
        raise NotAllowed(_("Choose one of the decisions that you may read."))
    other = Decision.objects.superseding(earlier).exclude(pk=replaced_by.pk if replaced_by else 0).first()
    if other is not None:
        words = _("Decision %(code)s was replaced by %(other)s already. Replace that one.")
        raise NotAllowed(words % {"code": earlier.code, "other": other.code})
    step: Decision | None = earlier
    while replaced_by is not None and step is not None:
        if step.pk == replaced_by.pk:
            raise NotAllowed(_("Decision %(code)s replaces this one itself.") % {"code": earlier.code})
        step = step.supersedes


def _answer(request: DecisionRequest, decision: Decision) -> None:
    """The request is settled by this decision. Of two who answer at once the second is told."""
    if not DecisionRequest.objects.filter(pk=request.pk, decision=None).update(decision=decision):
        raise NotAllowed(_("This was decided in the meantime. Look at the decision first."))


def _log(decision: Decision, verb: str, by: User, now: datetime, key: UUID | None = None) -> None:
    log.write(meeting=decision.meeting, verb=verb, data={"row": log.row(decision)}, by=by, now=now, key=key)


def _put(decision: Decision, content: Content) -> None:
    for name in FIELDS:
        value = getattr(content, name)
        setattr(decision, name, value.strip() if isinstance(value, str) else value)


def _next_number(year: int) -> int:
    """The next number of a year. The counter's row stays locked until the commit, so a rollback leaves no gap."""
    DecisionCounter.objects.get_or_create(year=year)
    counter = DecisionCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _plain(decision: Decision) -> dict[str, object]:
    return {name: getattr(decision, _COLUMNS.get(name, name)) for name in FIELDS}
