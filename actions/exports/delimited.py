"""The list as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime

from actions.exports.columns import COLUMNS, People, cells
from actions.models import Action
from core.text import safe_cell
from core.workbooks import Cell


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(actions: Sequence[Action]) -> Iterator[str]:
    """Header and rows, UTF-8 with the mark that makes spreadsheets read it as such."""
    writer, people = csv.writer(_Echo()), People(actions)
    yield "\ufeff"
    yield writer.writerow([str(column.label) for column in COLUMNS])
    for action in actions:
        yield writer.writerow([safe_cell(_text(cell)) for cell in cells(action, people)])


def _text(cell: Cell) -> Cell:
    return cell.strftime("%Y-%m-%d %H:%M") if isinstance(cell, datetime) else cell
