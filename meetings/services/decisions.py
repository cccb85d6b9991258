"""Decisions: recorded the moment they fall, numbered without a gap through the year."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict
from meetings.models import AgendaItem, Decision, DecisionCounter, Issue, Meeting, Note
from meetings.services import obligations
from meetings.services.notes import check_recordable
from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a decision says; `decided_by` is needed for what was decided, `deferred_until` for what was put off."""

    text: str
    kind: str = Decision.Kind.DECISION
    outcome: str = Decision.Outcome.DECIDED
    options: str = ""
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
) -> Decision:
    """Write a decision with the next number of the meeting's year; a budget decision starts finance's clock.

    `issue` and `source_note` are what it was made of.

    Raises NotAllowed before the meeting begins, ValidationError when something is missing.
    """
    check_recordable(meeting)
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
    obligations.ensure(meeting=meeting, now=now)
    return decision


@transaction.atomic
def change(*, decision: Decision, content: Content, version: int, by: User, now: datetime) -> Decision:
    """Correct a decision; its number stays. The former wording is kept in the history.

    Raises Conflict when somebody changed it since `version`, ValidationError when something is missing.
    """
    changed = Decision(pk=decision.pk)
    changed.__dict__.update({k: v for k, v in decision.__dict__.items() if k != "_state"})
    _put(changed, content)
    changed.full_clean(exclude=["number"], validate_unique=False, validate_constraints=True)
    before = _plain(Decision.objects.get(pk=decision.pk))
    fields = {
        name: getattr(changed, name)
        for name in ("text", "kind", "outcome", "options", "decided_by", "deferred_until")
    }
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
    return decision


def _put(decision: Decision, content: Content) -> None:
    decision.text = content.text.strip()
    decision.kind, decision.outcome = content.kind, content.outcome
    decision.options = content.options.strip()
    decision.decided_by, decision.deferred_until = content.decided_by, content.deferred_until


def _next_number(year: int) -> int:
    """The next number of a year. The counter's row stays locked until the commit, so a rollback leaves no gap."""
    DecisionCounter.objects.get_or_create(year=year)
    counter = DecisionCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _plain(decision: Decision) -> dict[str, object]:
    return {
        "text": decision.text,
        "kind": decision.kind,
        "outcome": decision.outcome,
        "options": decision.options,
        "decided_by": decision.decided_by_id,
        "deferred_until": decision.deferred_until,
    }
