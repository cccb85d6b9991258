"""What the minutes of a meeting say, as plain values: one form for editions, digests, paper, files and mails.

A content holds everything, confidential items too, and belongs to no language: codes instead of words, both names of
what has two. Nobody is ever shown one as it is: `minutes_reading` takes out what somebody must not know, and
`packs.minutes_words` words the rest.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from meetings import minutes_sources
from meetings.models import (
    Attendance,
    ClosingMark,
    Decision,
    Issue,
    Meeting,
    Minutes,
    MinutesEdition,
    MinutesText,
    Note,
    OpeningPriority,
    Rating,
    ReadyMark,
)
from meetings.queries import cost as costs
from meetings.queries import room as rooms
from people.models import User

# Raised when the shape changes; editions keep the one they were made in.
FORMAT = 1
FEWEST_RATINGS = 3
Content = dict[str, Any]


# --- made ---------------------------------------------------------------------------------------------------
def build(meeting: Meeting, *, now: datetime) -> Content:
    """The minutes as the records stand now. The number of queries does not depend on how much was recorded."""
    minutes = Minutes.objects.filter(meeting=meeting).first()
    texts = {
        text.item_id: text.text.strip()
        for text in (MinutesText.objects.filter(minutes=minutes) if minutes else ())
        if text.text.strip()
    }
    return {
        "format": FORMAT,
        "meeting": _meeting(meeting),
        "people": _people(meeting, now),
        "priority": _priority(meeting),
        "went_ahead": _went_ahead(meeting),
        "closed_open": _closed_open(meeting),
        "summary": texts.get(None, ""),
        "chapters": _chapters(meeting, texts, now),
        "duties": [
            {
                "code": duty.kind,
                "name_en": duty.name_en,
                "name_zh": duty.name_zh,
                "owner": duty.owner.name,
                "due_at": _instant(duty.due_at),
                "met_at": _instant(duty.met_at),
            }
            for duty in meeting.obligations.select_related("owner").order_by("due_at", "pk")
        ],
        "cost": _cost(meeting),
        "rating": rating(meeting),
    }


def _meeting(meeting: Meeting) -> Content:
    return {
        "id": meeting.pk,
        "title": meeting.title,
        "type_en": meeting.template.name_en,
        "type_zh": meeting.template.name_zh,
        "host": meeting.host.name,
        "starts_at": _instant(meeting.starts_at),
        "started_at": _instant(meeting.started_at),
        "ended_at": _instant(meeting.ended_at),
        "time_zone": meeting.time_zone,
        "planned_minutes": meeting.planned_minutes,
        "location": meeting.location,
        "period": meeting.period.code if meeting.period else "",
    }


def _people(meeting: Meeting, now: datetime) -> list[Content]:
    """Who was invited, and for how many minutes they were there: None where attendance was not taken."""
    stayed: dict[int, timedelta] = {}
    end = meeting.ended_at or now
    for row in Attendance.objects.filter(meeting=meeting):
        stretch = min(row.left_at or end, end) - row.arrived_at
        stayed[row.user_id] = stayed.get(row.user_id, timedelta()) + max(stretch, timedelta())
    rows = list(meeting.participants.in_order())
    found = [
        {
            "id": row.user_id,
            "name": row.user.name,
            "role": row.role,
            "department": row.department_id,
            "department_en": row.department.name_en if row.department else "",
            "department_zh": row.department.name_zh if row.department else "",
            "minutes": _minutes(stayed.get(row.user_id, timedelta())) if stayed else None,
            "was_there": row.user_id in stayed if stayed else None,
        }
        for row in rows
    ]
    guests = set(stayed) - {row.user_id for row in rows}
    nobody = {"role": "", "department": None, "department_en": "", "department_zh": "", "was_there": True}
    return found + [
        {**nobody, "id": guest.pk, "name": guest.name, "minutes": _minutes(stayed[guest.pk])}
        for guest in User.objects.filter(pk__in=guests).order_by("name_sort", "pk")
    ]


def _priority(meeting: Meeting) -> Content | None:
    found = OpeningPriority.objects.filter(meeting=meeting).select_related("said_by").first()
    return {"text": found.text, "by": found.said_by.name, "item": found.item_id} if found else None


def _went_ahead(meeting: Meeting) -> Content | None:
    """The host's reason for beginning with points open."""
    mark = ReadyMark.objects.standing().filter(meeting=meeting).select_related("marked_by").first()
    if mark is None or not mark.blockers or meeting.started_at is None:
        return None
    return {"by": mark.marked_by.name, "reason": mark.reason, "points": _points(mark.blockers)}


def _closed_open(meeting: Meeting) -> Content | None:
    """The executive's reason for ending with points open."""
    mark = ClosingMark.objects.filter(meeting=meeting).select_related("marked_by").first()
    if mark is None:
        return None
    return {"by": mark.marked_by.name, "reason": mark.reason, "points": _points(mark.points)}


