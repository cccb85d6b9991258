"""What meetings cost: the people in the room for its length, and preparing the pre-reads, at their departments' rates.

Before a meeting the planned length and every pre-read asked for count; after it the time that people really sat in it
(where attendance was taken; else everybody who had not declined, for all of it) and the pre-reads that were handed in.
Nobody's pay is known here: an hour costs the average that is set for a department, or the company's own rate where a
department has none. Amounts in several currencies are never added up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.periods import Period
from meetings.models import CostRate, Meeting, MeetingDepartment, Participant, PreRead, Template
from meetings.queries.attended import Sat, attended
from people.models import Department, Membership, User

ZERO = Decimal(0)
CENT = Decimal("0.01")
# Meetings that cost something: a draft may come to nothing, a cancelled one did.
COUNTED = (Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS, Meeting.Status.ENDED)
TOP_MEETINGS = 30


@dataclass(slots=True)
class Amount:
    """Money of one currency."""

    currency: str
    seat: Decimal = ZERO
    preparation: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.seat + self.preparation


@dataclass(slots=True)
class Cost:
    """Hours are person-hours. `unrated` of them have no rate yet and are in no amount; `is_actual` after the end."""

    amounts: dict[str, Amount] = field(default_factory=dict)
    people: int = 0
    seat_hours: Decimal = ZERO
    preparation_hours: Decimal = ZERO
    unrated: Decimal = ZERO
    is_actual: bool = False

    @property
    def in_order(self) -> list[Amount]:
        """The largest first."""
        return sorted(self.amounts.values(), key=lambda one: (-one.total, one.currency))

    @property
    def hours(self) -> Decimal:
        return self.seat_hours + self.preparation_hours

    @property
    def _only(self) -> Amount | None:
        return next(iter(self.amounts.values())) if len(self.amounts) == 1 else None

    @property
    def currency(self) -> str:
        """The currency of all of it; empty when there are several, or no rate at all."""
        return self._only.currency if self._only else ""

    @property
    def seat(self) -> Decimal | None:
        return self._only.seat if self._only else None

    @property
    def preparation(self) -> Decimal | None:
        return self._only.preparation if self._only else None

    @property
    def total(self) -> Decimal | None:
        return self._only.total if self._only else None

    @property
    def per_person_hours(self) -> Decimal:
        """Hours that each person sits."""
        return self.seat_hours / self.people if self.people else ZERO

    def add(self, other: "Cost") -> None:
        for currency, amount in other.amounts.items():
            mine = self.amounts.setdefault(currency, Amount(currency))
            mine.seat += amount.seat
            mine.preparation += amount.preparation
        self.people += other.people
        self.seat_hours += other.seat_hours
        self.preparation_hours += other.preparation_hours
        self.unrated += other.unrated


# --- rates ------------------------------------------------------------------------------------------------
class Rates:
    """All rates, read once: one query."""

    def __init__(self, rows: Iterable[CostRate]) -> None:
        self._by_department: dict[int | None, list[CostRate]] = defaultdict(list)
        for row in sorted(rows, key=lambda one: one.valid_from, reverse=True):
            self._by_department[row.department_id].append(row)

    @classmethod
    def load(cls) -> "Rates":
        return cls(CostRate.objects.all())

    def on(self, department: int | None, day: date) -> CostRate | None:
        """The department's latest rate of that day, else the company's, else None."""
        for key in dict.fromkeys((department, None)):
            for row in self._by_department.get(key, []):
                if row.valid_from <= day:
                    return row
        return None


def company_day(moment: datetime) -> date:
    """The day of an instant in the company's zone, by which rates and months go."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@dataclass(frozen=True, slots=True)
class RateRow:
    """One department (None: the company) with the rate of today, those to come, and those before, newest first."""

    department: Department | None
    current: CostRate | None
    others: list[CostRate]


def rate_rows(today: date) -> list[RateRow]:
    """The company first, then every department; two queries."""
    rates: dict[int | None, list[CostRate]] = defaultdict(list)
    for rate in CostRate.objects.order_by("-valid_from"):
        rates[rate.department_id].append(rate)
    rows = []
    for department in (None, *Department.objects.in_order()):
        known = rates[department.pk if department else None]
        current = next((one for one in known if one.valid_from <= today), None)
        rows.append(RateRow(department, current, [one for one in known if one is not current]))
    return rows


# --- one meeting --------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Facts:
    """What one meeting's cost is made of: people and minutes of preparation by department."""

    seats: Counter[int | None]
    preparation: Counter[int | None]
    # Who really sat how long; None where nobody noted it.
    sat: Mapping[int | None, Sat] | None = None

    @property
    def people(self) -> int:
        if self.sat is None:
            return self.seats.total()
        return len({user for sat in self.sat.values() for user in sat.people})

    def hours(self, length: Decimal) -> Iterable[tuple[int | None, Decimal]]:
        """Person-hours by department: as noted, else everybody for the whole `length`."""
        if self.sat is None:
            return [(department, length * number) for department, number in self.seats.items()]
        return [(department, sat.hours) for department, sat in self.sat.items()]


