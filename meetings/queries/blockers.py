"""What keeps a meeting from being ready, named in words with the way to mend it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.models import (
    Meeting,
    MeetingDepartment,
    PreRead,
    PreReadRevision,
    PreReadText,
    ReadyMark,
)
from meetings.queries import counting, differences, frozen
from meetings.queries.figures import tolerances

if TYPE_CHECKING:
    from metrics.queries import KpiRow


@dataclass(frozen=True, slots=True)
class Blocker:
    """One open point. `key` stays the same while the point does; `say` speaks the active language."""

    code: str
    key: str
    say: Callable[[], str]
    url: str
    link: Callable[[], str]

    @property
    def words(self) -> str:
        return self.say()

    @property
    def link_words(self) -> str:
        return self.link()

    def stored(self) -> dict[str, str]:
        """As `ReadyMark.blockers` keeps it."""
        words = {f"words_{short}": _in(long, self.say) for short, long in LANGUAGES}
        return {"code": self.code, "key": self.key, **words}


LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


def _in(language: str, say: Callable[[], str]) -> str:
    with override(language):
        return say()


@dataclass(frozen=True, slots=True)
class Ready:
    """Where a meeting stands: its open points, the host's standing word, and what came up after it."""

    blockers: list[Blocker]
    mark: ReadyMark | None

    @property
    def since(self) -> list[Blocker]:
        """Points that the declaration did not know of."""
        if self.mark is None:
            return []
        known = {each["key"] for each in self.mark.blockers}
        return [blocker for blocker in self.blockers if blocker.key not in known]

    @property
    def is_ready(self) -> bool:
        return not self.blockers or (self.mark is not None and not self.since)

    @property
    def needs_reason(self) -> bool:
        """Whether beginning now asks for a reason."""
        return not self.is_ready


def ready(meeting: Meeting) -> Ready:
    mark = ReadyMark.objects.standing().filter(meeting=meeting).select_related("marked_by").first()
    return Ready(blockers(meeting), mark)


def blockers(meeting: Meeting) -> list[Blocker]:
    """The open points of a meeting that has not begun, differences first. A constant number of queries."""
    prereads = _required(meeting)
    return [
        *_differences(meeting),
        *_unexplained(meeting, prereads),
        *(_missing(meeting, preread) for preread in prereads if not _is_in(preread)),
    ]


# --- pre-reads ------------------------------------------------------------------------------------------------
def _required(meeting: Meeting) -> list[PreRead]:
    """The pre-reads of departments that owe one; one that was begun and is no longer wanted holds nothing up."""
    asked = MeetingDepartment.objects.filter(meeting=meeting, needs_preread=True).values("department")
    return list(meeting.prereads.filter(department__in=asked).select_related("department").in_order())


def _is_in(preread: PreRead) -> bool:
    """Handed in and not returned; one that is being rewritten still stands with its last revision."""
    return preread.submitted_at is not None and preread.status != PreRead.Status.RETURNED


def _missing(meeting: Meeting, preread: PreRead) -> Blocker:
    department = preread.department

    def say() -> str:
        if preread.status == PreRead.Status.RETURNED:
            return _("The pre-read of %(department)s was returned and not handed in anew") % {
                "department": department.name
            }
        return _("The pre-read of %(department)s is missing") % {"department": department.name}

    return Blocker(
        code="preread",
        key=f"preread:{department.code}",
        say=say,
        url=reverse("meetings:detail", args=[meeting.pk]) + "#prereads",
        link=lambda: _("See who is missing"),
    )


# --- differences ----------------------------------------------------------------------------------------------
def _differences(meeting: Meeting) -> Iterable[Blocker]:
    """Without the figures: what a draft states is for its department and the data owner."""
    for one in differences.open_differences(meeting):
        yield _difference(meeting, one)


def _difference(meeting: Meeting, one: differences.Difference) -> Blocker:
    def say() -> str:
        words = {"department": one.department.name, "metric": one.metric.name}
        if one.reported is None:
            return (
                _("Two departments state different figures for %(metric)s; not settled (%(department)s)")
                % words
            )
        return _("%(metric)s: %(department)s states another figure than the reports; not settled") % words

    return Blocker(
        code="difference",
        key=f"difference:{one.statement.pk}:{one.stated.normalize()}:{_key(one.reported)}",
        say=say,
        url=reverse("meetings:figures", args=[meeting.pk]) + f"#statement-{one.statement.pk}",
        link=lambda: _("To the figures"),
    )


def _key(value: Decimal | None) -> str:
    return "" if value is None else str(value.normalize())


# --- moves without a cause ------------------------------------------------------------------------------------
def _unexplained(meeting: Meeting, prereads: list[PreRead]) -> Iterable[Blocker]:
    """Figures of submitted pre-reads that moved beyond tolerance, by now or by the freeze, without a cause."""
    by_pk = {preread.pk: preread for preread in prereads if _is_in(preread)}
    if not by_pk:
        return
    latest = (
        PreReadRevision.objects.filter(preread__in=by_pk)
        .order_by("preread_id", "-number")
        .distinct("preread_id")
    )
    contents = {revision.preread_id: revision.content for revision in latest}
    codes = [figure["code"] for content in contents.values() for figure in content["figures"]]
    now = _rows(meeting, codes) if codes else {}
    tolerated = tolerances(dict.fromkeys(codes)) if codes else {}
    for pk, preread in by_pk.items():
        content = contents.get(pk, {"texts": [], "figures": []})
        causes = {
            text["key"]
            for text in content["texts"]
            if text["kind"] == PreReadText.Kind.CAUSE and text["text"].strip()
        }
        for figure in content["figures"]:
            code = figure["code"]
            if code in causes or figure.get("item") or code not in now:
                continue
            change = now[code].change
            if change is not None and abs(change) > tolerated[code]:
                yield _cause(preread, now[code])


def _rows(meeting: Meeting, codes: Iterable[str]) -> "dict[str, KpiRow]":
    """The figures the meeting works with: frozen ones, which no later import can move, else those of now."""
    if frozen.snapshot_of(meeting) is not None:
        return {each.metric.code: each.row for each in frozen.frozen_figures(meeting)}
    return {code: each.row for code, each in counting.counted(meeting, dict.fromkeys(codes)).items()}


def _cause(preread: PreRead, row: "KpiRow") -> Blocker:
    metric = row.metric
    change = row.change or Decimal(0)

    def say() -> str:
        return _("%(metric)s of %(department)s moved by %(change)s without a cause") % {
            "metric": metric.name,
            "department": preread.department.name,
            "change": f"{change * 100:+.1f}%".replace("-", "\N{MINUS SIGN}"),
        }

    return Blocker(
        code="cause",
        key=f"cause:{preread.department.code}:{metric.code}",
        say=say,
        url=preread.get_absolute_url() + "?as=room",
        link=lambda: _("Open the pre-read"),
    )
