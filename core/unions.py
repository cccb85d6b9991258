"""The lines of somebody's work as the database gives them: everything that waits, in one statement.

Whatever waits for somebody is a row of the same few columns, whichever table it stands in, so that a page about one
person asks once and not once for each kind.

    parts = lambda: [part("draft", Meeting.objects.filter(starts_at__gt=Given("now")), about="pk", text="title")]
    rows = together(("meetings", user.scope), parts, now=now)
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, DateTimeField, Expression, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language

# A page shows no more than this of one kind; what is beyond is one line that leads to the list.
MOST = 200
NO_TIME = Cast(Value(None), DateTimeField())
NO_TEXT = Value("", output_field=TextField())
# Statements of so many people, some 20 kB each.
MOST_KEPT = 300
_kept: dict[Hashable, tuple[str, Sequence[Any]]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """`key` numbers the obligation itself, `about` the record that its link leads to; `who` is the other person, `zh`
    and `en` a name in both languages, `held` the meeting, `code` and `other` what else the kind needs."""

    kind: str
    key: int
    about: int
    text: str
    due: datetime | None
    since: datetime | None
    state: str
    who: str
    zh: str
    en: str
    held: str
    code: str
    other: str

    @property
    def label(self) -> str:
        """The name that comes in two languages, in the reader's where there is one."""
        first, second = (self.zh, self.en) if (get_language() or "").startswith("zh") else (self.en, self.zh)
        return first or second

    @property
    def where_from(self) -> str:
        """The department, and the meeting it was promised in."""
        return " · ".join(part for part in (self.label, self.held) if part)

    @property
    def covers(self) -> tuple[str]:
        return (f"{self.kind}:{self.key}",)


COLUMNS = tuple(field.name for field in fields(Row))


class Given(Expression):
    """An instant that is known only when a kept statement is run: `Given("now")` with `together(…, now=…)`."""

    output_field = DateTimeField()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


def part(kind: str, rows: QuerySet[Any, Any], *, about: str, text: str, **columns: Any) -> QuerySet[Any, Any]:
    """These rows as columns; what is not given is empty. A text or a time is named by its path, as in `values()`, or
    is an expression."""
    given: dict[str, Any] = {
        "kind": Value(kind, output_field=CharField()),
        "key": F("pk"),
        "about": F(about),
        "text": Cast(F(text), TextField()),
        "due": NO_TIME,
        "since": NO_TIME,
    }
    given |= {name: NO_TEXT for name in COLUMNS if name not in given}
    for name, path in columns.items():
        found = F(path) if isinstance(path, str) else path
        is_time = name in ("due", "since")
        given[name] = Cast(found, DateTimeField()) if is_time else Coalesce(Cast(found, TextField()), NO_TEXT)
    return rows.annotate(**{f"w_{name}": given[name] for name in COLUMNS}).values_list(
        *(f"w_{name}" for name in COLUMNS)
    )


def together(
    key: Hashable, parts: Callable[[], Sequence[QuerySet[Any, Any]]], **given: datetime
) -> dict[str, list[Row]]:
    """The rows of each kind, in one statement. Each part is sorted by itself, and cut where it may be long.

    Writing the statement costs more than running it, so its text is kept by `key`, which must hold everything about
    the person that goes into it. The database answers it anew each time, at the instants that are `given`.
    """
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        first, *others = parts()
        _kept[key] = first.union(*others, all=True).query.sql_with_params()
    sql, params = _kept[key]
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, [given[one.name] if isinstance(one, Given) else one for one in params])
        for values in cursor.fetchall():
            row = Row(*values)
            rows[row.kind].append(row)
    return rows
