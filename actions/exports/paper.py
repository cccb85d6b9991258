"""The list on paper: a PDF in landscape, in the reader's language, with Chinese type."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from actions.models import Action, Criterion
from actions.services import is_proven
from meetings.packs import pdf

# Twenty pages or so; whoever needs more reads it in a workbook. Setting type takes its time.
MOST = 400


def write(actions: Sequence[Action], *, count: int, language: str, now: datetime) -> bytes:
    """`count` is how many there are when these are only the first. Raises PangoMissing (see `meetings.packs.pdf`)."""
    return pdf.render(page(actions, count=count, language=language, now=now)).content


def page(actions: Sequence[Action], *, count: int, language: str, now: datetime) -> str:
    """What is set. A criterion is marked as the page of its action marks it: once it is shown."""
    lines = [(action, [(one, is_proven(one)) for one in _in_order(action)]) for action in actions]
    return render_to_string(
        "actions/paper.html",
        {
            "lines": lines,
            "count": count,
            "left_out": count - len(actions),
            "now": now,
            "language": "zh-Hans" if language.startswith("zh") else language,
        },
    )


def _in_order(action: Action) -> list[Criterion]:
    return sorted(action.criteria.all(), key=lambda criterion: criterion.position)
