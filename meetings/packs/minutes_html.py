"""The minutes as a complete HTML document for the PDF; the print view has the same body."""

from datetime import datetime

from django.template.loader import render_to_string

from meetings.packs import minutes_text
from meetings.packs.minutes_words import Words
from meetings.queries.minutes_paper import Paper


def context(paper: Paper, now: datetime) -> dict[str, object]:
    """For `meetings/_minutes_paper.html`."""
    words = Words(paper.content)
    return {
        "paper": paper,
        "meeting": paper.meeting,
        "title": words.title,
        "subtitle": words.subtitle,
        "standing": minutes_text.standing(paper),
        "blocks": words.blocks(),
        "is_personal": paper.reader is not None
        and any(chapter.get("is_confidential") for chapter in paper.content["chapters"]),
        "made_at": now,
    }


def as_html(paper: Paper, *, language: str, now: datetime) -> str:
    """The language is active already."""
    return render_to_string(
        "meetings/minutes_pack.html",
        {**context(paper, now), "language": "zh-Hans" if language.startswith("zh") else language},
    )
