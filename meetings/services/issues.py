"""The issue pool: raising what came up, voting, the executive's order, and getting to the root of one at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings import blame
from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Issue, IssueVote, Meeting, Note
from meetings.queries import issues as queries
from meetings.queries.evidence import Found
from meetings.services import log, once
from meetings.services.notes import check_recordable
from people.models import Department, User

LONGEST = 300
CAUSE_FIELDS = ("root_cause", "process")
WORK_FIELDS = ("whys", "root_cause", "process", "wording_reason", "solution")


class Unfair(NotAllowed):
    """The cause looks for somebody at fault; `found` are the sentences by field."""

    def __init__(self, found: dict[str, list[str]]) -> None:
        super().__init__(" ".join(sentence for sentences in found.values() for sentence in sentences))
        self.found = found


# --- raising ------------------------------------------------------------------------------------------------
@transaction.atomic
def raise_issue(
    *,
    meeting: Meeting,
    by: User,
    now: datetime,
    text: str = "",
    item: AgendaItem | None = None,
    found: Found | None = None,
    note: Note | None = None,
    needs: Collection[Department] = (),
    key: UUID | None = None,
) -> tuple[Issue, bool]:
    """Put an issue into the pool; returns it and whether it is new.

    A browser that heard no answer sends the same `key` again and gets the issue that is there already.
    `found` is what it rests on and gives the text where none was typed. The same figure twice is one issue, and
    raising it again is a vote for it. What rests on a confidential item belongs to that item, whatever `item` says.
    Raises NotAllowed without a text, with one that is too long, or before the meeting begins.
    """
    check_recordable(meeting)
    text = " ".join((text or (found.text if found else "")).split())
    if not text:
        raise NotAllowed(_("Say what the issue is."))
    if len(text) > LONGEST:
        raise NotAllowed(
            _("An issue has at most %(limit)d signs; these are %(length)d. Keep the core of it.")
            % {"limit": LONGEST, "length": len(text)}
        )
    if earlier := once.recorded(meeting=meeting, key=key, noun="issue"):
        return Issue.objects.get(pk=earlier), False
    known = _same(meeting, found, by)
    if known is not None:
        vote(issue=known, by=by, now=now)
        return known, False
    secret = found.item_id if found else None
    issue = Issue.objects.create(
        meeting=meeting,
        item_id=secret or (item.pk if item else None),
        text=text,
        evidence=found.evidence if found else {},
        source_note=note,
        raised_by=by,
        raised_at=now,
    )
    issue.needs.set(needs)
    log_issue(issue=issue, what="raised", by=by, now=now, key=key)
    return issue, True


def _same(meeting: Meeting, found: Found | None, by: User) -> Issue | None:
    """The waiting issue about the same figure of the same department, as far as this person may see it."""
    if found is None or found.evidence["kind"] not in ("figure", "passage"):
        return None
    names = ("kind", "code", "place", "department")
    same = {f"evidence__{name}": found.evidence[name] for name in names if name in found.evidence}
    if "department" not in found.evidence:
        same["evidence__department__isnull"] = True
    return Issue.objects.visible_to(by).waiting().filter(meeting=meeting, **same).first()


def log_issue(*, issue: Issue, what: str, by: User, now: datetime, key: UUID | None = None) -> None:
    """One line of the room's log with everything that the issue says."""
    needs = sorted(issue.needs.values_list("pk", flat=True))
    log.write(
        meeting=issue.meeting,
        verb=f"issue.{what}",
        data={"row": log.row(issue, needs=needs)},
        by=by,
        now=now,
        key=key,
    )


# --- votes and order ------------------------------------------------------------------------------------------
@transaction.atomic
def vote(*, issue: Issue, by: User, now: datetime) -> None:
    """Say that it matters; a second time changes nothing. Raises NotAllowed for an issue that is settled."""
    _check_waiting(issue)
    cast, is_new = IssueVote.objects.get_or_create(issue=issue, user=by, defaults={"at": now})
    if is_new:
        log.write(meeting=issue.meeting, verb="vote.given", data={"row": log.row(cast)}, by=by, now=now)