def _points(rows: Collection[Content]) -> list[Content]:
    return [
        {"en": row.get("words_en", ""), "zh": row.get("words_zh", ""), "item": row.get("item")}
        for row in rows
    ]


def _chapters(meeting: Meeting, texts: dict[int | None, str], now: datetime) -> list[Content]:
    """One for each item in the order of the room, then one for what belongs to no item."""
    room = rooms.room(meeting)
    found: dict[int, Content] = {}
    for line in room.lines(now):
        item = line.item
        found[item.pk] = {
            **empty(item.pk),
            "title_en": item.title_en,
            "title_zh": item.title_zh,
            "kind": item.kind,
            "is_confidential": item.is_confidential,
            "department": item.department_id,
            "department_en": item.department.name_en if item.department else "",
            "department_zh": item.department.name_zh if item.department else "",
            "presenter": item.presenter_user.name if item.presenter_user else "",
            "planned": _minutes(line.planned),
            "taken": _minutes(line.taken),
            "was_visited": line.was_visited,
            "text": texts.get(item.pk, ""),
        }
    loose = empty(None)

    def chapter(item: int | None) -> Content:
        return found.get(item or 0, loose)

    for note in Note.objects.present().filter(meeting=meeting):
        chapter(note.item_id)["notes"].append(note.text)
    decisions = Decision.objects.filter(meeting=meeting).select_related("decided_by", "supersedes").in_order()
    for decision in decisions:
        chapter(decision.agenda_item_id)["decisions"].append(_decision(decision))
    issues = Issue.objects.filter(meeting=meeting).exclude(state=Issue.State.WITHDRAWN).order_by("pk")
    for issue in issues:
        chapter(issue.item_id)["issues"].append(
            {
                "text": issue.text,
                "state": issue.state,
                "root_cause": issue.root_cause,
                "process": issue.process,
                "solution": issue.solution,
                "wording_reason": issue.wording_reason,
            }
        )
    for parked in meeting.parked.select_related("parked_by").order_by("pk"):
        review = parked.review_on.isoformat() if parked.review_on else ""
        chapter(parked.item_id)["parked"].append({"text": parked.text, "review_on": review})
    for promise in minutes_sources.promises(meeting):
        chapter(promise["place"])["actions"].append(promise)
    return [*found.values(), *([loose] if says_something(loose) else [])]


def _cost(meeting: Meeting) -> Content | None:
    """What the meeting cost; final once it has ended."""
    if meeting.ended_at is None:
        return None
    found = costs.cost(meeting)
    return {
        "amounts": [{"currency": one.currency, "total": str(one.total)} for one in found.in_order],
        "people": found.people,
        "hours": str(round(found.hours, 2)),
        "unrated": str(round(found.unrated, 2)),
    }


def rating(meeting: Meeting) -> Content | None:
    """How people rated the meeting, without names. None while so few did that a score would tell who gave it."""
    rows = list(Rating.objects.filter(meeting=meeting).values_list("score", "reason"))
    if len(rows) < FEWEST_RATINGS:
        return None
    # In the order of their words, which tells nothing about who wrote them, or when.
    return {
        "count": len(rows),
        "average": str(round(Decimal(sum(score for score, _reason in rows)) / len(rows), 1)),
        "reasons": sorted(reason.strip() for _score, reason in rows if reason.strip()),
    }


PARTS = ("notes", "decisions", "issues", "parked", "actions")


def empty(item: int | None) -> Content:
    return {
        "item": item,
        "title_en": "",
        "title_zh": "",
        "kind": "",
        "is_confidential": False,
        "department": None,
        "department_en": "",
        "department_zh": "",
        "presenter": "",
        "planned": 0,
        "taken": 0,
        "was_visited": False,
        "is_masked": False,
        "text": "",
        **{part: [] for part in PARTS},
    }


def says_something(chapter: Content) -> bool:
    return bool(chapter["text"]) or any(chapter[part] for part in PARTS)


def _decision(decision: Decision) -> Content:
    return {
        "code": decision.code,
        "kind": decision.kind,
        "outcome": decision.outcome,
        "text": decision.text,
        "options": decision.options,
        "recommendation": decision.recommendation,
        "chosen": decision.chosen,
        "dissent": decision.dissent,
        "decided_by": decision.decided_by.name if decision.decided_by else "",
        "deferred_until": decision.deferred_until.isoformat() if decision.deferred_until else "",
        "supersedes": decision.supersedes.code if decision.supersedes else "",
    }


def _instant(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)


# --- kept ---------------------------------------------------------------------------------------------------
def canonical(content: Content) -> str:
    """The same text for the same content, whatever order its keys came back in."""
    return DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(content)


def digest(content: Content) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_unchanged(edition: MinutesEdition) -> bool:
    """Whether an edition still says what its digest was made of."""
    return digest(edition.content) == edition.digest
