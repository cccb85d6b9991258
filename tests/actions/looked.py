"""Files looked at as the page of imports does it, and what is said of their lines."""

from datetime import UTC, datetime

from actions.imports.records import Remark
from actions.services import imports

NOW = datetime(2027, 1, 20, 8, 0, tzinfo=UTC)


def look(content, by, name="list.xlsx", now=NOW):
    return imports.look_at(name=name, content=content, by=by, now=now)


def changes(found) -> list[str]:
    return [row["change"] for row in found.rows]


def said(found, part="problems") -> str:
    return " ".join(str(Remark(**one)) for row in found.rows for one in row[part])
