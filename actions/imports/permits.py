"""Why a person cannot make the edits of a line, or nobody can: the rules of the page, said beforehand."""

from datetime import datetime

from actions import rules, vagueness
from actions.imports.lines import Terms
from actions.imports.records import Remark
from actions.models import Action
from people.models import User

# What only somebody who manages the action changes.
PEOPLE = ("owner", "acceptor", "department")
WORDS = ("title", "criteria", "description")


def forbidden(edited: set[str], action: Action, terms: Terms, by: User, now: datetime) -> list[Remark]:
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
