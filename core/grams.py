"""Full-text search that knows two Chinese characters as well as an English word.

`Grams("title", "text")` is the index expression, `says(query, "title", "text")` the condition that uses it; both must
name the same columns in the same order. The database function `fupan_grams` cuts texts up, `terms` cuts queries up the
same way.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, Func, Value

WORD = re.compile(
    "(?P<word>[a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff]+)"
    "|(?P<run>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+)"
)
# As in the database function, whose own lower() would depend on the locale of the database.
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "".join(chr(code) for code in range(0xC0, 0xDF) if code != 0xD7)
SMALL = str.maketrans(CAPITALS, CAPITALS.lower())
LONGEST_WORD, LONGEST_QUERY = 60, 200


class Grams(Func):
    """The tsvector of some columns, for an index and for `says`."""

    function = "fupan_grams"
    output_field = SearchVectorField()


class _Says(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()
    conditional = True


class _Query(Func):
    template = "(%(expressions)s)::tsquery"


def says(query: str, *columns: str) -> _Says:
    """Condition for `filter()`: the columns hold all of the query's words. Nothing fits a query without a word."""
    return _Says(Grams(*columns), _Query(Value(_tsquery(query))))


def plain(text: str) -> str:
    """How texts and queries are compared: one width, lower case."""
    return unicodedata.normalize("NFKC", text).translate(SMALL)


def words(query: str) -> list[str]:
    """What the query asks for: words, and runs of Chinese characters as they were typed."""
    return list(dict.fromkeys(match.group() for match in WORD.finditer(plain(query)[:LONGEST_QUERY])))


def _tsquery(query: str) -> str:
    # Letters and digits only, so that nothing needs escaping. A word may go on; so may a single character.
    return " & ".join(
        dict.fromkeys(f"'{gram}':*" if goes_on else f"'{gram}'" for gram, goes_on in _grams(query))
    )


def _grams(query: str) -> Iterator[tuple[str, bool]]:
    for match in WORD.finditer(plain(query)[:LONGEST_QUERY]):
        found = match.group()
        if match.lastgroup == "word":
            yield found[:LONGEST_WORD], True
        elif len(found) == 1:
            yield found, True
        else:
            for place in range(len(found) - 1):
                yield found[place : place + 2], False
