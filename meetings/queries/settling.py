"""The page of a meeting's figures: what waits for the data owner, where each department stands, the table itself."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Sum

from meetings import rules
from meetings.models import Meeting, PreRead, PreReadRevision, Review, Ruling, Snapshot, Statement
from meetings.queries import differences, frozen
from metrics.models import Upload
from people.models import User


@dataclass(slots=True)
class Desk:
    """One department's pre-read as the data owner works through it: its newest revision and what was said of it."""

    preread: PreRead
    revision: PreReadRevision | None = None
    reviews: list[Review] = field(default_factory=list)

    @property
    def last(self) -> Review | None:
        """The newest word on the newest revision."""
        return self.reviews[-1] if self.reviews else None

    @property
    def waits(self) -> bool:
        return self.preread.status == PreRead.Status.SUBMITTED and self.revision is not None

    @property
    def may_return(self) -> bool:
        return self.waits or (self.preread.status == PreRead.Status.CERTIFIED and self.revision is not None)


def page(*, meeting: Meeting, user: User) -> dict[str, Any]:
    """Everything the page shows to this person; a constant number of queries."""
    can_settle = rules.can_settle(user) and meeting.is_planned
    found = differences.compared(meeting, user=user, with_sources=True)
    desks = _desks(meeting) if rules.can_settle(user) else []
    open_ones = [one for one in found if one.is_open]
    unseen = len(differences.open_differences(meeting)) - len(open_ones) if not rules.can_settle(user) else 0
    table = frozen.frozen_figures(meeting, user)
    return {
        "meeting": meeting,
        "can_settle": can_settle,
        "open": open_ones,
        "settled": [one for one in found if one.needs_ruling and one.is_settled],
        "unreported": [one for one in found if one.is_without_report],
        "agreeing": [one for one in found if not one.needs_ruling and not one.is_without_report],
        # Of other departments: that there are some, never what their drafts say.
        "unseen": unseen,
        "desks": desks,
        "to_check": [desk for desk in desks if desk.waits],
        "table": table,
        "changed": sum(each.changed_since is not None for each in table),
        "snapshot": frozen.snapshot_of(meeting),
        "version": version(meeting),
    }


def _desks(meeting: Meeting) -> list[Desk]:
    desks = [Desk(preread) for preread in meeting.prereads.select_related("department").in_order()]
    for desk in desks:
        desk.preread.meeting = meeting
    latest = (
        PreReadRevision.objects.filter(preread__meeting=meeting)
        .select_related("submitted_by")
        .order_by("preread_id", "-number")
        .distinct("preread_id")
    )
    by_preread = {revision.preread_id: revision for revision in latest}
    reviews: dict[int, list[Review]] = {}
    for review in (
        Review.objects.filter(revision__in=by_preread.values()).select_related("reviewed_by").order_by("pk")
    ):
        reviews.setdefault(review.revision_id, []).append(review)
    for desk in desks:
        desk.revision = by_preread.get(desk.preread.pk)
        if desk.revision is not None:
            desk.reviews = reviews.get(desk.revision.pk, [])
    return desks


def version(meeting: Meeting) -> str:
    """Changes whenever the page would: browsers ask for it every three seconds. Six small statements."""
    prereads = list(meeting.prereads.order_by("pk").values_list("pk", "status", "submitted_at"))
    of_meeting = Statement.objects.filter(preread__meeting=meeting)
    seen = [
        prereads,
        of_meeting.aggregate(Count("pk"), Sum("version"), Max("stated_at"), Sum("value")),
        Ruling.objects.filter(statement__in=of_meeting).aggregate(Max("pk")),
        Review.objects.filter(revision__preread__meeting=meeting).aggregate(Max("pk")),
        Snapshot.objects.filter(meeting=meeting).exists(),
        Upload.objects.stored().aggregate(Count("pk"), Max("pk"), Max("heartbeat_at")),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