def cost(meeting: Meeting) -> Cost:
    """The cost of one meeting; three queries, four for a draft or once attendance was taken."""
    return _costs([meeting])[meeting.pk]


def cost_of_page(meeting: Meeting, participants: Sequence[Participant], prereads: Sequence[PreRead]) -> Cost:
    """The same from what a meeting's page has read already (with the memberships of its people); one query, and one
    more for a draft or an attendance."""
    seats = Counter(_department_of(row) for row in participants if _sits(row))
    rows = [(row.department_id, row.preparation_minutes, row.submitted_at is not None) for row in prereads]
    if meeting.status == Meeting.Status.DRAFT:
        rows = [(pk, None, False) for _meeting, pk in _asked([meeting])]
    sat = attended([meeting]).get(meeting.pk)
    return _cost(meeting, _Facts(seats, _preparation(meeting, rows), sat), Rates.load())


def _costs(meetings: Sequence[Meeting]) -> dict[int, Cost]:
    """By key; the number of queries does not depend on how many there are. Needs their templates."""
    seats: dict[int, Counter[int | None]] = defaultdict(Counter)
    people = Participant.objects.filter(meeting__in=[one.pk for one in meetings])
    for meeting, department, number in _seats(people):
        seats[meeting][department] += number
    rows: dict[int, list[tuple[int, int | None, bool]]] = defaultdict(list)
    prereads = PreRead.objects.filter(meeting__in=[one.pk for one in meetings]).values_list(
        "meeting", "department", "preparation_minutes", "submitted_at"
    )
    for meeting, department, minutes, submitted_at in prereads:
        rows[meeting].append((department, minutes, submitted_at is not None))
    drafts = [one for one in meetings if one.status == Meeting.Status.DRAFT]
    for meeting, department in _asked(drafts) if drafts else []:
        rows[meeting].append((department, None, False))
    rates, sat = Rates.load(), attended(meetings)
    return {
        one.pk: _cost(one, _Facts(seats[one.pk], _preparation(one, rows[one.pk]), sat.get(one.pk)), rates)
        for one in meetings
    }


def _cost(meeting: Meeting, facts: _Facts, rates: Rates) -> Cost:
    result = Cost(people=facts.people, is_actual=meeting.status == Meeting.Status.ENDED)
    day = company_day(meeting.starts_at)
    for department, spent in facts.hours(_length(meeting)):
        result.seat_hours += spent
        _charge(result, rates.on(department, day), "seat", spent)
    for department, minutes in facts.preparation.items():
        spent = Decimal(minutes) / 60
        result.preparation_hours += spent
        _charge(result, rates.on(department, day), "preparation", spent)
    return result


def _charge(result: Cost, rate: CostRate | None, what: str, hours: Decimal) -> None:
    if rate is None:
        result.unrated += hours
        return
    amount = result.amounts.setdefault(rate.currency, Amount(rate.currency))
    money = (hours * rate.per_hour).quantize(CENT, ROUND_HALF_UP)
    setattr(amount, what, getattr(amount, what) + money)


def _length(meeting: Meeting) -> Decimal:
    """Hours: as planned until the meeting has ended, then as it was, breaks and pauses included."""
    if meeting.started_at and meeting.ended_at:
        seconds = (meeting.ended_at - meeting.started_at).total_seconds()
        return Decimal(round(seconds)) / 3600
    return Decimal(meeting.planned_minutes) / 60


def _preparation(meeting: Meeting, rows: Iterable[tuple[int, int | None, bool]]) -> Counter[int | None]:
    """Minutes by department: what it said itself, else the type's usual hours. After the meeting a pre-read that was
    neither handed in nor accounted for took no time."""
    usual = int(meeting.template.preparation_hours * 60)
    if meeting.template.preread_form == Template.PreReadForm.NONE:
        usual = 0
    found: Counter[int | None] = Counter()
    is_over = meeting.status == Meeting.Status.ENDED
    for department, stated, is_in in rows:
        assumed = usual if is_in or not is_over else 0
        found[department] += assumed if stated is None else stated
    return found


def _asked(meetings: Sequence[Meeting]) -> Iterable[tuple[int, int]]:
    """(meeting, department) of the pre-reads that drafts will ask for."""
    rows = MeetingDepartment.objects.filter(meeting__in=[one.pk for one in meetings], needs_preread=True)
    return rows.values_list("meeting", "department")


# --- who sits -------------------------------------------------------------------------------------------------
def _sits(row: Participant) -> bool:
    if row.role == Participant.Role.OPTIONAL:
        return row.reply == Participant.Reply.ACCEPTED
    return row.reply != Participant.Reply.DECLINED


