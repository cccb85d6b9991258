"""Records held against what is here: what would become of every line. Nothing is written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import blake2s
from typing import Any

from actions import deadlines, rules, vagueness
from actions.deadlines import Deadline
from actions.exports import marks
from actions.exports.columns import criteria_of
from actions.imports.records import Record, Remark, lines_of
from actions.imports.world import World
from actions.models import Action
from core.templatetags.times import moment_words
from people.models import Department, User

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
LONGEST_TITLE = 300
# What only somebody who manages the action changes.
PEOPLE = ("owner", "acceptor", "department")
WORDS = ("title", "criteria", "description")


@dataclass(slots=True)
class Edit:
    """A field that would change, with both contents as people read them."""

    field: str
    old: str
    new: str


@dataclass(slots=True)
class Terms:
    """What a line says, understood. `given` are the fields that the file has and that are not left to us."""

    title: str = ""
    description: str = ""
    criteria: list[str] = field(default_factory=list)
    owner: User | None = None
    acceptor: User | None = None
    department: Department | None = None
    deadline: Deadline | None = None
    given: frozenset[str] = frozenset()


@dataclass(slots=True)
class Line:
    """What would become of one line."""

    record: Record
    change: str = SAME
    action: Action | None = None
    terms: Terms = field(default_factory=Terms)
    edits: list[Edit] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    # The fields that somebody edited.
    edited: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.record.line,
            "change": self.change,
            "action": self.action.pk if self.action else None,
            "title": self.terms.title or self.record.values.get("title", "")[:LONGEST_TITLE],
            "record": self.record.as_json(),
            "edits": [asdict(edit) for edit in self.edits],
            "problems": [asdict(one) for one in self.problems],
            "notes": [asdict(one) for one in self.notes],
        }


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
        line.problems += _forbidden(edited, action, terms, by, now)
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
    if line.record.is_finished and action.status != Action.Status.ACCEPTED:
        line.notes.append(Remark("left_open"))
    elif status and not is_foreign and status not in World.status_words(action):
        line.notes.append(Remark("status_kept", {"status": status[:40]}))


def _forbidden(edited: set[str], action: Action, terms: Terms, by: User, now: datetime) -> list[Remark]:
    """Why this person cannot make these edits, or nobody can."""
    number = {"number": action.reference}
    if not (action.is_draft or action.is_owed):
        return [Remark("over", number)]
    found = []
    if edited & {*WORDS} and not rules.can_edit(by, action):
        found.append(Remark("may_not_edit", number))
    moves = edited & {"due", "zone"}
    if action.is_draft:
        if not rules.can_edit(by, action) and (moves or edited & {*PEOPLE}):
            found.append(Remark("may_not_hand_over", number))
        return found + _may_not_give(edited, action, terms, by)
    if moves and not rules.can_move_deadline(by, action):
        found.append(Remark("may_not_move", number))
    if edited & {"owner", "acceptor"} and not rules.can_manage(by, action):
        found.append(Remark("may_not_hand_over", number))
    if "department" in edited:
        found.append(Remark("department_stands"))
    found += _may_not_give(edited, action, terms, by)
    empty = {"owner": terms.owner, "acceptor": terms.acceptor, "due": terms.deadline, "title": terms.title}
    found += [
        Remark("cannot_be_empty", {"field": name})
        for name, value in empty.items()
        if name in edited and not value
    ]
    if moves and terms.deadline is not None and terms.deadline.at <= now:
        found.append(Remark("date_past"))
    owner, acceptor = terms.owner or action.owner, terms.acceptor or action.acceptor
    if owner == acceptor:
        found.append(Remark("same_person"))
    return found or _vague(edited, action, terms, now)


def _may_not_give(edited: set[str], action: Action, terms: Terms, by: User) -> list[Remark]:
    """Work is given to others by the rule that the page has, too."""
    given = edited & ({"owner", "department"} if action.is_draft else {"owner"})
    department = terms.department if action.is_draft else action.department
    if not given or terms.owner is None or rules.may_give_to(by, terms.owner, department, action.meeting):
        return []
    return [Remark("may_not_give", {"person": terms.owner.name})]


def _vague(edited: set[str], action: Action, terms: Terms, now: datetime) -> list[Remark]:
    """A promise that would not be one any more."""
    if not edited & {"title", "criteria"}:
        return []
    lacking = vagueness.find(
        title=terms.title,
        criteria=terms.criteria,
        owner=terms.owner or action.owner,
        acceptor=terms.acceptor or action.acceptor,
        department=action.department,
        due_at=action.due_at,
        now=now,
    )
    texts = [
        str(one.message)
        for one in lacking
        if one.code != "due.past" and not (one.is_wording and action.vague_reason)
    ]
    return [Remark("needs", {"what": " ".join(texts)})] if texts else []


# --- what a line says -------------------------------------------------------------------------------------------
def understood(line: Line, world: World, action: Action | None) -> Terms:
    """The line's terms; what the file does not say is as it is here. What is not understood goes to the problems, or,
    for a new action, into its description."""
    values = line.record.values
    given = {name for name in marks.FIELDS if name in values}
    if action is not None and not line.record.number:
        # A foreign list leaves empty what it does not know.
        given = {name for name in given if values[name]}
    terms = Terms(
        title=" ".join(values.get("title", "").split()),
        description=values.get("description", ""),
        criteria=[text.strip() for text in values.get("criteria", "").splitlines() if text.strip()],
    )
    if action is not None:
        terms = _filled(terms, given, action)
    for name in ("owner", "acceptor"):
        if name in given:
            _take_person(line, terms, name, world, action)
    if "department" in given:
        _take_department(line, terms, world)
    _take_deadline(line, terms, given, world, action)
    terms.given = frozenset(given)
    return terms


def _filled(terms: Terms, given: set[str], action: Action) -> Terms:
    if "title" not in given:
        terms.title = action.title
    if "description" not in given:
        terms.description = action.description
    if "criteria" not in given:
        terms.criteria = criteria_of(action)
    terms.owner, terms.acceptor, terms.department = action.owner, action.acceptor, action.department
    return terms


def _take_person(line: Line, terms: Terms, name: str, world: World, action: Action | None) -> None:
    text = line.record.values[name]
    if not text:
        setattr(terms, name, None)
        return
    current: User | None = getattr(action, name, None)
    # Whoever has it already is meant first, even where others share the name or the person has left.
    found = [current] if current is not None and world.is_called(current, text) else world.people(text)
    if len(found) == 1:
        setattr(terms, name, found[0])
        return
    if action is None and not found:
        line.notes.append(Remark("owner_left_out", {"person": text[:80]}))
        terms.description = f"{terms.description}\n\n{name}: {text}".strip()
        return
    setattr(terms, name, None)
    code = "person_ambiguous" if found else "person_unknown"
    line.problems.append(Remark(code, {"person": text[:80], "_field": name}))


def _take_department(line: Line, terms: Terms, world: World) -> None:
    text = line.record.values["department"]
    terms.department = world.department(text) if text else None
    if text and terms.department is None:
        line.problems.append(Remark("department_unknown", {"department": text[:80], "_field": "department"}))


def _take_deadline(line: Line, terms: Terms, given: set[str], world: World, action: Action | None) -> None:
    zone = line.record.values.get("zone", "") or (action.time_zone if action else world.by.time_zone)
    if not world.is_zone(zone):
        line.problems.append(Remark("zone_unknown", {"zone": zone[:60]}))
        zone = world.by.time_zone
    if "due" in given:
        terms.deadline = world.deadline(line.record.values["due"], zone)
    elif action is not None and action.due_at is not None:
        terms.deadline = Deadline(at=action.due_at, zone=zone, is_all_day=action.is_all_day)


def contents(terms: Terms, action: Action) -> dict[str, str]:
    """The terms in the plain form of `exports.marks`, to be compared."""
    return {
        "title": marks.plain(terms.title),
        "owner": str(terms.owner.pk if terms.owner else ""),
        "acceptor": str(terms.acceptor.pk if terms.acceptor else ""),
        "department": str(terms.department.pk if terms.department else ""),
        "due": marks.instant(terms.deadline.at if terms.deadline else None),
        "zone": terms.deadline.zone if terms.deadline else action.time_zone,
        "criteria": marks.plain("\n".join(terms.criteria)),
        "description": marks.plain(terms.description),
    }


def shown(action: Action) -> dict[str, str]:
    """What is here, as people read it."""
    return {
        "title": action.title,
        "owner": str(action.owner or ""),
        "acceptor": str(action.acceptor or ""),
        "department": str(action.department or ""),
        "due": moment_words(action.due_at, action.time_zone) if action.due_at else "",
        "zone": action.time_zone,
        "criteria": "\n".join(criteria_of(action)),
        "description": action.description,
    }


def shown_terms(terms: Terms, action: Action) -> dict[str, str]:
    zone = terms.deadline.zone if terms.deadline else action.time_zone
    return {
        "title": terms.title,
        "owner": str(terms.owner or ""),
        "acceptor": str(terms.acceptor or ""),
        "department": str(terms.department or ""),
        "due": moment_words(terms.deadline.at, zone) if terms.deadline else "",
        "zone": zone,
        "criteria": "\n".join(terms.criteria),
        "description": terms.description,
    }


def counts(lines: Sequence[Line]) -> dict[str, int]:
    return {change: sum(line.change == change for line in lines) for change in (NEW, CHANGED, SAME, REFUSED)}
