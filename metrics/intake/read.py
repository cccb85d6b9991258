"""A file as rows of cells, whatever it is packed in. What the cells mean is not asked here."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from metrics.intake import delimited, encoding, workbook
from metrics.intake.problems import Problems, Refusal, shorten
from metrics.intake.source import CountedStream, Source
from metrics.intake.values import Cell

# The line with the column names stands within so many rows.
HEAD_ROWS = 60
BATCH_ROWS = 5_000
MOST_ROWS = 2_000_000
# Two hundred cells as long as Excel allows, and some more.
LONGEST_LINE = 8_000_000

Row = tuple[int, list[Cell]]
Piece = tuple[Sequence[int], list[list[Cell]]]


@dataclass(frozen=True)
class Layout:
    """One way to read the file as a table: characters and separator, or a sheet."""

    encoding: str
    delimiter: str = ""
    sheet: int = 0
    sheet_name: str = ""
    quoted: bool = True


@dataclass
class Batch:
    """Some thousand rows that are as wide as the line with the column names."""

    lines: Sequence[int]
    rows: list[list[Cell]]

    @cached_property
    def columns(self) -> list[tuple[Cell, ...]]:
        """The same cells, column by column."""
        return list(zip(*self.rows, strict=True))


@dataclass
class Counts:
    """Lines below the column names. `broken` could not be told apart into cells; blank ones are left out."""

    read: int = 0
    broken: int = 0
    ignored: int = 0
    bare_returns: bool = False


class Document:
    """An opened report: `layouts` to try, the `head` under each, and all `batches` below the column names."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.counts = Counts()
        self.header_line = 0

    @property
    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return 0.5

    def layouts(self) -> list[Layout]:
        raise NotImplementedError

    def pieces(self, layout: Layout, problems: Problems | None = None) -> Iterator[Piece]:
        """Rows with their lines, some thousand at a time; without `problems` only the first, for finding the header."""
        raise NotImplementedError

    def head(self, layout: Layout) -> list[Row]:
        """The first rows, among which the column names stand."""
        for lines, rows in self.pieces(layout):
            return list(zip(lines, rows, strict=True))[:HEAD_ROWS]
        return []

    def batches(self, layout: Layout, header_line: int, width: int, problems: Problems) -> Iterator[Batch]:
        """The rows below the header in batches; lines of another width are told and left out."""
        self.header_line = header_line
        for lines, rows in self.pieces(layout, problems):
            # Nearly always all rows are as wide as the header and begin with something: then they need no look.
            if lines[0] > header_line and {*map(len, rows)} == {width} and all(map(itemgetter(0), rows)):
                batch = Batch(lines, rows)
                self.counts.read += len(rows)
            else:
                batch = self._sorted_out(lines, rows, width, problems)
            if self.counts.read > MOST_ROWS:
                raise Refusal("too_many_rows", limit=MOST_ROWS)
            if batch.rows:
                yield batch

    def _sorted_out(
        self, lines: Sequence[int], rows: list[list[Cell]], width: int, problems: Problems
    ) -> Batch:
        """The rows that fit, row by row; what does not is told or, when blank, counted."""
        kept_lines, kept = [], []
        counts = self.counts
        for line, cells in zip(lines, rows, strict=True):
            if line <= self.header_line:
                continue
            counts.read += 1
            fitting = cells if len(cells) == width else _fit(cells, width)
            if fitting is None:
                counts.broken += 1
                problems.add("error", "row_width", line, "", _joined(cells), found=len(cells), expected=width)
            elif not any(str(cell).strip() for cell in fitting):
                counts.ignored += 1
            else:
                kept_lines.append(line)
                kept.append(fitting)
        return Batch(kept_lines, kept)


