"""One typed line of the record, understood: what kind it is, whom it names, until when, and what it says.

    d 停售 A12 @王总          a decision that 王总 took
    a 换 A12 主图 @李明 周五 验收：点击率 ≥ 2%
    n / p / i                 a note, a matter for the parking lot, an issue for the pool

Only the first letter is a sign. Nothing is guessed that would not be seen: a name that fits nobody, or several people,
stays in the text and is said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core import datewords
from core.workdays import Workdays
from people.models import User


class Kind(StrEnum):
    DECISION = "d"
    ACTION = "a"
    NOTE = "n"
    PARKED = "p"
    ISSUE = "i"


# Kinds whose person or day is a field of its own and leaves the text; notes and issues stay as they were typed.
WITH_FIELDS = (Kind.ACTION, Kind.DECISION, Kind.PARKED)
_PREFIX = re.compile(r"([danpi])(?:[\s:：]+|$)")
_DONE = re.compile(
    r"\s*(?:[,，;；。]\s*)?(?:验收标准|验收|done means|done|acceptance)\s*[:：]\s*", re.IGNORECASE
)
# Right before the day; the word “until” belongs to the day already.
_DEFERRED = re.compile(
    r"\s*(?:[,，;；]\s*)?(?:(?:推迟|延期|暂缓|延)(?:到|至)?|\bdefer(?:red)?(?:\s+(?:until|to))?)\s*$",
    re.IGNORECASE,
)
_MENTION = re.compile(r"[@＠]")
_WORD = re.compile(r"[^\s@＠,，;；。:：()（）]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`text` is what is kept; `unknown` are names behind an @ that fit nobody or several people, as they were typed."""

    kind: Kind
    text: str
    people: tuple[User, ...] = ()
    unknown: tuple[str, ...] = ()
    said: datewords.Said | None = None
    criteria: tuple[str, ...] = ()
    is_deferred: bool = False

    @property
    def person(self) -> User | None:
        return self.people[0] if self.people else None


def split(typed: str, kind: str = "") -> tuple[Kind, str]:
    """The kind and the rest. A kind that was chosen by key leaves the first letter alone; without one it is a note."""
    typed = typed.strip()
    if kind in set(Kind):
        return Kind(kind), typed
    if match := _PREFIX.match(typed):
        return Kind(match[1]), typed[match.end() :]
    return Kind.NOTE, typed


def read(
    typed: str,
    *,
    people: Sequence[User],
    now: datetime,
    zone: ZoneInfo,
    kind: str = "",
    workdays: Workdays | None = None,
) -> Line:
    """Understand a line; `people` are those whom it may name, the nearest first (of two with one name they win)."""
    chosen, text = split(typed, kind)
    if chosen not in WITH_FIELDS:
        return Line(kind=chosen, text=text)
    criteria: tuple[str, ...] = ()
    if chosen == Kind.ACTION:
        text, criteria, behind = _criteria(text)
    else:
        behind = ""
    text, named, unknown = mentions(text, people)
    behind, also, also_unknown = mentions(behind, people)
    said = datewords.find(text, now=now, zone=zone, workdays=workdays)
    deferred = False
    if said is not None and chosen == Kind.DECISION:
        # A day in a decision is part of its words unless they say that it is put off until then.
        deferred = bool(_DEFERRED.search(text[: said.start]))
        if deferred:
            text = f"{_DEFERRED.sub('', text[: said.start])} {text[said.end :].strip()}"
        else:
            said = None
    else:
        text = datewords.without(text, said)
    return Line(
        kind=chosen,
        text=_tidy(text),
        people=(*named, *also),
        unknown=(*unknown, *also_unknown),
        said=said,
        criteria=criteria,
        is_deferred=deferred,
    )


def _criteria(text: str) -> tuple[str, tuple[str, ...], str]:
    """(the sentence, what done means, mentions that were typed behind it)."""
    parts = _DONE.split(text, maxsplit=1)
    if len(parts) == 1:
        return text, (), ""
    wanted, at, behind = parts[1].partition("@")
    found = tuple(one.strip() for one in re.split(r"[;；]", wanted) if one.strip())
    return parts[0], found, f"{at}{behind}"


def _tidy(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", text).strip(" ,，、；;")


# --- people ----------------------------------------------------------------------------------------------------
def mentions(text: str, people: Sequence[User]) -> tuple[str, list[User], list[str]]:
    """The text without the names that are understood, those people in their order, and the names that are not."""
    named: list[User] = []
    unknown: list[str] = []
    kept, place = [], 0
    for match in _MENTION.finditer(text):
        if match.start() < place or (
            match.start() and text[match.start() - 1].isascii() and text[match.start() - 1].isalnum()
        ):
            continue  # inside of what was understood already, or in an e-mail address
        person, length = _whom(text[match.end() :], people)
        if person is None:
            word = _WORD.match(text, match.end())
            unknown += [word[0]] if word else []
            continue
        kept.append(text[place : match.start()])
        place = match.end() + length
        if person not in named:
            named.append(person)
    return _tidy(" ".join([*kept, text[place:]])) if named else text, named, unknown


def _whom(text: str, people: Sequence[User]) -> tuple[User | None, int]:
    """Whom the text behind an @ begins with, and how many signs that takes: a name, an e-mail address, or pinyin."""
    low = text.casefold()
    best = 0
    found: User | None = None
    for person in people:
        for name in (person.email, person.name):
            whole = low.startswith(name.casefold()) and not _goes_on(text, len(name))
            if whole and len(name) > best:
                found, best = person, len(name)
    if found is not None:
        return found, best
    word = _WORD.match(text)
    fitting = spelled(word[0], people) if word else []
    return (fitting[0], len(word[0])) if word and len(fitting) == 1 else (None, 0)


def _goes_on(text: str, place: int) -> bool:
    """Whether a name in Latin letters goes on there: “Li” is not the beginning of “Lisa”."""
    after = text[place : place + 1]
    return after.isascii() and after.isalnum() and text[place - 1].isascii()


def spelled(word: str, people: Iterable[User]) -> list[User]:
    """Those whose pinyin, first letters or first name a word is: 李明 by liming and lm, Ann Lee by ann and al."""
    word = word.casefold()
    return [person for person in people if word in spellings(person)]


def spellings(person: User) -> set[str]:
    parts = person.name_sort.split()
    given = set(parts) if person.name.isascii() else set()
    return {"".join(parts), "".join(part[0] for part in parts)} | given


def choices(people: Sequence[User]) -> list[dict[str, str | list[str]]]:
    """What a page needs to offer them behind an @ (static/js/room/people_list.js)."""
    names = Counter(person.name for person in people)
    return [
        {
            "name": person.name,
            # Two people with one name are told apart by their addresses.
            "write": person.name if names[person.name] == 1 else person.email,
            "email": person.email,
            "keys": sorted(spellings(person)),
        }
        for person in people
    ]
