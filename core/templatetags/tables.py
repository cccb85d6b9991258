"""The body of a django-tables2 table: `{% load tables %}{% body_rows table rows %}`.

Written in Python because a template spends half of a long table's time on its own loop, and because
`column.attrs` is computed anew at each access: here once per column, and per cell only where a function in the
column's `attrs` asks for the record.
"""

from typing import Any

from django import template
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns import BoundColumn

register = template.Library()


@register.simple_tag(takes_context=True)
def body_rows(context: template.Context, table: Table, rows: Any) -> SafeString:
    """The rows as `<tr>`; each cell carries its column's heading for the cards of the phone."""
    openings = {
        column.name: None if _asks_for_the_record(table, column) else _opening(column)
        for column in table.columns.iterall()
    }
    lines = []
    for row in rows:
        lines.append(f"<tr {row.attrs.as_html()}>")
        for column, cell in row.items():
            opening = openings[column.name] or _opening(column)
            lines.append(f"{opening}{render_value_in_context(cell, context)}</td>")
        lines.append("</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308 - every part above is escaped


def _opening(column: BoundColumn) -> str:
    return f'<td data-label="{conditional_escape(column.header)}" {column.attrs["td"].as_html()}>'


def _asks_for_the_record(table: Table, column: BoundColumn) -> bool:
    attrs = {**table.attrs, **column.column.attrs}
    return any(callable(value) for value in attrs.get("td", attrs.get("cell", {})).values())
