"""Two people change one plan at once: what both did is joined; where they contradict each other, somebody decides.

A three-way merge over the parts of a plan. The smallest part that is merged is what a person changes in one go: the
start with its zone, an item's minutes, its title, the role of one person. An item is never lost: one that somebody
added stays, and one that somebody removed goes only if nobody else changed it meanwhile.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Model

from core.periods import Period
from meetings.models.meeting import Participant
from meetings.models.template import TemplateModule
from meetings.plan import MOMENTS, ItemPlan, PersonPlan, Plan
from people.models import Department, User

MINE, THEIRS = "mine", "theirs"
Content = dict[str, Any]

# Part → the fields of a plan that belong together.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "start": ("starts_at", "time_zone"),
    "length": ("planned_minutes",),
    "period": ("period",),
    "quorum": ("quorum_percent",),
    "location": ("location",),
    "online_url": ("online_url",),
    "note": ("note",),
    **{name: (name,) for name in MOMENTS},
}
# Part → the fields of an item that belong together.
ITEM: dict[str, tuple[str, ...]] = {
    "title": ("title_en", "title_zh"),
    "kind": ("kind",),
    "presenter": ("presenter", "department", "presenter_user"),
    "minutes": ("report", "discussion"),
    "pin": ("is_pinned",),
    "questions": ("questions_en", "questions_zh"),
    "metrics": ("metric_codes",),
    "circle": ("is_confidential", "readers"),
    "recurring": ("is_recurring",),
    "action_list": ("action_list",),
}
EXISTS, ORDER, ROLE, PERSON, DEPARTMENT = "exists", "order", "role", "person", "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """One part that both changed, differently. `mine` and `theirs` are what each made of it, None for removed.

    `path` names it in a form; `part` is a key of FIELDS or ITEM, or one of the words above. An item's part has its
    item, as it stands in mine or else in theirs.
    """

    path: str
    part: str
    mine: Any
    theirs: Any
    item: ItemPlan | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The joined plan; it may be stored when there are no overlaps."""

    plan: Plan
    overlaps: list[Overlap]


# --- a plan in plain values -------------------------------------------------------------------------------
def content(plan: Plan) -> Content:
    """The plan as JSON can hold it: kept for each revision, and compared by `merge`."""
    return {
        "fields": {part: _values(plan, names) for part, names in FIELDS.items()},
        "departments": {
            str(row.department.pk): [row.is_required, row.needs_preread] for row in plan.departments
        },
        "people": {str(person.user.pk): _role(person) for person in plan.people},
        "items": [_item(item) for item in plan.items],
    }


def _item(item: ItemPlan) -> dict[str, Any]:
    return {
        "id": item.item_id,
        "module": item.module.pk if item.module else None,
        **{part: _values(item, names) for part, names in ITEM.items()},
    }


def _role(person: PersonPlan) -> list[Any]:
    return [str(person.role), person.department.pk if person.department else None]


def _values(of: Plan | ItemPlan, names: tuple[str, ...]) -> list[Any]:
    return [_plain(getattr(of, name)) for name in names]


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Period):
        return [value.grain, value.start.isoformat(), value.end.isoformat()]
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def items_of(content: Content) -> list[ItemPlan]:
    """The items of a plan that was kept, with the people, departments and modules that are still there."""
    rows = content["items"]
    presenters = [row["presenter"] for row in rows]
    users = User.objects.in_bulk(
        {user for _who, _department, user in presenters if user}
        | {user for row in rows for user in row["circle"][1]}
    )
    departments = Department.objects.in_bulk(
        [department for _who, department, _user in presenters if department]
    )
    modules = TemplateModule.objects.select_related("department").in_bulk(
        [row["module"] for row in rows if row["module"]]
    )
    return [_item_of(row, users, departments, modules) for row in rows]


