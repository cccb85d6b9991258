"""What a line says, understood: people, departments and deadlines found by what they are called there."""

from actions.deadlines import Deadline
from actions.exports import marks
from actions.exports.columns import criteria_of
from actions.imports.lines import Line, Terms
from actions.imports.records import Remark
from actions.imports.world import World
from actions.models import Action
from core.templatetags.times import moment_words
from people.models import User


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
