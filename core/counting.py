"""Counts that stop counting: beyond some number nobody reads how many there are, but the database would count on."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet

# What a page counts up to; more is "1,000+".
MOST = 1_000


def capped(querysets: Sequence[QuerySet[Any, Any]], *, most: int = MOST) -> list[int]:
    """How many rows each has, at most `most` + 1 for "more than that"; one statement for all of them.

    Counting goes along the order of a queryset that has one. Without, the database may read a whole table for few
    that fit, because it takes them to lie about evenly.
    """
    return _row([("(SELECT count(*) FROM ({}) AS counted)", one) for one in querysets], most)


def capped_with_keys(
    counted: Sequence[QuerySet[Any, Any]], found: QuerySet[Any, Any], *, most: int = MOST
) -> tuple[list[int], list[int]]:
    """The same, and the keys of the first `most` + 1 rows of `found`: if these are all, none is looked for again."""
    counts = [("(SELECT count(*) FROM ({}) AS counted)", one) for one in counted]
    *numbers, keys = _row([*counts, ("ARRAY({})", found)], most)
    return numbers, keys


def _row(parts: Sequence[tuple[str, QuerySet[Any, Any]]], most: int) -> list[Any]:
    """Each template filled with the keys of its queryset: one row."""
    columns: list[str] = []
    values: list[Any] = []
    for template, queryset in parts:
        try:
            sql, given = queryset.values_list("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # Django knows without asking that there is nothing
            sql, given = "SELECT 1::bigint WHERE false", ()
        columns.append(template.format(sql))
        values.extend(given)
    with connection.cursor() as cursor:
        # Compiled by Django, its values are parameters.
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        return list(cursor.fetchone())


class CountedPaginator(Paginator):
    """Pages over rows that have been counted already, up to `most`; beyond that one narrows the filter."""

    def __init__(self, *args: Any, known: int, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(known, most)
        self.has_more = known > most
