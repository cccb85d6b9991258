"""Reads about pre-reads: their figures, what a revision holds, where each department stands."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.periods import Period
from meetings import clock_rules, rules
from meetings.library.planned_metrics import PLANNED_METRICS
from meetings.models import AgendaItem, Attachment, Meeting, PreRead, PreReadRevision, PreReadText, Tolerance
from meetings.queries import confidential
from metrics import queries as metrics
from metrics.models import Metric

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from metrics.queries import KpiRow
    from people.models import User


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a KPI table: the figures, whether the move needs a cause (fraction tolerated), and the cause."""

    row: "KpiRow"
    tolerance: Decimal
    cause: PreReadText | None = None

    @property
    def is_moved(self) -> bool:
        """Moved further from the period before than is tolerated."""
        return self.row.change is not None and abs(self.row.change) > self.tolerance

    @property
    def has_value(self) -> bool:
        return self.row.value is not None

    @property
    def cause_text(self) -> str:
        return self.cause.text if self.cause else ""

    @property
    def cause_version(self) -> int:
        return self.cause.version if self.cause else 0


def metric_codes(preread: PreRead) -> list[str]:
    """The metrics a department reports: those of the agenda items it presents, each once, in their order."""
    if "_metric_codes" not in preread.__dict__:
        items = AgendaItem.objects.filter(meeting=preread.meeting_id, department=preread.department_id)
        lists = items.in_order().values_list("metric_codes", flat=True)
        preread.__dict__["_metric_codes"] = list(dict.fromkeys(code for codes in lists for code in codes))
    return preread.__dict__["_metric_codes"]