def _fit(cells: list[Cell], width: int) -> list[Cell] | None:
    """A blank line, or one with empty cells too many, as wide as the others; None when it cannot be."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    return [""] * width if not any(cells) else None


def _joined(cells: list[Cell]) -> str:
    return shorten(" | ".join(str(cell) for cell in cells))


class Text(Document):
    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.encodings = encoding.candidates(source)
        self.is_plain = encoding.is_plain(source, self.encodings)
        # So many lines have been looked at for odd characters.
        self.watched = 0

    def layouts(self) -> list[Layout]:
        found = []
        for name in self.encodings:
            for delimiter in delimited.DELIMITERS:
                # Tab-separated reports hold bare inch marks; only a quoted first line says that cells are quoted.
                quoted = delimiter != "\t" or '"\t' in self._start(name)
                found.append(Layout(name, delimiter, quoted=quoted))
        return found

    def _start(self, name: str) -> str:
        return self.source.start(64 * 1024).decode(name, errors="replace")

    def pieces(self, layout: Layout, problems: Problems | None = None) -> Iterator[Piece]:
        with ExitStack() as opened:

            def lines() -> Iterable[str]:
                text = opened.enter_context(self._text(layout.encoding))
                if problems is None:
                    return _short(text)
                return text if self.is_plain else self._watched(text, problems)

            broken = self._tell(problems) if problems else _never_mind
            yield from delimited.pieces(
                lines, layout.delimiter, broken, quoted=layout.quoted, size=BATCH_ROWS
            )  # type: ignore[misc]
            if problems:
                self.counts.bare_returns = self.text.newlines == "\r"

    def _text(self, name: str) -> io.TextIOWrapper:
        self.stream = CountedStream(self.source.open())
        buffered = io.BufferedReader(self.stream, 1 << 18)
        self.text = io.TextIOWrapper(buffered, encoding=name, errors="replace", newline="")
        return self.text

    @property
    def share_read(self) -> float:
        return self.stream.count / max(self.source.size, 1)

    def _watched(self, text: io.TextIOWrapper, problems: Problems) -> Iterator[str]:
        """The lines, with a look at each for what a cell cannot keep. Read again, they are not told again."""
        for number, line in enumerate(text, start=1):
            if len(line) > LONGEST_LINE:
                raise Refusal("line_too_long", line=number, text=line[:200], limit=LONGEST_LINE)
            if "\0" in line:
                if number > self.watched:
                    problems.add("error", "control_character", number, "", line)
                line = line.replace("\0", "")  # noqa: PLW2901 - the same line, without it
            if "\ufffd" in line and number > self.watched:
                problems.add("warning", "damaged_text", number, "", line)
            self.watched = max(self.watched, number)
            yield line

    def _tell(self, problems: Problems):  # type: ignore[no-untyped-def]
        def broken(line: int, cause: str, shown: str) -> bool:
            if line <= self.header_line:
                return True
            self.counts.read += 1
            self.counts.broken += 1
            problems.add("error", cause, line, "", shown, limit=delimited.LONGEST_CELL)
            if self.counts.broken < delimited.MOST_BROKEN:
                return True
            problems.add("error", "too_many_broken", line)
            return False

        return broken


def _never_mind(_line: int, _cause: str, _text: str) -> bool:
    return True


def _short(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines for finding the header: one line of noise must not be read whole, and broken quotes not for long."""
    for _number in range(HEAD_ROWS * 4):
        line = text.readline(64 * 1024)
        if not line:
            return
        yield line


class Workbook(Document):
    def __init__(self, source: Source) -> None:
        super().__init__(source)
        with source.open() as stream:
            workbook.check(stream)
        with source.open() as stream:
            self.book, self.sheets = workbook.sheets(stream)

    def layouts(self) -> list[Layout]:
        return [Layout("xlsx", sheet=number, sheet_name=name) for number, name in enumerate(self.sheets)]

    def pieces(self, layout: Layout, problems: Problems | None = None) -> Iterator[Piece]:
        yield from workbook.pieces(self.book, layout.sheet_name, BATCH_ROWS)


def open_report(source: Source) -> Document:
    """The file as a document. Raises Refusal for what is no report by size, ending or nature."""
    source.check_outside()
    match encoding.nature(source), source.suffix:
        case "zip", ".xlsx":
            return Workbook(source)
        case "zip", suffix:
            with source.open() as stream:
                workbook.check(stream)
            raise Refusal("is_workbook", suffix=suffix)
        case "xls", _:
            raise Refusal("is_old_excel")
        case "html", _:
            raise Refusal("is_html")
        case "binary", _:
            raise Refusal("not_text")
        case _, ".xlsx":
            raise Refusal("not_workbook")
    return Text(source)
