"""The actions that one belongs together with: the whole and its parts, what was split off, what was merged."""

from dataclasses import dataclass, field

from django.db.models import Q

from actions import rules
from actions.models import Action
from people.models import User


@dataclass(slots=True, kw_only=True)
class Relatives:
    """As far as the reader may read them; `may_…`: what they may do about it now."""

    whole: Action | None = None
    parts: list[Action] = field(default_factory=list)
    split_from: Action | None = None
    split_off: list[Action] = field(default_factory=list)
    merged_into: Action | None = None
    merged: list[Action] = field(default_factory=list)
    may_add_part: bool = False
    may_split: bool = False
    may_merge: bool = False

    @property
    def is_related(self) -> bool:
        """To others than its own parts."""
        return bool(self.whole or self.split_from or self.split_off or self.merged_into or self.merged)

    @property
    def is_empty(self) -> bool:
        return not (self.parts or self.is_related or self.may_add_part)

    @property
    def wanted(self) -> int:
        """Parts that count: what was cancelled is not waited for."""
        return sum(part.status != Action.Status.CANCELLED for part in self.parts)

    @property
    def done(self) -> int:
        return sum(part.status == Action.Status.ACCEPTED for part in self.parts)

    @property
    def open(self) -> list[Action]:
        return [part for part in self.parts if part.is_open]


def relatives_of(action: Action, reader: User) -> Relatives:
    """In one query."""
    above = [pk for pk in (action.parent_id, action.split_from_id, action.merged_into_id) if pk]
    rows = Action.objects.visible_to(reader).filter(
        Q(parent=action) | Q(split_from=action) | Q(merged_into=action) | Q(pk__in=above)
    )
    is_worked_on = action.is_owed
    found = Relatives(
        may_add_part=is_worked_on and action.parent_id is None and rules.can_add_part(reader, action),
        may_split=is_worked_on and rules.can_split(reader, action),
        may_merge=is_worked_on and rules.can_merge(reader, action),
    )
    for row in rows.with_people().by_deadline():
        if row.pk == action.parent_id:
            found.whole = row
        if row.pk == action.split_from_id:
            found.split_from = row
        if row.pk == action.merged_into_id:
            found.merged_into = row
        if row.parent_id == action.pk:
            found.parts.append(row)
        if row.split_from_id == action.pk:
            found.split_off.append(row)
        if row.merged_into_id == action.pk:
            found.merged.append(row)
    return found