def _department_of(row: Participant) -> int | None:
    """The department somebody attends for, else the first one they joined."""
    memberships = sorted(row.user.memberships.all(), key=lambda one: one.pk)
    return row.department_id or (memberships[0].department_id if memberships else None)


def _seats(people: QuerySet[Participant]) -> Iterable[tuple[int, int | None, int]]:
    """(meeting, department, people): `_sits` and `_department_of` as one query."""
    first = Membership.objects.filter(user=OuterRef("user")).order_by("pk").values("department")[:1]
    return (
        people.exclude(reply=Participant.Reply.DECLINED)
        .exclude(Q(role=Participant.Role.OPTIONAL) & ~Q(reply=Participant.Reply.ACCEPTED))
        .annotate(of=Coalesce(F("department_id"), Subquery(first), output_field=BigIntegerField()))
        .order_by()
        .values_list("meeting", "of")
        .annotate(n=Count("pk"))
    )


# --- months ---------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Month:
    """One month of the company's calendar. `held` were meetings that ended, `planned` those still to come."""

    period: Period
    held: int = 0
    planned: int = 0
    cost: Cost = field(default_factory=Cost)
    actual: Cost = field(default_factory=Cost)
    ahead: Cost = field(default_factory=Cost)


@dataclass(slots=True)
class TypeCost:
    """What the meetings of one type cost together; `name` is that of the version that counts."""

    code: str
    name: str
    meetings: int = 0
    cost: Cost = field(default_factory=Cost)

    @property
    def hours_each(self) -> Decimal:
        return self.cost.hours / self.meetings

    @property
    def each(self) -> list[Amount]:
        """The mean of one meeting, per currency."""
        return [
            Amount(one.currency, one.seat / self.meetings, one.preparation / self.meetings)
            for one in self.cost.in_order
        ]


@dataclass(frozen=True, slots=True)
class Costs:
    months: list[Month]
    types: list[TypeCost]
    total: Cost
    # The dearest meetings of the month that was asked for.
    meetings: list[tuple[Meeting, Cost]]

    @property
    def newest_first(self) -> list[Month]:
        return self.months[::-1]

    @property
    def currencies(self) -> list[str]:
        return [one.currency for one in self.total.in_order]


def costs(*, user: User, last: Period, months: int = 12, opened: Period | None = None) -> Costs:
    """The months up to and with `last`, of meetings the person may read; five queries, however many meetings."""
    periods = [last]
    while len(periods) < months:
        periods.insert(0, periods[0].previous())
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = datetime.combine(periods[0].start, datetime.min.time(), zone)
    end = datetime.combine(last.end, datetime.min.time(), zone)
    found = list(
        Meeting.objects.visible_to(user)
        .filter(status__in=COUNTED, starts_at__gte=begin, starts_at__lt=end)
        .select_related("template")
        .order_by("-starts_at", "-pk")
    )
    by_meeting = _costs(found)
    rows = {period: Month(period) for period in periods}
    types: dict[str, TypeCost] = {}
    total = Cost()
    names = _type_names(found)
    for meeting in found:
        one = by_meeting[meeting.pk]
        month = rows[Period.containing(company_day(meeting.starts_at), "month")]
        month.cost.add(one)
        total.add(one)
        if one.is_actual:
            month.held += 1
            month.actual.add(one)
        else:
            month.planned += 1
            month.ahead.add(one)
        code = meeting.template.code
        kind = types.setdefault(code, TypeCost(code, names.get(code, meeting.template.name)))
        kind.meetings += 1
        kind.cost.add(one)
    return Costs(
        months=list(rows.values()),
        types=sorted(types.values(), key=_dearest),
        total=total,
        meetings=_of_month(found, by_meeting, opened),
    )


def _dearest(row: TypeCost) -> tuple[Any, ...]:
    """Amounts first; without rates hours are what can be compared. Two currencies go by the larger amount."""
    amounts = row.cost.in_order
    return (-(amounts[0].total if amounts else ZERO), -row.cost.hours, row.code)


def _type_names(meetings: Iterable[Meeting]) -> Mapping[str, str]:
    codes = {meeting.template.code for meeting in meetings}
    return {one.code: one.name for one in Template.objects.current().filter(code__in=codes)}


def _of_month(
    meetings: Iterable[Meeting], by_meeting: Mapping[int, Cost], month: Period | None
) -> list[tuple[Meeting, Cost]]:
    if month is None:
        return []
    rows = [(one, by_meeting[one.pk]) for one in meetings if company_day(one.starts_at) in month]

    def dearest(row: tuple[Meeting, Cost]) -> tuple[Decimal, Decimal]:
        amounts = row[1].in_order
        return (-(amounts[0].total if amounts else ZERO), -row[1].hours)

    return sorted(rows, key=dearest)[:TOP_MEETINGS]
