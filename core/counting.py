"""Counts that stop counting: beyond some number nobody reads how many there are, but the database would count on."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet

# What a page counts up to; more is "10,000+".
MOST = 2_000


def capped(querysets: Sequence[QuerySet[Any, Any]], *, most: int = MOST) -> list[int]:
    """How many rows each has, at most `most` + 1 for "more than that"; one statement for all of them."""
    parts: list[str] = []
    values: list[Any] = []
    for queryset in querysets:
        try:
            sql, given = queryset.order_by().values_list("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # Django knows without asking that there is nothing
            sql, given = "SELECT 1 WHERE false", ()
        # Compiled by Django, its values are parameters.
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608
        values.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


class CountedPaginator(Paginator):
    """Pages over rows that have been counted already, up to `most`; beyond that one narrows the filter."""

    def __init__(self, *args: Any, known: int, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(known, most)
        self.has_more = known > most
