"""The list on paper: a PDF in landscape, in the reader's language, with Chinese type."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from actions.models import Action
from meetings.packs import pdf

# Twenty pages or so; whoever needs more reads it in a workbook. Setting type takes its time.
MOST = 400


def write(actions: Sequence[Action], *, count: int, language: str, now: datetime) -> bytes:
    """`count` is how many there are when these are only the first. Raises PangoMissing (see `meetings.packs.pdf`)."""
    html = render_to_string(
        "actions/paper.html",
        {
            "actions": actions,
            "count": count,
            "left_out": count - len(actions),
            "now": now,
            "language": "zh-Hans" if language.startswith("zh") else language,
        },
    )
    return pdf.render(html).content
