"""A Trello board as it is exported (menu → Print, export and share → JSON)."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from actions.imports.cells import FIRST_YEAR, INSTANT, LAST_YEAR
from actions.imports.records import Record, Remark, Unreadable

# Names of our criteria are lines of a list; what a checklist holds beyond is no criterion any more.
MOST_CRITERIA = 50


def records(content: bytes) -> list[Record]:
    """The cards in the order of the board. Checklists become criteria. Raises Unreadable."""
    try:
        board = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This is no JSON file. Export the board from Trello again.")) from error
    if not isinstance(board, dict) or not isinstance(board.get("cards"), list):
        raise Unreadable(_("This JSON file is no Trello board: it has no cards."))
    people = {_text(one.get("id")): _text(one.get("fullName")) for one in _dicts(board.get("members"))}
    lists = {_text(one.get("id")): one for one in _dicts(board.get("lists"))}
    checklists: dict[str, list[str]] = {}
    for one in _dicts(board.get("checklists")):
        items = sorted(_dicts(one.get("checkItems")), key=lambda item: _number(item.get("pos")))
        checklists.setdefault(_text(one.get("idCard")), []).extend(_text(item.get("name")) for item in items)
    return [
        _record(line, card, lists, people, checklists)
        for line, card in enumerate(_dicts(board["cards"]), start=1)
    ]


def _record(
    line: int,
    card: dict[str, Any],
    lists: dict[str, dict[str, Any]],
    people: dict[str, str],
    checklists: dict[str, list[str]],
) -> Record:
    column = lists.get(_text(card.get("idList")), {})
    url = _text(card.get("url") or card.get("shortUrl"))
    record = Record(
        line,
        {
            "title": " ".join(_text(card.get("name")).split()),
            "description": "\n\n".join(part for part in (_text(card.get("desc")), url) if part),
            "status": _text(column.get("name")),
            "criteria": "\n".join(checklists.get(_text(card.get("id")), [])[:MOST_CRITERIA]),
        },
        external_id=_text(card.get("id"))[:120],
        is_finished=bool(card.get("closed") or card.get("dueComplete") or column.get("closed")),
    )
    if due := _text(card.get("due")):
        record.values["due"] = _instant(due) or ""
        if not record.values["due"]:
            record.problems.append(Remark("date_unreadable", {"text": due[:60]}))
    members = card.get("idMembers")
    names = (
        [people[one] for one in members if isinstance(one, str) and people.get(one)]
        if isinstance(members, list)
        else []
    )
    if names:
        record.values["owner"] = names[0]
    if len(names) > 1:
        record.notes.append(Remark("several_people", {"person": names[0]}))
    return record


def _instant(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        instant = moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one at the ends of the calendar
        return None
    return instant.strftime(INSTANT) if FIRST_YEAR <= instant.year <= LAST_YEAR else None


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    """Without what the database cannot hold: NUL, and halves of signs."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "ignore").decode().replace("\0", "").strip()[:20_000]


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:  # a whole number of hundreds of digits
        return 0.0
