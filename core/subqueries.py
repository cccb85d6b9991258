"""Subqueries that many statements of one request contain.

What somebody must not see is a question over several tables. A page of ten lists would build and compile it ten
times, which costs more than running it; so it is compiled once per person object, that is, once per request. Only
the text of the statement is kept: the database answers it anew each time.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


def once(holder: object, key: Hashable, make: Callable[[], QuerySet[Any, Any]]) -> RawSQL:
    """The one-column query of `make` for the right side of an `__in`; the same `key` is made once per `holder`."""
    kept: dict[Hashable, tuple[str, tuple[Any, ...]]] = holder.__dict__.setdefault("_subqueries", {})
    if key not in kept:
        try:
            kept[key] = make().query.sql_with_params()
        except EmptyResultSet:  # Django knows without asking that there is nothing
            kept[key] = ("SELECT NULL::bigint WHERE false", ())
    sql, params = kept[key]
    return RawSQL(sql, params)  # noqa: S611 - compiled by Django from a query, its values are parameters
