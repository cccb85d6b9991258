"""How long items of this kind usually take: suggested minutes from what earlier meetings of the same type took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from meetings.models import AgendaItem, ItemRun, Meeting, Part
from meetings.plan import ItemPlan
from people.models import User

# So many of the latest meetings are looked at, and so few say something.
MEETINGS, FEWEST = 12, 2
MINUTE = 60_000
# Minutes around the quartiles within which nothing is unusual, however alike the meetings were.
LEAST_REACH = 5

Identity = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Minutes that an item usually takes: the median of `count` meetings; `unusual` more were left out."""

    report: int
    discussion: int
    count: int
    unusual: int = 0

    @property
    def minutes(self) -> int:
        return self.report + self.discussion


def identity(item: ItemPlan) -> Identity:
    """Items are of one kind when they come from the same module of a type, in whatever version; else by their title."""
    part = item.module or item
    return part.title_en, part.title_zh, part.department.pk if part.department else None


def suggestions(*, template_code: str, by: User) -> dict[Identity, Suggestion]:
    """By what an item is (`identity`), what it took in the latest meetings of this type that somebody may read.

    Two queries. An item that was passed over in under half a minute does not count.
    """
    meetings = (
        Meeting.objects.visible_to(by)
        .filter(template__code=template_code, status=Meeting.Status.ENDED)
        .order_by("-ended_at", "-pk")
        .values_list("pk", flat=True)[:MEETINGS]
    )
    runs = (
        ItemRun.objects.filter(meeting__in=list(meetings), item__in=AgendaItem.objects.visible_to(by))
        .select_related("item__template_module")
        .order_by("pk")
    )
    taken: dict[Identity, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for run in runs:
        part = run.item.template_module or run.item
        key = part.title_en, part.title_zh, part.department_id
        taken[key][run.item_id][run.part] = run.elapsed_ms
    found = {key: suggested([_minutes(parts) for parts in items.values()]) for key, items in taken.items()}
    return {key: suggestion for key, suggestion in found.items() if suggestion}


def _minutes(parts: dict[str, int]) -> tuple[float, float]:
    return parts.get(Part.REPORT, 0) / MINUTE, parts.get(Part.DISCUSSION, 0) / MINUTE


def suggested(taken: Sequence[tuple[float, float]]) -> Suggestion | None:
    """The medians of (report, discussion) in minutes, without meetings that lie far from the others.

    Far is more than one and a half times the distance of the quartiles outside of them, and more than five minutes.
    None from fewer than two.
    """
    counted = [pair for pair in taken if sum(pair) >= 0.5]
    if len(counted) < FEWEST:
        return None
    low, _middle, high = quantiles([sum(pair) for pair in counted], n=4, method="inclusive")
    reach = max(1.5 * (high - low), LEAST_REACH)
    usual = [pair for pair in counted if low - reach <= sum(pair) <= high + reach]
    if len(usual) < FEWEST:
        return None
    report, discussion = (median(pair[part] for pair in usual) for part in (0, 1))
    return Suggestion(
        report=_whole(report),
        discussion=_whole(discussion),
        count=len(usual),
        unusual=len(counted) - len(usual),
    )


def _whole(minutes: float) -> int:
    """Whole minutes; a part that was spoken in keeps at least one."""
    return max(round(minutes), 1) if minutes >= 0.5 else 0