def without_source(codes: Iterable[str]) -> list[str]:
    """The names of those metrics that the dictionary does not have: no report fills them yet."""
    wanted = list(dict.fromkeys(codes))
    known = set(Metric.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()
    return [str(PLANNED_METRICS.get(code, code)) for code in wanted if code not in known]


def tolerances(codes: Iterable[str]) -> dict[str, Decimal]:
    """The tolerated change of each metric, as a fraction: its own row, else the company's general row, else 20 %."""
    rows = dict(Tolerance.objects.filter(metric_code__in=["", *codes]).values_list("metric_code", "fraction"))
    general = rows.get("", clock_rules.TOLERANCE)
    return {code: rows.get(code, general) for code in codes}


def figures(preread: PreRead, texts: Iterable[PreReadText] | None = None) -> list[Figure]:
    """The KPI table of a pre-read from what is imported now; empty without metrics or a period under review."""
    period, codes = preread.meeting.period, metric_codes(preread)
    if period is None or not codes:
        return []
    if texts is None:
        texts = preread.texts.filter(kind=PreReadText.Kind.CAUSE)
    causes = {text.key: text for text in texts if text.kind == PreReadText.Kind.CAUSE}
    return _figures(codes, period, causes)


def _figures(codes: list[str], period: Period, causes: dict[str, PreReadText]) -> list[Figure]:
    tolerated = tolerances(codes)
    return [
        Figure(row, tolerated[row.metric.code], causes.get(row.metric.code))
        for row in _kpi_rows(codes, period)
    ]


def _kpi_rows(codes: list[str], period: Period) -> "list[KpiRow]":
    """The rows, or none where a currency cannot be converted: a pre-read is written and read without them, too."""
    try:
        return metrics.kpi_rows(codes=codes, period=period)
    except metrics.CurrencyError:
        logger.exception("The figures of a pre-read could not be brought into one currency.")
        return []


@dataclass(slots=True)
class Block:
    """One text as its writer sees it: the stored row, what was typed when it could not be saved, and a conflict."""

    kind: str
    key: str
    row: PreReadText | None
    text: str
    version: int
    theirs: PreReadText | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"


def blocks(preread: PreRead, texts: Iterable[PreReadText]) -> list[Block]:
    """The answers of a pre-read in the order of the form, causes left out."""
    rows = [text for text in texts if text.kind != PreReadText.Kind.CAUSE]
    return [Block(row.kind, row.key, row, row.text, row.version) for row in rows]


def cause_block(figure: Figure) -> Block:
    """The text field for the cause of a move; its row comes into being with the first word."""
    return Block(
        PreReadText.Kind.CAUSE, figure.row.metric.code, figure.cause, figure.cause_text, figure.cause_version
    )


# --- revisions ----------------------------------------------------------------------------------------
NUMBERS = ("value", "previous", "year_before", "change", "change_year")


def content(preread: PreRead) -> dict[str, Any]:
    """Everything a pre-read says at this moment, as plain JSON: the content of a revision."""
    texts = list(preread.texts.order_by("position", "pk"))
    return {
        "texts": [
            {
                field: getattr(text, field)
                for field in ("kind", "key", "heading_en", "heading_zh", "prompt_en", "prompt_zh", "text")
            }
            for text in texts
        ],
        "figures": [
            {
                "code": figure.row.metric.code,
                "tolerance": str(figure.tolerance),
                **{name: _plain(getattr(figure.row, name)) for name in NUMBERS},
            }
            for figure in figures(preread, texts)
        ],
        "attachments": list(
            preread.attachments.filter(removed_at=None).order_by("pk").values_list("pk", flat=True)
        ),
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


@dataclass(frozen=True, slots=True)
class Reading:
    """A submitted revision as its readers see it."""

    revision: PreReadRevision
    figures: list[Figure]
    texts: list[PreReadText]
    attachments: list[Attachment]

    @property
    def answers(self) -> list[PreReadText]:
        """What was written, the causes (which stand in the table) and empty answers left out."""
        return [text for text in self.texts if text.kind != PreReadText.Kind.CAUSE and text.text.strip()]


def latest_reading(preread: PreRead, reader: "User | None" = None) -> Reading | None:
    """The last submitted revision of one pre-read, with its figures as they were when it was handed in."""
    return readings([preread], reader).get(preread.pk)


def readings(prereads: Iterable[PreRead], reader: "User | None" = None) -> dict[int, Reading]:
    """The last submitted revision of each, by pre-read id. The number of queries does not grow with them.

    All pre-reads must be of one meeting. What belongs to a confidential item is there for a `reader` of its circle
    only; without a reader it is as for everybody.
    """
    by_pk = {preread.pk: preread for preread in prereads}
    latest = (
        PreReadRevision.objects.filter(preread__in=by_pk)
        .select_related("submitted_by")
        .order_by("preread_id", "-number")
        .distinct("preread_id")
    )
    revisions = {revision.preread_id: revision for revision in latest}
    if not revisions:
        return {}
    meeting = by_pk[next(iter(revisions))].meeting
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=reader)
    codes = [figure["code"] for revision in revisions.values() for figure in revision.content["figures"]]
    now = (
        {row.metric.code: row for row in _kpi_rows(list(dict.fromkeys(codes)), meeting.period)}
        if codes and meeting.period
        else {}
    )
    ids = [pk for revision in revisions.values() for pk in revision.content["attachments"]]
    attachments = confidential.open_files(reader).in_bulk(ids) if ids else {}
    return {pk: _reading(revision, now, attachments, hidden) for pk, revision in revisions.items()}


def _reading(
    revision: PreReadRevision,
    now: "dict[str, KpiRow]",
    attachments: dict[int, Attachment],
    hidden: set[int],
) -> Reading:
    texts = [_text(revision, text) for text in revision.texts]
    texts = [text for text in texts if confidential.item_of(text) not in hidden]
    causes = {text.key: text for text in texts if text.kind == PreReadText.Kind.CAUSE}
    frozen = [
        Figure(
            _as_it_was(now[figure["code"]], figure),
            Decimal(figure["tolerance"]),
            causes.get(figure["code"]),
        )
        for figure in revision.content["figures"]
        if figure["code"] in now
    ]
    files = [attachments[pk] for pk in revision.content["attachments"] if pk in attachments]
    return Reading(revision, frozen, texts, files)


def _text(revision: PreReadRevision, text: dict[str, Any]) -> PreReadText:
    """A text as it was handed in; the item it prepares came later and is absent from older revisions."""
    item = text.get("item")
    return PreReadText(
        preread_id=revision.preread_id,
        item_id=item,
        **{name: value for name, value in text.items() if name != "item"},
    )


def _as_it_was(row: "KpiRow", figure: dict[str, str | None]) -> "KpiRow":
    """Today's row with the numbers that were handed in."""
    frozen: dict[str, Any] = {name: _number(figure[name]) for name in NUMBERS}
    return replace(row, **frozen)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def readable_attachment(user: "User", pk: int) -> Attachment | None:
    """A file somebody may open: their own department's (or as data owner), else one of a submitted revision."""
    attachment = (
        confidential.open_files(user)
        .filter(pk=pk, preread__in=PreRead.objects.visible_to(user))
        .select_related("preread")
        .first()
    )
    if attachment is None or rules.can_read_draft(user, attachment.preread):
        return attachment
    shown = attachment.preread.revisions.filter(content__attachments__contains=[attachment.pk])
    return attachment if shown.exists() else None


# --- where the departments stand ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Standing:
    """One department's line on the meeting's page: its state without its text, and whether the reader may open it."""

    preread: PreRead
    may_open: bool
    is_overdue: bool
    may_nudge: bool

    @property
    def is_in(self) -> bool:
        return self.preread.submitted_at is not None


@dataclass(frozen=True, slots=True)
class Board:
    """All departments of a meeting, with the numbers of the page's top line."""

    rows: list[Standing]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def submitted(self) -> int:
        return sum(row.is_in for row in self.rows)

    @property
    def missing(self) -> int:
        return self.total - self.submitted

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @property
    def may_nudge(self) -> bool:
        """Somebody is missing who was not reminded just now."""
        return any(row.may_nudge for row in self.rows)


def board(meeting: Meeting, user: "User", now: datetime) -> Board:
    """Where every department's pre-read of a meeting stands; three queries at most.

    The state is for all who see the meeting, the page behind it is not.
    """
    rows = list(meeting.prereads.select_related("department").in_order())
    openable = set(PreRead.objects.visible_to(user).filter(meeting=meeting).values_list("pk", flat=True))
    return Board(
        [
            Standing(
                preread=row,
                may_open=row.pk in openable,
                is_overdue=row.is_overdue(now),
                may_nudge=row.submitted_at is None
                and (row.nudged_at is None or row.nudged_at <= now - PreRead.NUDGE_PAUSE),
            )
            for row in rows
        ]
    )
