"""A file as rows of cells, whatever it is packed in. What the cells mean is not asked here."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from metrics.intake import delimited, encoding, workbook
from metrics.intake.problems import Problems, Refusal, shorten
from metrics.intake.source import CountedStream, Source
from metrics.intake.values import Cell

# The line with the column names stands within so many rows.
HEAD_ROWS = 60
BATCH_ROWS = 20_000
MOST_ROWS = 2_000_000

Row = tuple[int, list[Cell]]


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

    lines: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


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
        self.share_read = 0.0

    def layouts(self) -> list[Layout]:
        raise NotImplementedError

    def rows(self, layout: Layout, problems: Problems | None = None) -> Iterator[Row]:
        raise NotImplementedError

    def head(self, layout: Layout) -> list[Row]:
        found: list[Row] = []
        for row in self.rows(layout):
            found.append(row)
            if len(found) == HEAD_ROWS:
                break
        return found

    def batches(self, layout: Layout, header_line: int, width: int, problems: Problems) -> Iterator[Batch]:
        """The rows below the header in batches; lines of another width are told and left out."""
        batch = Batch()
        counts = self.counts
        self.header_line = header_line
        for line, cells in self.rows(layout, problems):
            if line <= header_line:
                continue
            counts.read += 1
            if len(cells) != width:
                fitting = _fit(cells, width)
                if fitting is None:
                    counts.broken += 1
                    problems.add(
                        "error", "row_width", line, "", _joined(cells), found=len(cells), expected=width
                    )
                    continue
                cells = fitting  # noqa: PLW2901 - the same row, as wide as the others
            if not any(cells) or not any(str(cell).strip() for cell in cells):
                counts.ignored += 1
                continue
            batch.lines.append(line)
            batch.rows.append(cells)
            if len(batch.rows) == BATCH_ROWS:
                if counts.read > MOST_ROWS:
                    raise Refusal("too_many_rows", limit=MOST_ROWS)
                yield batch
                batch = Batch()
        if batch.rows:
            yield batch


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

    def rows(self, layout: Layout, problems: Problems | None = None) -> Iterator[Row]:
        stream = CountedStream(self.source.open())
        with io.TextIOWrapper(
            io.BufferedReader(stream, 1 << 18), encoding=layout.encoding, errors="replace", newline=""
        ) as text:
            lines = self._watched(text, stream, problems) if problems else _short(text)
            broken = self._tell(problems) if problems else (lambda *_arguments: True)
            yield from delimited.rows(lines, layout.delimiter, broken, quoted=layout.quoted)  # type: ignore[misc]

    def _watched(self, text: io.TextIOWrapper, stream: CountedStream, problems: Problems) -> Iterator[str]:
        """The lines, with a look at each for what a cell cannot keep."""
        size = max(self.source.size, 1)
        for number, line in enumerate(text, start=1):
            if "\0" in line:
                problems.add("error", "control_character", number, "", line)
                line = line.replace("\0", "")  # noqa: PLW2901 - the same line, without it
            if "\ufffd" in line:
                problems.add("warning", "damaged_text", number, "", line)
            if number & 0x3FF == 0:
                self.share_read = stream.count / size
            yield line
        self.counts.bare_returns = text.newlines == "\r"

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
            self.sheets = workbook.sheets(stream)

    def layouts(self) -> list[Layout]:
        return [
            Layout("xlsx", sheet=number, sheet_name=name) for number, (name, _sheet) in enumerate(self.sheets)
        ]

    def rows(self, layout: Layout, problems: Problems | None = None) -> Iterator[Row]:
        yield from workbook.rows(self.sheets[layout.sheet][1])


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
