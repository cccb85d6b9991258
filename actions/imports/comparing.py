"""Records held against what is here: what would become of every line. Nothing is written."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2s

from actions import deadlines, rules, vagueness
from actions.deadlines import Deadline
from actions.exports import marks
from actions.exports.columns import criteria_of
from actions.imports.lines import CHANGED, LONGEST_TITLE, NEW, REFUSED, SAME, Edit, Line, Terms
from actions.imports.permits import forbidden
from actions.imports.records import Record, Remark, lines_of
from actions.imports.terms import contents, shown, shown_terms, understood
from actions.imports.world import World
from actions.models import Action
from people.models import User


def compare(records: Sequence[Record], *, source: str, by: User, now: datetime) -> list[Line]:
    """One line for each record, in their order; a number of queries that grows only with the people who are new."""
    _name_the_nameless(records, source, by)
    world = World.of(records, source=source, by=by)
    first: dict[object, int] = {}
    lines = []
    for record in records:
        line = _compared(record, world, by, now)
        key = line.action.pk if line.action else record.external_id
        if line.change != REFUSED and key in first:
            _refuse(line, Remark("twice", {"line": lines_of([first[key]])}))
        first.setdefault(key, record.line)
        lines.append(line)
    return lines


def _name_the_nameless(records: Sequence[Record], source: str, by: User) -> None:
    """A line of somebody's own list is known by who brings it and by its words, so that it can come again."""
    seen: dict[str, int] = {}
    for record in records:
        if record.external_id or record.number:
            continue
        words = " ".join(record.values.get("title", "").casefold().split())
        seen[words] = seen.get(words, 0) + 1
        text = f"{by.pk}\n{words}\n{seen[words]}"
        record.external_id = f"line-{blake2s(text.encode(), digest_size=12).hexdigest()}"


def _compared(record: Record, world: World, by: User, now: datetime) -> Line:
    line = Line(record, problems=list(record.problems), notes=list(record.notes))
    if line.problems:
        return _refuse(line)
    if record.number:
        line.action = world.by_number(record.number)
        if line.action is None:
            return _refuse(line, Remark("unknown_number", {"number": record.number[:20]}))
    elif world.is_hidden(record.external_id):
        return _refuse(line, Remark("not_yours"))
    else:
        line.action = world.by_external_id(record.external_id)
    return _new(line, world, by, now) if line.action is None else _known(line, line.action, world, by, now)


def _refuse(line: Line, *problems: Remark) -> Line:
    line.problems += problems
    line.change, line.edits = REFUSED, []
    return line


# --- what is not here yet ---------------------------------------------------------------------------------------
def _new(line: Line, world: World, by: User, now: datetime) -> Line:
    record = line.record
    if record.is_finished:
        return _refuse(line, Remark("finished_there"))
    terms = line.terms = understood(line, world, None)
    if not terms.title:
        line.problems.append(Remark("untitled"))
    elif len(terms.title) > LONGEST_TITLE:
        line.problems.append(Remark("title_long"))
    if terms.owner is not None:
        if terms.owner == terms.acceptor:
            line.problems.append(Remark("same_person"))
        if not rules.may_give_to(by, terms.owner, terms.department):
            line.problems.append(Remark("may_not_give", {"person": terms.owner.name}))
    if line.problems:
        return _refuse(line)
    line.change = NEW
    if lacking := _lacking(terms, now):
        line.notes.append(Remark("draft", {"what": lacking}))
    return line


def _lacking(terms: Terms, now: datetime) -> str:
    """What keeps it from being a promise, in words of the reader; an acceptor and a department can be proposed."""
    found = vagueness.find(
        title=terms.title,
        criteria=terms.criteria,
        owner=terms.owner,
        acceptor=terms.acceptor,
        department=terms.department,
        due_at=terms.deadline.at if terms.deadline else None,
        now=now,
    )
    proposed = {"acceptor.missing"} | (
        {"department.missing"} if terms.owner and terms.owner.departments else set()
    )
    return " ".join(str(one.message) for one in found if one.code not in proposed)


# --- what is here ---------------------------------------------------------------------------------------------
def _known(line: Line, action: Action, world: World, by: User, now: datetime) -> Line:
    record = line.record
    terms = line.terms = understood(line, world, action)
    held, said = marks.of(action, criteria_of(action)), contents(terms, action)
    written = marks.read(record.mark)
    edited = set()
    for name in terms.given:
        if said[name] == held[name] or (written and _is_untouched(name, written[name], said, record, action)):
            continue
        if written and not marks.fits(written[name], held[name]):
            now_here = shown(action)[name]
            line.problems.append(Remark("changed_meanwhile", {"field": name, "now": now_here[:80]}))
            continue
        edited.add(name)
    line.edited = frozenset(edited)
    _keep_the_rest(terms, edited, action)
    _tell_status(line, action, is_foreign=not record.number)
    # Names that are not understood matter only where somebody wrote them.
    line.problems = [one for one in line.problems if one.params.get("_field", "") in ("", *edited)]
    if edited and not line.problems:  # what is not understood is mended first
        line.problems += forbidden(edited, action, terms, by, now)
        if record.number and written is None:
            line.notes.append(Remark("no_marks"))
    if line.problems:
        return _refuse(line)
    line.change = CHANGED if edited else SAME
    old, new = shown(action), shown_terms(terms, action)
    line.edits = [Edit(name, old[name], new[name]) for name in marks.FIELDS if name in edited]
    return line


def _keep_the_rest(terms: Terms, edited: set[str], action: Action) -> None:
    """What nobody edited in the file is as it is here by now."""
    for name in ("title", "description", "owner", "acceptor", "department"):
        if name not in edited:
            setattr(terms, name, getattr(action, name))
    if "criteria" not in edited:
        terms.criteria = criteria_of(action)
    if not edited & {"due", "zone"}:
        terms.deadline = None
        if action.due_at is not None:
            terms.deadline = Deadline(at=action.due_at, zone=action.time_zone, is_all_day=action.is_all_day)


def _is_untouched(name: str, mark: str, said: dict[str, str], record: Record, action: Action) -> bool:
    """Whether the cell still says what was written into it; midnight is read as a day, but may have been meant."""
    if marks.fits(mark, said[name]):
        return True
    said_due = record.values.get("due", "")
    if (
        name != "due"
        or not said_due
        or (len(said_due) != len("2027-03-05") and not said_due.endswith(" 00:00"))
    ):
        return False
    wall = datetime.fromisoformat(said_due)
    zone = record.values.get("zone") or action.time_zone
    at = deadlines.resolve(day=wall.date(), clock=wall.time(), zone=zone).at
    return marks.fits(mark, marks.instant(at))


def _tell_status(line: Line, action: Action, *, is_foreign: bool) -> None:
    status = line.record.values.get("status", "")
    if line.record.is_finished and action.status in Action.OPEN:
        line.notes.append(Remark("left_open"))
    elif status and not is_foreign and status not in World.status_words(action):
        line.notes.append(Remark("status_kept", {"status": status[:40]}))