@transaction.atomic
def take_vote_back(*, issue: Issue, by: User, now: datetime) -> None:
    _check_waiting(issue)
    cast = IssueVote.objects.select_for_update().filter(issue=issue, user=by).first()
    if cast is None:
        return
    row = log.row(cast)
    cast.delete()
    log.write(meeting=issue.meeting, verb="vote.removed", data={"row": row}, by=by, now=now)


@transaction.atomic
def move(*, issue: Issue, up: bool, by: User, now: datetime) -> None:
    """One place up or down in the pool, by the executive's word; at the edge nothing happens.

    Everything down to where it stood then has a place of its own; what stands below goes on by votes.
    """
    rows = _lock(issue.meeting)
    order = [one.pk for one in rows]
    if issue.pk not in order:
        raise NotAllowed(_("This issue is settled; only waiting ones have a place in the pool."))
    place = order.index(issue.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    ranked = max([place, other, *(n for n, one in enumerate(rows) if one.rank is not None)])
    rows[place], rows[other] = rows[other], rows[place]
    for rank, one in enumerate(rows[: ranked + 1], start=1):
        _rank(one, rank, by, now)


@transaction.atomic
def order_by_votes(*, meeting: Meeting, by: User, now: datetime) -> None:
    """Take the executive's order back: the votes count again."""
    for one in _lock(meeting):
        _rank(one, None, by, now)


def _rank(issue: Issue, rank: int | None, by: User, now: datetime) -> None:
    if issue.rank == rank:
        return
    issue.rank = rank
    issue.save(update_fields=["rank"])
    log_issue(issue=issue, what="ordered", by=by, now=now)


def _lock(meeting: Meeting) -> list[Issue]:
    """The waiting issues of a meeting in the order of the pool, locked until the commit."""
    list(Issue.objects.select_for_update().filter(meeting=meeting).order_by("pk").values_list("pk"))
    return list(queries.ordered(Issue.objects.filter(meeting=meeting).waiting().select_related("meeting")))


# --- working on one -------------------------------------------------------------------------------------------
@transaction.atomic
def work_on(*, issue: Issue, by: User, now: datetime) -> None:
    """Take this one up. Another one that was being worked on goes back into the pool with all that was found."""
    check_recordable(issue.meeting)
    rows = {one.pk: one for one in _lock(issue.meeting)}
    if issue.pk not in rows:
        raise NotAllowed(_("This issue is settled. Take it up again first."))
    for one in rows.values():
        if one.state == Issue.State.WORKING and one.pk != issue.pk:
            _set_state(one, Issue.State.OPEN, by, now)
    if rows[issue.pk].state != Issue.State.WORKING:
        _set_state(rows[issue.pk], Issue.State.WORKING, by, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was found out about an issue. `whys`: at most five, each answering the one before."""

    text: str
    whys: Sequence[str] = ()
    root_cause: str = ""
    process: str = ""
    wording_reason: str = ""
    solution: str = ""
    needs: Collection[Department] = field(default_factory=tuple)

    def values(self) -> dict[str, Any]:
        whys = [why.strip() for why in self.whys][: Issue.MOST_WHYS]
        while whys and not whys[-1]:
            whys.pop()
        return {
            "text": " ".join(self.text.split()),
            "whys": whys,
            "root_cause": self.root_cause.strip(),
            "process": self.process.strip(),
            "wording_reason": self.wording_reason.strip(),
            "solution": self.solution.strip(),
        }


@transaction.atomic
def save(*, issue: Issue, work: Work, version: int, by: User, now: datetime) -> Issue:
    """Keep what was written if nobody saved since `version`; returns the stored issue.

    The same words again are no conflict. Raises Conflict (`theirs` is the stored issue), Unfair when the cause names
    a person or blames and no reason says why the wording stands, NotAllowed without a text, once it is settled and
    while the minutes are out.
    """
    values = work.values()
    if not values["text"]:
        raise NotAllowed(_("Say what the issue is."))
    if found := unfair(values):
        raise Unfair(found)
    stored = (
        Issue.objects.select_for_update(of=["self"]).select_related("edited_by", "meeting").get(pk=issue.pk)
    )
    if not stored.is_waiting:
        raise NotAllowed(_("This issue is settled. Take it up again first."))
    check_recordable(stored.meeting)
    needs = {one.pk for one in work.needs}
    stored_needs = set(stored.needs.values_list("pk", flat=True))
    if needs == stored_needs and all(getattr(stored, name) == value for name, value in values.items()):
        return stored
    if stored.version != version:
        raise Conflict(_("Someone else changed this issue in the meantime."), theirs=stored, yours=work)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.version, stored.edited_by = version + 1, by
    stored.save(update_fields=[*values, "version", "edited_by"])
    stored.needs.set(needs)
    log_issue(issue=stored, what="changed", by=by, now=now)
    return stored


def unfair(values: dict[str, Any]) -> dict[str, list[str]]:
    """The sentences about root cause and process that look for somebody at fault; none with a reason given."""
    written = {name: values[name] for name in CAUSE_FIELDS if values[name]}
    if values["wording_reason"] or not written:
        return {}
    names = list(User.objects.filter(is_active=True).values_list("name", flat=True))
    found = {name: blame.find(text, names) for name, text in written.items()}
    return {name: sentences for name, sentences in found.items() if sentences}


# --- settling -------------------------------------------------------------------------------------------------
@transaction.atomic
def settle(*, issue: Issue, state: str, by: User, now: datetime) -> None:
    """Solve, park (until the next meeting), withdraw an issue, or take it up again ("open").

    Solved is what has a root cause, the process at fault and a solution; NotAllowed names what is missing.
    """
    check_recordable(issue.meeting)
    stored = Issue.objects.select_for_update(of=["self"]).select_related("meeting").get(pk=issue.pk)
    if state == stored.state:
        return
    if state not in Issue.NEXT[stored.state]:
        raise NotAllowed(_("This step is not possible now. Someone may just have settled the issue."))
    if state == Issue.State.SOLVED and (missing := lacks(stored)):
        raise NotAllowed(_("Not solved yet: %(missing)s") % {"missing": " ".join(missing)})
    _set_state(stored, state, by, now)
    history.record(actor=by, verb="meetings.issue_settled", target=stored, after=state)
    issue.refresh_from_db()


def lacks(issue: Issue) -> list[str]:
    """What is still to be found before an issue is solved, each a sentence."""
    missing = []
    if not issue.root_cause:
        missing.append(_("Write the root cause."))
    if not issue.process:
        missing.append(_("Name the process or rule that let it happen."))
    if not issue.solution:
        missing.append(_("Say what is done about it."))
    return missing


def _set_state(issue: Issue, state: str, by: User, now: datetime) -> None:
    changed: dict[str, Any] = {"state": state, "settled_at": None, "settled_by": None}
    if state not in Issue.WAITING:
        changed |= {"settled_at": now, "settled_by": by}
    if not Issue.objects.filter(pk=issue.pk, state=issue.state).update(version=F("version") + 1, **changed):
        raise NotAllowed(_("Someone else has just changed this issue."))
    issue.refresh_from_db()
    log_issue(issue=issue, what=state, by=by, now=now)


def _check_waiting(issue: Issue) -> None:
    if not issue.is_waiting:
        raise NotAllowed(_("This issue is settled; votes count while it waits."))


# --- into the next meeting ------------------------------------------------------------------------------------
@transaction.atomic
def bring_over(*, issues: Iterable[Issue], meeting: Meeting, items: Mapping[int | None, int]) -> list[Issue]:
    """Let waiting and parked issues of an earlier meeting go on in this one's pool; each goes on in one meeting.

    `items` says which agenda item went on as which. One of a confidential item comes only where that item does, so
    that its circle stays. Votes and the executive's order do not come along.
    """
    brought = []
    for issue in issues:
        item = items.get(issue.item_id)
        if issue.item_id and item is None and issue.item.is_confidential:  # type: ignore[union-attr]
            continue
        copy = Issue.objects.create(
            meeting=meeting,
            item_id=item,
            text=issue.text,
            evidence={**issue.evidence, "meeting": issue.evidence.get("meeting", issue.meeting_id)}
            if issue.evidence
            else {},
            **{name: getattr(issue, name) for name in WORK_FIELDS},
            carried_from=issue,
            raised_by=issue.raised_by,
            raised_at=issue.raised_at,
        )
        copy.needs.set(issue.needs.all())
        brought.append(copy)
    return brought
