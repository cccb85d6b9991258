"""What two people made of the same part of a plan, side by side and in words."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.templatetags.times import moment_words
from meetings import merge
from meetings.merge import Overlap
from meetings.models import ActionList, Kind, Participant, Presenter
from meetings.plan import MOMENTS, DepartmentPlan, ItemPlan, PersonPlan

PARTS: dict[str, Any] = {
    "title": gettext_lazy("Title"),
    "start": gettext_lazy("Start"),
    "length": gettext_lazy("Length, minutes"),
    "period": gettext_lazy("Period under review"),
    "quorum": gettext_lazy("Quorum, %"),
    "location": gettext_lazy("Place"),
    "online_url": gettext_lazy("Link to join"),
    "note": gettext_lazy("Note to everybody"),
    "preread_opens_at": gettext_lazy("Pre-reads open"),
    "preread_due_at": gettext_lazy("Pre-reads due"),
    "corrections_until": gettext_lazy("Corrections until"),
    "freeze_at": gettext_lazy("Figures frozen"),
    merge.ORDER: gettext_lazy("Order of the agenda"),
    **{role: Participant.Role(role).label for role in Participant.SINGLE},
}
ITEM_PARTS: dict[str, Any] = {
    "title": gettext_lazy("Title"),
    "kind": gettext_lazy("Kind"),
    "presenter": gettext_lazy("Presented by"),
    "minutes": gettext_lazy("Report and discussion"),
    "pin": gettext_lazy("Pin"),
    "questions": gettext_lazy("Guiding questions"),
    "metrics": gettext_lazy("Figures"),
    "circle": gettext_lazy("Who may know of it"),
    "recurring": gettext_lazy("In every meeting of the series"),
    "action_list": gettext_lazy("Goes through actions"),
    merge.EXISTS: gettext_lazy("On the agenda"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One question to the planner: the part, what it is about, and both answers in words."""

    path: str
    label: str
    mine: str
    theirs: str

    @property
    def name(self) -> str:
        """Of its field in the form."""
        return f"choose-{self.path}"


def choices(overlaps: Sequence[Overlap], hidden: Collection[int]) -> list[Choice]:
    """`hidden` are ids of items whose words the planner must not see."""
    return [
        Choice(
            path=overlap.path,
            label=_label(overlap, hidden),
            mine=_words(overlap, overlap.mine, hidden),
            theirs=_words(overlap, overlap.theirs, hidden),
        )
        for overlap in overlaps
    ]


def _label(overlap: Overlap, hidden: Collection[int]) -> str:
    if overlap.item:
        return _("“%(item)s”: %(part)s") % {
            "item": _title(overlap.item, hidden),
            "part": ITEM_PARTS[overlap.part],
        }
    row = overlap.mine or overlap.theirs
    if isinstance(row, PersonPlan) and overlap.part == merge.PERSON:
        return row.user.name
    if isinstance(row, DepartmentPlan):
        return row.department.name
    return str(PARTS[overlap.part])


def _title(item: ItemPlan, hidden: Collection[int]) -> str:
    return _("Confidential item") if item.item_id in hidden else item.title


def _words(overlap: Overlap, value: Any, hidden: Collection[int]) -> str:
    if overlap.part == merge.ORDER:
        return " → ".join(_title(item, hidden) for item in value)
    if overlap.part == merge.EXISTS:
        return _("removed") if value is None else _minutes((value.report, value.discussion))
    if isinstance(value, PersonPlan):
        role = str(Participant.Role(value.role).label)
        return role if overlap.part == merge.PERSON else value.user.name
    if isinstance(value, DepartmentPlan):
        return _department(value)
    if value is None:
        return _("nobody") if overlap.part in Participant.SINGLE else _("not invited")
    written = ITEM_WORDS if overlap.item else FIELD_WORDS
    return written.get(overlap.part, _text)(value)


def _department(row: DepartmentPlan) -> str:
    parts = [_("takes part")]
    if row.is_required:
        parts.append(_("must be present"))
    if row.needs_preread:
        parts.append(_("hands in a pre-read"))
    return pgettext("between names", ", ").join(parts)


def _minutes(value: Sequence[int]) -> str:
    return _("%(report)d + %(discussion)d min") % {"report": value[0], "discussion": value[1]}


def _text(value: Sequence[Any]) -> str:
    return str(value[0] or "") or "—"


def _both_languages(value: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(text for text in value if text)) or "—"


def _presenter(value: Sequence[Any]) -> str:
    presenter, department, user = value
    shown = department.name if department else str(Presenter(presenter).label)
    return f"{shown} · {user.name}" if user else shown


def _circle(value: Sequence[Any]) -> str:
    is_confidential, readers = value
    if not is_confidential:
        return _("everybody in the meeting")
    return pgettext("between names", ", ").join([_("confidential"), *(user.name for user in readers)])


def _yes_no(value: Sequence[Any]) -> str:
    return _("yes") if value[0] else _("no")


def _moment(value: Sequence[Any]) -> str:
    return moment_words(value[0]) if value[0] else _("by the rule of the type")


FIELD_WORDS: dict[str, Callable[[Sequence[Any]], str]] = {
    "start": lambda value: moment_words(value[0], value[1]),
    "period": lambda value: value[0].label if value[0] else _("No period"),
    **dict.fromkeys(MOMENTS, _moment),
}
ITEM_WORDS: dict[str, Callable[[Sequence[Any]], str]] = {
    "title": _both_languages,
    "questions": _both_languages,
    "kind": lambda value: str(Kind(value[0]).label),
    "presenter": _presenter,
    "minutes": _minutes,
    "pin": _yes_no,
    "circle": _circle,
    "recurring": _yes_no,
    "metrics": lambda value: ", ".join(value[0]) or "—",
    "action_list": lambda value: str(ActionList(value[0]).label) if value[0] else "—",
}
