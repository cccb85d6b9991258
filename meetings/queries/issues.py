"""The issue pool as a reader sees it: in the order in which it is worked, each with evidence and what became of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, QuerySet

from meetings.lineage_sources import Became
from meetings.models import Carried, Issue, IssueVote, Meeting
from meetings.queries import evidence, lineage
from meetings.queries.evidence import Shown
from people.models import User


@dataclass(slots=True)
class Entry:
    """One issue with everything that a page says about it."""

    issue: Issue
    votes: int
    has_voted: bool = False
    evidence: Shown | None = None
    became: list[Became] = field(default_factory=list)
    # The issue of an earlier meeting that goes on here, where the reader may know of it.
    came_from: Issue | None = None


@dataclass(slots=True)
class Pool:
    """`working` is the one that is being solved, `waiting` the others in their order, `settled` the rest."""

    working: Entry | None
    waiting: list[Entry]
    settled: list[Entry]

    @property
    def is_ranked(self) -> bool:
        """Whether the executive has said what comes first."""
        return any(entry.issue.rank is not None for entry in self.waiting)

    @property
    def is_empty(self) -> bool:
        return not (self.working or self.waiting or self.settled)


def ordered(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    """By the executive's order, then by votes, then as they were raised; with `vote_count`."""
    counted = issues.annotate(vote_count=Count("votes"))
    return counted.order_by(F("rank").asc(nulls_last=True), "-vote_count", "raised_at", "pk")


def pool(meeting: Meeting, reader: User) -> Pool:
    """The pool of a meeting without what is kept from this reader. The number of queries is constant."""
    rows = entries(Issue.objects.visible_to(reader).filter(meeting=meeting), reader)
    return Pool(
        working=next((one for one in rows if one.issue.state == Issue.State.WORKING), None),
        waiting=[one for one in rows if one.issue.state == Issue.State.OPEN],
        settled=[one for one in rows if not one.issue.is_waiting],
    )


def entries(issues: QuerySet[Issue], reader: User) -> list[Entry]:
    """These issues in the order of the pool. Whoever calls has asked what the reader may see."""
    related = issues.select_related("item", "raised_by", "settled_by", "edited_by")
    rows = list(ordered(related.prefetch_related("needs")))
    if not rows:
        return []
    mine = set(IssueVote.objects.filter(user=reader, issue__in=rows).values_list("issue", flat=True))
    shown = evidence.shown(rows)
    became = lineage.of(notes=[], issues=[issue.pk for issue in rows], reader=reader)
    earlier = _earlier([issue.carried_from_id for issue in rows if issue.carried_from_id], reader)
    return [
        Entry(
            issue,
            votes=issue.vote_count,  # type: ignore[attr-defined]
            has_voted=issue.pk in mine,
            evidence=shown.get(issue.pk),
            became=became.get(("issue", issue.pk), []),
            came_from=earlier.get(issue.carried_from_id),
        )
        for issue in rows
    ]


def _earlier(ids: list[int], reader: User) -> dict[int | None, Issue]:
    """Issues of earlier meetings with their meeting; the reader need not have been invited to that one."""
    if not ids:
        return {}
    rows = Issue.objects.visible_to(reader).filter(pk__in=ids).select_related("meeting")
    return {issue.pk: issue for issue in rows}


def by_item(found: Iterable[Entry]) -> dict[int | None, list[Entry]]:
    """For the minutes: the issues of each agenda item."""
    sorted_out: dict[int | None, list[Entry]] = {}
    for entry in found:
        sorted_out.setdefault(entry.issue.item_id, []).append(entry)
    return sorted_out


def unfinished(items: Collection[int], day: date) -> dict[int, Carried]:
    """Confidential agenda items with an issue that nobody solved: they come along, so that its circle stays.

    Other issues go on in the next pool without their item. The source that `carry_sources` asks; one query.
    """
    waiting = Issue.objects.filter(item__in=list(items), item__is_confidential=True, carried_to=None)
    open_ones = waiting.filter(state__in=[*Issue.WAITING, Issue.State.PARKED])
    return dict.fromkeys(open_ones.values_list("item", flat=True), Carried.OPEN_ISSUE)
