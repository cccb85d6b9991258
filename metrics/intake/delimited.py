"""Lines of a delimited text as cells, each row with the line it begins on; broken quotation marks are located."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

Piece = tuple[Sequence[int], list[list[str]]]
DELIMITERS = (",", "\t", ";", "|")
# A cell longer than Excel can hold is no cell of a report; an open quotation mark makes such cells.
LONGEST_CELL = 32_767
# After so many broken lines the rest is not worth reading, and could take for ever.
MOST_BROKEN = 50


class _Lines:
    """Hands lines to the csv module, remembers those of the row under way, and takes them back."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self.lines = iter(lines)
        self.number = first - 1
        self.taken: list[str] = []
        self.returned: deque[str] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.returned.popleft() if self.returned else next(self.lines)
        self.number += 1
        self.taken.append(line)
        return line

    def step_back(self) -> int:
        """Keep the first line of the row under way and give back the rest; the number of that first line."""
        back = self.taken[1:]
        self.returned.extendleft(reversed(back))
        self.number -= len(back)
        self.taken.clear()
        return self.number


Broken = Callable[[int, str, str], bool]


def pieces(
    open_lines: Callable[[], Iterable[str]],
    delimiter: str,
    broken: Broken,
    *,
    quoted: bool = True,
    size: int = 5_000,
) -> Iterator[Piece]:
    """The rows, `size` at a time, with the numbers of the lines on which they begin, from 1.

    Read by the csv module alone as long as every row is one line. From the first piece on where it stumbles, or where
    cells hold line feeds, rows are read with care: one whose quotation marks do not fit is passed to
    `broken(line, cause, text)`, and reading goes on with the very next line; when `broken` returns False it ends
    there. `open_lines` gives the lines from the beginning each time.
    """
    csv.field_size_limit(LONGEST_CELL)
    reader = _reader(open_lines(), delimiter, quoted=quoted)
    while True:
        before = reader.line_num
        try:
            rows = list(islice(reader, size))
        except csv.Error:
            break
        if reader.line_num - before != len(rows):
            break
        if not rows:
            return
        yield range(before + 1, reader.line_num + 1), rows
    careful = _careful_rows(islice(open_lines(), before, None), before + 1, delimiter, broken, quoted=quoted)
    while found := list(islice(careful, size)):
        yield [line for line, _cells in found], [cells for _line, cells in found]


def _reader(lines: Iterable[str], delimiter: str, *, quoted: bool):  # type: ignore[no-untyped-def]
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=delimiter, strict=True, quoting=quoting)  # type: ignore[arg-type]


def _careful_rows(
    lines: Iterable[str], first: int, delimiter: str, broken: Broken, *, quoted: bool
) -> Iterator[tuple[int, list[str]]]:
    source = _Lines(lines, first)
    taken = source.taken
    while True:
        try:
            for cells in _reader(source, delimiter, quoted=quoted):
                yield source.number - len(taken) + 1, cells
                taken.clear()
        except csv.Error as error:
            shown = taken[0] if taken else ""
            number = source.step_back()
            too_long = "larger than field limit" in str(error) and len(shown) > LONGEST_CELL
            if not broken(number, "cell_too_long" if too_long else "quote_open", shown):
                return
        else:
            return
