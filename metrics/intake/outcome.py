"""What became of a file: one shape for the page, the command and the record."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.periods import Period
from metrics.intake.problems import Problem
from metrics.intake.values import as_text


@dataclass(frozen=True)
class Stated:
    """What a person said by hand; it goes before what the file seems to say, and is checked against it."""

    kind: str = ""
    shop: str = ""
    period: Period | None = None
    currency: str = ""

    def as_json(self) -> dict[str, str]:
        said = {
            "kind": self.kind,
            "shop": self.shop,
            "period": self.period.code if self.period else "",
            "currency": self.currency,
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, said: dict[str, str]) -> "Stated":
        period = Period.parse(said["period"]) if said.get("period") else None
        return cls(said.get("kind", ""), said.get("shop", ""), period, said.get("currency", ""))


@dataclass
class Outcome:
    """Counts, totals and problems of one file, and what was recognised. `status` is set at the end."""

    file: str
    status: str = ""
    kind: str = ""
    shop: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    locale: str = ""
    period: Period | None = None
    currency: str = ""
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_ignored: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)

    def verdict(self, *, commit: bool) -> str:
        """The status that follows from the problems: one error refuses the file."""
        if self.is_refused:
            return "rejected"
        return "stored" if commit else "dry_run"

    @property
    def dates(self) -> tuple[date, date] | None:
        """First and last day, both included."""
        return (self.period.start, self.period.end - timedelta(days=1)) if self.period else None

    def totals_as_text(self) -> dict[str, str]:
        return {code: as_text(value) for code, value in sorted(self.totals.items())}

    def as_json(self) -> dict[str, Any]:
        """The object that `import_report --json` prints. Other programs read it: add keys, never change them."""
        return {
            "file": self.file,
            "status": self.status,
            "kind": self.kind or None,
            "shop": self.shop or None,
            "encoding": self.encoding or None,
            "delimiter": self.delimiter or None,
            "header_line": self.header_line,
            "locale": self.locale or None,
            "period": [day.isoformat() for day in self.dates] if self.dates else None,
            "currency": self.currency or None,
            "rows_read": self.rows_read,
            "rows_accepted": self.rows_accepted,
            "rows_rejected": self.rows_rejected,
            "rows_ignored": self.rows_ignored,
            "totals": self.totals_as_text(),
            "problems": [
                {
                    "level": problem.level,
                    "line": problem.line,
                    "column": problem.column or None,
                    "code": problem.code,
                    "text": problem.text,
                    "message": problem.message,
                }
                for problem in self.problems
            ],
        }
