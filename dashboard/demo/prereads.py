"""Pre-reads of the demo company: written, handed in, certified, returned, discussed, as their people would."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dashboard.demo import delivery
from dashboard.demo.reports import CAUSES, EXTRAS, OTHER_CAUSE, Extra, Stated
from dashboard.demo.texts import ANSWERS
from meetings.models import Meeting, PreRead, PreReadRevision
from meetings.queries import prereads as queries
from meetings.services import prereads, report_rows, review, statements
from people.models import Department, User

Team = dict[str, User]
# A resource request looks back on the quarter before the period under review.
QUARTER = timedelta(days=91)


def write(meeting: Meeting, code: str, team: Team, *, at: datetime, submit: bool = True) -> PreRead | None:
    """Fill in a department's pre-read, wholly when it is to be handed in; a draft stops after the first answer."""
    preread = (
        meeting.prereads.select_related("meeting__template", "department")
        .filter(department__code=code)
        .first()
    )
    if preread is None:
        return None
    by = author(code, team)
    delivery.until(at)
    _answers(preread, ANSWERS[code] if submit else ANSWERS[code][:1], by, at)
    if not submit:
        return preread
    _extra(preread, EXTRAS.get(code, Extra()), team, by, at)
    _causes(preread, by, at)
    prereads.submit(preread=preread, by=by, now=at + timedelta(minutes=20))
    return preread


def author(code: str, team: Team) -> User:
    return team["host"] if code == "operations" else team[code]


def certify(meeting: Meeting, codes: tuple[str, ...], team: Team, *, at: datetime) -> None:
    for revision in _newest(meeting, codes):
        review.certify(revision=revision, by=team["data"], now=at)


def send_back(meeting: Meeting, code: str, comment: str, team: Team, *, at: datetime) -> None:
    for revision in _newest(meeting, (code,)):
        review.return_(revision=revision, comment=comment, by=team["data"], now=at)


def _newest(meeting: Meeting, codes: tuple[str, ...]) -> list[PreReadRevision]:
    found = PreReadRevision.objects.filter(preread__meeting=meeting, preread__department__code__in=codes)
    return list(found.order_by("preread_id", "-number").distinct("preread_id"))


# --- parts --------------------------------------------------------------------------------------------------
def _answers(preread: PreRead, answers: tuple[str, ...], by: User, at: datetime) -> None:
    for text, answer in zip(
        preread.texts.filter(kind="question").order_by("position"), answers, strict=False
    ):
        _say(preread, text.kind, text.key, answer, by, at)


def _say(preread: PreRead, kind: str, key: str, words: str, by: User, at: datetime) -> None:
    version = (preread.texts.filter(kind=kind, key=key).values_list("version", flat=True).first()) or 0
    prereads.save_text(preread=preread, sent=prereads.Sent(kind, key, words, version), by=by, now=at)


def _extra(preread: PreRead, extra: Extra, team: Team, by: User, at: datetime) -> None:
    present = set(preread.texts.filter(kind="section").values_list("key", flat=True))
    for key, words in extra.sections.items():
        if key in present:
            _say(preread, "section", key, words, by, at)
    for one in extra.stated:
        _state(preread, one, by, at)
    fillers: dict[str, tuple[tuple[dict[str, Any], ...], Callable[[dict[str, Any]], dict[str, Any]]]] = {
        "problems": (extra.problems, _problem),
        "resources": (extra.resources, lambda row: _resource(row, preread.meeting)),
        "decisions": (extra.decisions, lambda row: {**row, "decider": team[row["decider"]]}),
    }
    for kind, (rows, filled) in fillers.items():
        for values in rows:
            row = report_rows.add(preread=preread, kind=kind, by=by, now=at)
            report_rows.save(row=row, values=filled(values), version=row.version, by=by, now=at)
    if extra.minutes:
        prereads.say_effort(preread=preread, minutes=extra.minutes, by=by, now=at)


def _problem(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "needs": Department.objects.get(code=row["needs"])}


def _resource(row: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    end = meeting.period_start
    if end is None:
        return {**row, "is_first": True}
    return {**row, "past_from": end - QUARTER, "past_until": end}


def _state(preread: PreRead, one: Stated, by: User, at: datetime) -> None:
    """State a figure, where the department reports this metric and its report has a figure to differ from."""
    figure = next((each for each in queries.figures(preread) if each.row.metric.code == one.code), None)
    value, currency = one.value, ""
    if one.off is not None:
        if figure is None or figure.row.value is None:
            return
        value, currency = figure.row.value * one.off, figure.row.currency or ""
    elif one.code not in queries.metric_codes(preread):
        return
    assert value is not None
    statements.state(
        preread=preread,
        metric_code=one.code,
        value=value,
        currency=currency,
        source=one.source,
        definition=one.definition,
        version=0,
        by=by,
        now=at,
    )


def _causes(preread: PreRead, by: User, at: datetime) -> None:
    """A cause for every figure that moved further than is tolerated."""
    for figure in queries.figures(preread):
        if figure.is_moved and not figure.cause_text:
            code = figure.row.metric.code
            _say(preread, "cause", code, CAUSES.get(code, OTHER_CAUSE), by, at)
