"""Revisions of pre-reads: what is frozen when one is handed in, and the same as its readers see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from meetings import rules
from meetings.models import (
    Attachment,
    DecisionRequest,
    PreRead,
    PreReadProblem,
    PreReadRevision,
    PreReadText,
    ResourceRequest,
    Statement,
)
from meetings.queries import confidential
from meetings.queries.figures import Figure, figures, table
from people.models import Department, User

if TYPE_CHECKING:
    from metrics.queries import KpiRow

NUMBERS = ("value", "previous", "year_before", "change", "change_year")
TEXT_FIELDS = ("kind", "key", "heading_en", "heading_zh", "prompt_en", "prompt_zh", "text")
STATEMENT_FIELDS = ("value", "currency", "source", "definition", "version")
PROBLEM_FIELDS = ("problem", "whys", "root_cause", "solution", "needs_id")
RESOURCE_AMOUNTS = ("cost", "past_cost", "past_return", "expected_increment")
RESOURCE_DAYS = ("past_from", "past_until")
RESOURCE_FIELDS = ("what", "why", "currency", "spend_code", "return_code", "is_first")
DECISION_FIELDS = ("question", "background", "options", "recommended", "reason", "decider_id", "item_id")


# --- freezing -----------------------------------------------------------------------------------------
def content(preread: PreRead) -> dict[str, Any]:
    """Everything a pre-read says at this moment, as plain JSON: the content of a revision.

    Keys and their meaning stand at `PreReadRevision.content`. Rows that say nothing are left out.
    """
    texts = list(preread.texts.order_by("position", "pk"))
    statements = list(preread.statements.order_by("metric_code"))
    return {
        "texts": [{**_fields(text, TEXT_FIELDS), "item": confidential.item_of(text)} for text in texts],
        "figures": [
            {
                "code": figure.row.metric.code,
                "tolerance": str(figure.tolerance),
                "item": figure.item_id,
                "currency": figure.row.currency,
                "is_complete": figure.row.is_complete,
                **{name: _plain(getattr(figure.row, name)) for name in NUMBERS},
            }
            for figure in figures(preread, texts, statements)
        ],
        "statements": [
            {"id": one.pk, "code": one.metric_code, **_fields(one, STATEMENT_FIELDS)} for one in statements
        ],
        "problems": [
            {"id": row.pk, **_fields(row, PROBLEM_FIELDS)}
            for row in said(PreReadProblem.objects.present().filter(preread=preread))
        ],
        "resources": [
            {"id": row.pk, **_fields(row, (*RESOURCE_FIELDS, *RESOURCE_AMOUNTS, *RESOURCE_DAYS))}
            for row in said(ResourceRequest.objects.present().filter(preread=preread))
        ],
        "decisions": [
            {"id": row.pk, **_fields(row, DECISION_FIELDS)}
            for row in said(DecisionRequest.objects.present().filter(preread=preread))
        ],
        "attachments": list(
            preread.attachments.filter(removed_at=None).order_by("pk").values_list("pk", flat=True)
        ),
    }


def said(rows: Iterable[Any]) -> list[Any]:
    """The rows in which somebody has written something."""
    return [row for row in rows if not row.is_blank]


def _fields(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


# --- reading ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reading:
    """A submitted revision as one reader sees it. The rows are never saved: they show what was handed in."""

    revision: PreReadRevision
    figures: list[Figure]
    texts: list[PreReadText]
    attachments: list[Attachment]
    statements: list[Statement] = field(default_factory=list)
    problems: list[PreReadProblem] = field(default_factory=list)
    resources: list[ResourceRequest] = field(default_factory=list)
    decisions: list[DecisionRequest] = field(default_factory=list)
    # Of a meeting whose figures are frozen: the revision that came after this pinned one; or this came late itself.
    later: PreReadRevision | None = None
    is_after_freeze: bool = False

    @property
    def answers(self) -> list[PreReadText]:
        """What was written, the causes (which stand in the table) and empty answers left out."""
        return [text for text in self.texts if text.kind != PreReadText.Kind.CAUSE and text.text.strip()]


def latest_reading(preread: PreRead, reader: User | None = None) -> Reading | None:
    """The last submitted revision of one pre-read, with its figures as they were when it was handed in."""
    return readings([preread], reader).get(preread.pk)


def preview(preread: PreRead, reader: User, now: datetime) -> Reading:
    """The working text as the room would see it if it were submitted now; its revision is not stored."""
    revision = PreReadRevision(
        preread=preread,
        number=0,
        content=content(preread),
        submitted_by=reader,
        submitted_at=now,
    )
    return readings_of([revision], {preread.pk: preread}, reader)[preread.pk]


def readings(prereads: Iterable[PreRead], reader: User | None = None) -> dict[int, Reading]:
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
    return readings_of(latest, by_pk, reader)


def readings_of(
    revisions: Iterable[PreReadRevision], prereads: dict[int, PreRead], reader: User | None = None
) -> dict[int, Reading]:
    """The same for chosen revisions (one of each pre-read): those of a snapshot, or an older one to compare with."""
    by_preread = {revision.preread_id: revision for revision in revisions}
    if not by_preread:
        return {}
    meeting = prereads[next(iter(by_preread))].meeting
    contents = [revision.content for revision in by_preread.values()]
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=reader)
    codes = [figure["code"] for each in contents for figure in each["figures"]]
    now = table(codes, meeting.period).rows if codes and meeting.period else {}
    files = [pk for each in contents for pk in each["attachments"]]
    known = _Known(
        hidden=hidden,
        rows=now,
        attachments=(
            confidential.open_files(reader).select_related("document").in_bulk(files) if files else {}
        ),
        departments=_bulk(Department, contents, "problems", "needs_id"),
        people=_bulk(User, contents, "decisions", "decider_id"),
    )
    return {pk: _reading(revision, known) for pk, revision in by_preread.items()}


@dataclass(frozen=True, slots=True)
class _Known:
    """What all readings of one page need, read once."""

    hidden: set[int]
    rows: "dict[str, KpiRow]"
    attachments: dict[int, Attachment]
    departments: dict[int, Department]
    people: dict[int, User]


def _bulk(model: Any, contents: Iterable[dict[str, Any]], rows: str, name: str) -> dict[int, Any]:
    ids = {row[name] for each in contents for row in each.get(rows, []) if row[name]}
    return model.objects.in_bulk(ids) if ids else {}


def _reading(revision: PreReadRevision, known: _Known) -> Reading:
    said = revision.content
    kept = [figure for figure in said["figures"] if figure.get("item") not in known.hidden]
    secret = {figure["code"] for figure in said["figures"]} - {figure["code"] for figure in kept}
    texts = [
        text
        for text in (_text(revision, row) for row in revision.texts)
        if confidential.item_of(text) not in known.hidden and not _is_cause_of(text, secret)
    ]
    statements = [
        _statement(revision, row) for row in said.get("statements", []) if row["code"] not in secret
    ]
    causes = {text.key: text for text in texts if text.kind == PreReadText.Kind.CAUSE}
    stated = {statement.metric_code: statement for statement in statements}
    return Reading(
        revision=revision,
        figures=[
            Figure(
                _as_it_was(known.rows[figure["code"]], figure),
                Decimal(figure["tolerance"]),
                causes.get(figure["code"]),
                stated.get(figure["code"]),
                figure.get("item"),
            )
            for figure in kept
            if figure["code"] in known.rows
        ],
        texts=texts,
        attachments=[known.attachments[pk] for pk in said["attachments"] if pk in known.attachments],
        statements=statements,
        problems=[_problem(row, known) for row in said.get("problems", [])],
        resources=[_resource(row) for row in said.get("resources", [])],
        decisions=[
            _decision(row, known) for row in said.get("decisions", []) if row["item_id"] not in known.hidden
        ],
    )


def _is_cause_of(text: PreReadText, codes: set[str]) -> bool:
    return text.kind == PreReadText.Kind.CAUSE and text.key in codes


def _text(revision: PreReadRevision, row: dict[str, Any]) -> PreReadText:
    """A text as it was handed in; the item it prepares came later and is absent from older revisions."""
    return PreReadText(
        preread_id=revision.preread_id, item_id=row.get("item"), **{name: row[name] for name in TEXT_FIELDS}
    )


def _statement(revision: PreReadRevision, row: dict[str, Any]) -> Statement:
    return Statement(
        pk=row["id"],
        preread_id=revision.preread_id,
        metric_code=row["code"],
        **{**{name: row[name] for name in STATEMENT_FIELDS}, "value": Decimal(row["value"])},
    )


def _problem(row: dict[str, Any], known: _Known) -> PreReadProblem:
    found = PreReadProblem(pk=row["id"], **{name: row[name] for name in PROBLEM_FIELDS if name != "needs_id"})
    found.needs = known.departments.get(row["needs_id"])
    return found


def _resource(row: dict[str, Any]) -> ResourceRequest:
    return ResourceRequest(
        pk=row["id"],
        **{name: row[name] for name in RESOURCE_FIELDS},
        **{name: _number(row[name]) for name in RESOURCE_AMOUNTS},
        **{name: row[name] and date.fromisoformat(row[name]) for name in RESOURCE_DAYS},
    )


def _decision(row: dict[str, Any], known: _Known) -> DecisionRequest:
    names = [name for name in DECISION_FIELDS if name != "decider_id"]
    found = DecisionRequest(pk=row["id"], **{name: row[name] for name in names})
    found.decider = known.people.get(row["decider_id"])
    return found


def _as_it_was(row: "KpiRow", figure: dict[str, Any]) -> "KpiRow":
    """Today's row with the numbers that were handed in."""
    frozen: dict[str, Any] = {name: _number(figure[name]) for name in NUMBERS}
    later = {name: figure[name] for name in ("currency", "is_complete") if name in figure}
    return replace(row, **frozen, **later)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# --- files --------------------------------------------------------------------------------------------
def readable_attachment(user: User, pk: int) -> Attachment | None:
    """A file somebody may open: their own department's (or as data owner), else one of a submitted revision."""
    attachment = (
        confidential.open_files(user)
        .filter(pk=pk, preread__in=PreRead.objects.visible_to(user))
        .select_related("preread__meeting", "preread__department")
        .first()
    )
    if attachment is None or rules.can_read_draft(user, attachment.preread):
        return attachment
    shown = attachment.preread.revisions.filter(content__attachments__contains=[attachment.pk])
    return attachment if shown.exists() else None
