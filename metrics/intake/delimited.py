"""Lines of a delimited text as cells, each row with the line it begins on; broken quotation marks are located."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator

Row = tuple[int, list[str]]
DELIMITERS = (",", "\t", ";", "|")
# A cell longer than Excel can hold is no cell of a report; an open quotation mark makes such cells.
LONGEST_CELL = 32_767
# After so many broken lines the rest is not worth reading, and could take for ever.
MOST_BROKEN = 50


class _Lines:
    """Hands lines to the csv module, remembers those of the row under way, and takes them back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.number = 0
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


def rows(
    lines: Iterable[str], delimiter: str, broken: Callable[[int, str, str], bool], *, quoted: bool = True
) -> Iterator[Row]:
    """The rows with the number of the line each begins on, from 1.

    A row whose quotation marks do not fit is passed to `broken(line, cause, text)`, and reading goes on with the
    next line; when `broken` returns False it ends there.
    """
    source = _Lines(lines)
    csv.field_size_limit(LONGEST_CELL)
    while True:
        reader = csv.reader(
            source,
            delimiter=delimiter,
            strict=True,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        )
        taken = source.taken
        try:
            for cells in reader:
                yield source.number - len(taken) + 1, cells
                taken.clear()
        except csv.Error as error:
            shown = source.taken[0] if source.taken else ""
            number = source.step_back()
            too_long = "larger than field limit" in str(error) and len(shown) > LONGEST_CELL
            if not broken(number, "cell_too_long" if too_long else "quote_open", shown):
                return
        else:
            return
