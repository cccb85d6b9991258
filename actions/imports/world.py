"""What the lines of a file are held against, read once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from actions import deadlines
from actions.deadlines import Deadline
from actions.imports.records import Record
from actions.models import Action
from core.text import whole
from people import queries as people_queries
from people.models import Department, User


@dataclass(slots=True)
class World:
    by: User
    _numbered: dict[int, Action]
    _imported: dict[str, Action]
    _hidden: set[str]
    _people: dict[str, list[User]]
    _departments: dict[str, Department]
    _zones: set[str]

    @classmethod
    def of(cls, records: Sequence[Record], *, source: str, by: User) -> "World":
        """Five queries, however many records there are."""
        numbers = {number_of(record.number) for record in records if record.number}
        names = {record.external_id for record in records if record.external_id}
        readable = Action.objects.visible_to(by).with_people().prefetch_related("criteria")
        taken = dict(
            Action.objects.filter(source=source, external_id__in=names).values_list("external_id", "pk")
        )
        found = {action.pk: action for action in readable.filter(pk__in=numbers | {*taken.values()})}
        people: dict[str, list[User]] = {}
        for person in people_queries.colleagues():
            for name in _names(person):
                people.setdefault(name, []).append(person)
        departments: dict[str, Department] = {}
        for department in people_queries.departments():
            for name in (department.code, department.name_en, department.name_zh):
                departments[_plain(name)] = department
        return cls(
            by=by,
            _numbered=found,
            _imported={name: found[pk] for name, pk in taken.items() if pk in found},
            _hidden={name for name, pk in taken.items() if pk not in found},
            _people=people,
            _departments=departments,
            _zones=available_timezones(),
        )

    def by_number(self, number: str) -> Action | None:
        return self._numbered.get(number_of(number))

    def by_external_id(self, name: str) -> Action | None:
        return self._imported.get(name)

    def is_hidden(self, name: str) -> bool:
        """Taken over before, but not for this person to read."""
        return name in self._hidden

    def people(self, text: str) -> list[User]:
        """Who may be meant: by e-mail, by name, or by both as exports write them where a name is shared."""
        return self._people.get(_plain(text), [])

    @staticmethod
    def is_called(person: User, text: str) -> bool:
        return _plain(text) in _names(person)

    def department(self, text: str) -> Department | None:
        return self._departments.get(_plain(text))

    def is_zone(self, name: str) -> bool:
        return name in self._zones

    def deadline(self, text: str, zone: str) -> Deadline | None:
        """An instant, or a wall clock time in the zone; a day ends with the working day, and so does its midnight,
        which is how spreadsheets write a day."""
        if not text:
            return None
        if text.endswith("Z"):
            return Deadline(at=datetime.strptime(text, "%Y-%m-%dT%H:%M%z"), zone=zone, is_all_day=False)
        wall = datetime.fromisoformat(text)
        clock = wall.time() if wall.time() != wall.time().min else None
        return deadlines.resolve(day=wall.date(), clock=clock, zone=zone)

    @staticmethod
    def status_words(action: Action) -> set[str]:
        """How this status is written in any language."""
        found = set()
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found.add(str(_("draft")) if action.is_draft else str(action.get_status_display()))
        return found


def number_of(text: str) -> int:
    return whole(text.strip().upper().removeprefix("A-"))


def _names(person: User) -> set[str]:
    """E-mail, name, and both together."""
    email, name = person.email.casefold(), _plain(person.name)
    return {email, name, f"{name}<{email}>"}


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