def _item_of(row: Content, users: dict, departments: dict, modules: dict) -> ItemPlan:
    values = {
        name: value for part, names in ITEM.items() for name, value in zip(names, row[part], strict=True)
    }
    return ItemPlan(
        **{
            **values,
            "department": departments.get(values["department"]),
            "presenter_user": users.get(values["presenter_user"]),
            "readers": tuple(users[pk] for pk in values["readers"] if pk in users),
            "metric_codes": tuple(values["metric_codes"]),
        },
        item_id=row["id"],
        module=modules.get(row["module"]),
    )


# --- the merge -----------------------------------------------------------------------------------------------
def merge(base: Content, mine: Plan, theirs: Plan, choices: Mapping[str, str] | None = None) -> Merged:
    """Join what two people made of the plan that both began from.

    `base` is its `content`. `choices` says for paths of overlaps whose version is taken; without a choice the
    overlap is reported and mine stands in the plan for the time being.
    """
    return _Merge(base, mine, theirs, choices or {}).run()


class _Merge:
    def __init__(self, base: Content, mine: Plan, theirs: Plan, choices: Mapping[str, str]) -> None:
        self.base, self.mine, self.theirs, self.choices = base, mine, theirs, choices
        self.overlaps: list[Overlap] = []

    def run(self) -> Merged:
        changes = {
            name: getattr(self._side(side), name)
            for part, names in FIELDS.items()
            for side in [self._field(part, names)]
            for name in names
        }
        people = self._people()
        host = next(
            (person.user for person in people if person.role == Participant.Role.HOST), self.mine.host
        )
        plan = replace(
            self.theirs,
            **changes,
            host=host,
            people=people,
            departments=self._departments(),
            items=self._items(),
        )
        return Merged(plan, self.overlaps)

    def _side(self, side: str) -> Plan:
        return self.mine if side == MINE else self.theirs

    def _pick(self, overlap: Overlap, base: Any, mine: Any, theirs: Any) -> str:
        """Whose version counts; the overlap is noted where nobody can tell."""
        if theirs in (base, mine):
            return MINE
        if mine == base:
            return THEIRS
        return self._choose(overlap)

    def _choose(self, overlap: Overlap) -> str:
        chosen = self.choices.get(overlap.path, "")
        if chosen not in (MINE, THEIRS):
            self.overlaps.append(overlap)
        return chosen if chosen == THEIRS else MINE

    def _field(self, part: str, names: tuple[str, ...]) -> str:
        path = f"field.{part}"
        mine, theirs = _values(self.mine, names), _values(self.theirs, names)
        shown = [tuple(getattr(plan, name) for name in names) for plan in (self.mine, self.theirs)]
        overlap = Overlap(path=path, part=part, mine=shown[0], theirs=shown[1])
        return self._pick(overlap, self.base["fields"].get(part), mine, theirs)

    # --- departments and people ---------------------------------------------------------------------------
    def _departments(self) -> list[Any]:
        return self._rows(
            DEPARTMENT,
            self.base["departments"],
            {str(row.department.pk): row for row in self.mine.departments},
            {str(row.department.pk): row for row in self.theirs.departments},
            lambda row: [row.is_required, row.needs_preread],
        )

    def _people(self) -> list[PersonPlan]:
        rows = self._rows(
            PERSON,
            self.base["people"],
            {str(row.user.pk): row for row in self.mine.people},
            {str(row.user.pk): row for row in self.theirs.people},
            _role,
        )
        for role in Participant.SINGLE:
            rows = self._one_holder(role, rows)
        return rows

    def _rows(self, part: str, base: dict, mine: dict, theirs: dict, value: Any) -> list[Any]:
        result = []
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            one, other = mine.get(key), theirs.get(key)
            overlap = Overlap(path=f"{part}.{key}", part=part, mine=one, theirs=other)
            mine_value, theirs_value = (value(row) if row else None for row in (one, other))
            side = self._pick(overlap, base.get(key), mine_value, theirs_value)
            row = one if side == MINE else other
            if row:
                result.append(row)
        return result

    def _one_holder(self, role: str, people: list[PersonPlan]) -> list[PersonPlan]:
        """Joining must not give a role to two people that one person holds, nor leave the meeting without a host."""
        holders = [person for person in people if person.role == role]
        if len(holders) == 1 or (not holders and role != Participant.Role.HOST):
            return people
        mine, theirs = (_holder(plan, role) for plan in (self.mine, self.theirs))
        overlap = Overlap(path=f"{ROLE}.{role}", part=role, mine=mine, theirs=theirs)
        winner = mine if self._choose(overlap) == MINE else theirs
        others = [
            replace(person, role=Participant.Role.MEMBER) if person.role == role else person
            for person in people
            if winner is None or person.user != winner.user
        ]
        return [winner, *others] if winner else others

    # --- the agenda -------------------------------------------------------------------------------------------
    def _items(self) -> list[ItemPlan]:
        base = {row["id"]: row for row in self.base["items"]}
        mine = {_key(item, number, base): item for number, item in enumerate(self.mine.items)}
        theirs: dict[Hashable, ItemPlan] = {item.item_id: item for item in self.theirs.items}
        kept: dict[Hashable, ItemPlan] = {}
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            item = self._item(base.get(key), mine.get(key), theirs.get(key))
            if item:
                kept[key] = item
        return [kept[key] for key in self._order(list(base), list(mine), list(theirs), kept) if key in kept]

    def _item(self, base: Content | None, mine: ItemPlan | None, theirs: ItemPlan | None) -> ItemPlan | None:
        if base is None:
            return mine or theirs
        if mine is None or theirs is None:
            return self._removed(base, mine, theirs)
        result = theirs
        for part, names in ITEM.items():
            shown = [tuple(getattr(item, name) for name in names) for item in (mine, theirs)]
            path = f"item.{base['id']}.{part}"
            overlap = Overlap(path=path, part=part, mine=shown[0], theirs=shown[1], item=mine)
            if self._pick(overlap, base.get(part), _values(mine, names), _values(theirs, names)) == MINE:
                result = replace(result, **dict(zip(names, shown[0], strict=True)))
        return result

    def _removed(self, base: Content, mine: ItemPlan | None, theirs: ItemPlan | None) -> ItemPlan | None:
        """Somebody removed it: it goes, unless the other one changed it."""
        left = mine or theirs
        if left is None or all(_values(left, names) == base.get(part) for part, names in ITEM.items()):
            return None
        overlap = Overlap(
            path=f"item.{base['id']}.{EXISTS}", part=EXISTS, mine=mine, theirs=theirs, item=left
        )
        return mine if self._choose(overlap) == MINE else theirs

    def _order(
        self, base: list[Hashable], mine: list[Hashable], theirs: list[Hashable], kept: Mapping[Hashable, Any]
    ) -> list[Hashable]:
        common = {key for key in base if key in mine and key in theirs}
        before, one, other = ([key for key in keys if key in common] for keys in (base, mine, theirs))
        shown = [[kept[key] for key in order if key in kept] for order in (one, other)]
        overlap = Overlap(path=ORDER, part=ORDER, mine=shown[0], theirs=shown[1])
        if self._pick(overlap, before, one, other) == MINE:
            return woven(mine, theirs)
        return woven(theirs, mine)


def _holder(plan: Plan, role: str) -> PersonPlan | None:
    return next((person for person in plan.people if person.role == role), None)


def _key(item: ItemPlan, number: int, base: Mapping[Hashable, Any]) -> Hashable:
    return item.item_id if item.item_id in base else f"new-{number}"


def woven(lead: Sequence[Hashable], other: Sequence[Hashable]) -> list[Hashable]:
    """The order of `lead`, with what only `other` has put behind the one that it stands behind there."""
    result = list(lead)
    for place, key in enumerate(other):
        if key not in result:
            before = next((one for one in reversed(other[:place]) if one in result), None)
            result.insert(result.index(before) + 1 if before is not None else 0, key)
    return result
