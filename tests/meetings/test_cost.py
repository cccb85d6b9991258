"""What meetings cost: who sits for how long at which rate, preparation, months, and the page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import HistoryEntry
from core.periods import Period
from meetings.models import CostRate, Meeting, Participant, PreRead, Template
from meetings.queries import cost as queries
from meetings.queries.cost import cost
from meetings.services import cost as services
from people.models import User
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead, member
from tests.meetings import factories
from tests.meetings.factories import NOW, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

URL = "/meetings/cost/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def rate(
    per_hour: int, department: str = "", since: date = date(2026, 1, 1), currency: str = "CNY"
) -> CostRate:
    return services.set_rate(
        department=DepartmentFactory(code=department) if department else None,
        per_hour=Decimal(per_hour),
        currency=currency,
        valid_from=since,
        by=executive(),
    )


def meeting(minutes: int = 60, people: int = 4, **changes) -> Meeting:
    """A weekly meeting with a host and so many others, who belong to no department; no pre-reads."""
    guests = [factories.guest() for _number in range(people - 1)]
    return factories.scheduled(
        template=factories.template("weekly-operations"),
        planned_minutes=minutes,
        people=[*changes.pop("people_more", []), *guests],
        **changes,
    )


def ended(one: Meeting, minutes: int) -> Meeting:
    one.status = Meeting.Status.ENDED
    one.started_at = one.starts_at
    one.ended_at = one.starts_at + timedelta(minutes=minutes)
    one.save(update_fields=["status", "started_at", "ended_at"])
    return one


# --- one meeting ----------------------------------------------------------------------------------------------
def test_five_people_for_an_hour_at_eighty_cost_four_hundred():
    rate(80)

    found = cost(meeting(people=5))

    assert (found.seat, found.preparation, found.total, found.currency) == (400, 0, 400, "CNY")
    assert (found.people, found.per_person_hours, found.is_actual) == (5, 1, False)


def test_after_the_meeting_its_real_time_counts():
    rate(60)
    one = meeting(minutes=60, people=2)

    assert cost(one).seat == 120
    found = cost(ended(one, 90))
    assert (found.seat, found.is_actual) == (180, True)


def test_who_declined_does_not_sit_and_an_optional_guest_only_after_accepting():
    rate(60)
    one = meeting(people=3, people_more=[factories.guest(role=Participant.Role.OPTIONAL)])
    guest = one.participants.get(role=Participant.Role.OPTIONAL)

    assert cost(one).people == 3
    guest.reply, guest.replied_at = "accepted", NOW
    guest.save()
    assert cost(one).people == 4
    one.participants.filter(role=Participant.Role.MEMBER).update(reply="declined", replied_at=NOW)
    assert cost(one).people == 2


def test_each_department_has_its_own_rate_and_the_others_the_companys():
    rate(50)
    rate(200, "finance")
    finance = lead("finance")
    sales = factories.department("sales")
    one = meeting(people=1, people_more=[])
    Participant.objects.create(meeting=one, user=finance)
    Participant.objects.create(meeting=one, user=member("sales"))
    # Attending for another department than one's own costs that one's rate.
    Participant.objects.create(meeting=one, user=member("tech"), department=DepartmentFactory(code="finance"))

    assert sales
    assert cost(one).seat == 50 + 200 + 50 + 200


@pytest.mark.parametrize(("day", "seat"), [(date(2026, 12, 2), 90), (date(2026, 12, 3), 60)])
def test_rate_of_the_meetings_day_counts(day, seat):
    rate(60)
    rate(90, since=day)

    assert cost(meeting(people=1)).seat == seat


def test_day_of_a_meeting_is_the_companys():
    """17:00 in London on 2 December is the third in Shanghai."""
    rate(60)
    rate(90, since=date(2026, 12, 3))
    one = meeting(people=1, starts_at=datetime(2026, 12, 2, 17, 0, tzinfo=UTC), time_zone="Europe/London")

    assert cost(one).seat == 90


def test_hours_without_a_rate_are_said_and_not_guessed():
    rate(100, "finance")
    one = meeting(people=3, people_more=[factories.guest()])
    Participant.objects.create(meeting=one, user=lead("finance"))

    found = cost(one)

    assert (found.seat, found.unrated) == (100, 4)


def test_several_currencies_are_not_added_up():
    rate(100)
    rate(30, "sales", currency="USD")
    one = meeting(people=1)
    Participant.objects.create(meeting=one, user=lead("sales"))

    found = cost(one)

    assert [(amount.currency, amount.total) for amount in found.in_order] == [("CNY", 100), ("USD", 30)]
    assert (found.total, found.currency) == (None, "")


# --- preparation ------------------------------------------------------------------------------------------------
def with_prereads(**changes) -> Meeting:
    one = factories.scheduled(
        template=factories.template("weekly-operations"),
        departments=[factories.department("sales"), factories.department("finance")],
        **changes,
    )
    assert one.prereads.count() == 2
    return one


def test_each_pre_read_takes_the_usual_hours_of_its_department():
    rate(100)
    rate(10, "sales")

    found = cost(with_prereads())

    # An hour and a half each; the host sits for an hour.
    assert (found.preparation, found.preparation_hours, found.seat) == (Decimal(165), 3, 100)


def test_what_a_department_says_counts_before_the_usual():
    rate(100)
    one = with_prereads()
    one.prereads.filter(department__code="sales").update(preparation_minutes=30)

    assert cost(one).preparation_hours == 2


def test_after_the_meeting_only_what_was_handed_in_took_time():
    rate(100)
    one = ended(with_prereads(), 60)
    one.prereads.filter(department__code="sales").update(
        status=PreRead.Status.SUBMITTED, submitted_at=NOW, first_submitted_at=NOW
    )

    assert cost(one).preparation_hours == Decimal("1.5")


def test_draft_counts_the_pre_reads_it_will_ask_for():
    rate(100)
    one = factories.draft(
        template=factories.template("weekly-operations"),
        departments=[factories.department("sales"), factories.department("tech", needs_preread=False)],
    )

    assert cost(one).preparation_hours == Decimal("1.5")


def test_type_without_pre_reads_takes_no_preparation():
    rate(100)
    one = with_prereads()
    Template.objects.filter(pk=one.template_id).update(preread_form=Template.PreReadForm.NONE)
    one.refresh_from_db()

    assert cost(one).preparation_hours == 0


def test_page_of_a_meeting_reckons_as_the_query_does(client):
    rate(100)
    rate(40, "sales")
    one = with_prereads()
    Participant.objects.create(meeting=one, user=lead("sales"))
    Participant.objects.create(meeting=one, user=UserFactory(), reply="declined", replied_at=NOW)
    client.force_login(one.host)

    page = client.get(one.get_absolute_url())

    found, shown = cost(one), page.context["cost"]
    assert (shown.seat, shown.preparation, shown.people) == (found.seat, found.preparation, found.people)
    assert f"{found.total:,.0f} CNY" in page.text
    assert "2 people × 1.0 h" in page.text


def test_members_are_not_shown_the_cost(client):
    rate(100)
    one = with_prereads()
    client.force_login(member("sales"))

    page = client.get(one.get_absolute_url())

    assert page.status_code == 200
    assert "CNY" not in page.text


# --- months -------------------------------------------------------------------------------------------------------
NOVEMBER = Period.month(2026, 11)


def costs(last: Period = NOVEMBER, **options):
    return queries.costs(user=options.pop("user", None) or executive(), last=last, **options)


def test_months_begin_at_the_companys_midnight():
    rate(60)
    night = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    for at in (night, night + timedelta(minutes=1)):
        meeting(people=1, starts_at=at)

    december = {month.period.code: month.cost.seat for month in costs(Period.month(2026, 12)).months}

    assert (december["2026-11"], december["2026-12"]) == (60, 60)


def test_month_keeps_held_and_planned_apart_and_leaves_out_the_rest():
    rate(60)
    december = Period.month(2026, 12)
    ended(meeting(people=1), 120)
    meeting(people=2)
    factories.draft(template=factories.template("weekly-operations"))
    cancelled = meeting(people=3)
    Meeting.objects.filter(pk=cancelled.pk).update(status=Meeting.Status.CANCELLED)

    month = costs(december).months[-1]

    assert (month.held, month.planned) == (1, 1)
    assert (month.actual.total, month.ahead.total, month.cost.total) == (120, 120, 240)


def test_types_are_sorted_by_what_they_cost_over_all_versions():
    rate(60)
    december = Period.month(2026, 12)
    meeting(people=1)
    for _number in range(3):
        factories.scheduled(template=factories.template("biweekly-progress"))

    rows = costs(december).types

    assert [(row.code, row.meetings, row.cost.total) for row in rows] == [
        ("biweekly-progress", 3, 90),
        ("weekly-operations", 1, 60),
    ]
    assert {row.code: row.each[0].total for row in rows} == {"biweekly-progress": 30, "weekly-operations": 60}


def test_queries_do_not_grow_with_meetings(client):
    rate(60)
    client.force_login(executive())

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{URL}?until=2026-12&month=2026-12").status_code == 200
        return len(captured)

    with_prereads()
    client.get(URL)
    before = count()
    for _number in range(2):
        ended(with_prereads(), 30)

    assert count() == before


# --- the page -----------------------------------------------------------------------------------------------------
@pytest.fixture
def boss(client):
    user = executive(language="en")
    client.force_login(user)
    return user


def test_page_shows_months_meetings_and_types(client, boss):
    rate(60)
    one = ended(meeting(people=2), 60)

    page = client.get(f"{URL}?until=2026-12&month=2026-12")

    assert one.title in page.text
    assert "120 CNY" in page.text
    assert "Weekly operations meeting" in page.text
    assert page.context["charts"][0]["series"][0]["values"][-1] == 120


def test_without_rates_the_hours_are_told(client, boss):
    meeting(people=2)

    page = client.get(f"{URL}?until=2026-12")

    assert "<b>2 person-hours</b>" in page.text


def test_months_that_make_no_sense_are_ignored(client, boss):
    for text in ("2026-13", "x", "2026", "9999-12", "0001-01"):
        assert client.get(URL, {"until": text, "month": text}).status_code == 200


def test_open_month_outside_the_twelve_moves_them(client, boss):
    page = client.get(f"{URL}?month=2024-03")

    assert page.context["last"].code == "2024-03"


def test_costs_are_not_for_everybody(client):
    for user in (lead("finance"), UserFactory(roles=[User.Role.DATA_OWNER])):
        client.force_login(user)
        assert client.get(URL).status_code == 404
        assert client.post(f"{URL}rates/").status_code == 404


# --- rates --------------------------------------------------------------------------------------------------------
def test_executive_sets_a_rate(client, boss):
    finance = DepartmentFactory(code="finance")
    data = {"department": finance.pk, "per_hour": "１２０.5", "currency": "CNY", "valid_from": "2026-11-01"}

    answer = client.post(f"{URL}rates/", data)

    assert answer.status_code == 302
    row = CostRate.objects.get()
    assert (row.department, row.per_hour, row.valid_from) == (finance, Decimal("120.50"), date(2026, 11, 1))
    assert "120.50 CNY" in client.get(URL).text


def test_rate_of_the_same_day_is_corrected_and_remembered(client, boss):
    rate(60)
    client.post(
        f"{URL}rates/", {"department": "", "per_hour": "70", "currency": "CNY", "valid_from": "2026-01-01"}
    )

    row = CostRate.objects.get()
    assert row.per_hour == 70
    entry = HistoryEntry.objects.filter(verb="meetings.cost_rate_set").latest("pk")
    assert (entry.before["per_hour"], entry.after["per_hour"], entry.actor) == ("60.00", "70.00", boss)


def test_earlier_rate_stays_for_its_time():
    rate(60)
    one = ended(meeting(people=1), 60)
    rate(90, since=date(2026, 12, 3))

    assert cost(one).total == 60
    assert START.date() == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"per_hour": ""}, "Write what an hour costs, for example 80."),
        ({"per_hour": "-1"}, "A cost rate is not negative."),
        ({"per_hour": "ten"}, "is no number"),
        ({"per_hour": "99999999999"}, "This number is too large."),
        ({"valid_from": ""}, "Write the day from which the rate counts."),
        ({"valid_from": "0001-01-01"}, "Write a day between 2000 and 2100."),
    ],
)
def test_bad_rate_is_said_and_kept(client, boss, typed, sentence):
    data = {"department": "", "per_hour": "80", "currency": "EUR", "valid_from": "2026-11-01", **typed}

    page = client.post(f"{URL}rates/", data)

    assert page.status_code == 422
    assert sentence in page.text
    assert '<option value="EUR" selected>' in page.text
    assert not CostRate.objects.exists()


def test_rate_is_taken_back(client, boss):
    rate(60)
    wrong = rate(600, since=date(2026, 6, 1))

    answer = client.post(f"{URL}rates/{wrong.pk}/remove/")

    assert answer.status_code == 302
    assert list(CostRate.objects.values_list("per_hour", flat=True)) == [60]
    assert HistoryEntry.objects.filter(verb="meetings.cost_rate_removed").exists()


def test_host_reads_rates_and_may_not_set_them(client):
    row = rate(60)
    client.force_login(host(language="en"))

    page = client.get(URL)

    assert "60.00 CNY" in page.text
    assert "Set a rate" not in page.text
    assert client.post(f"{URL}rates/", {"per_hour": "1"}).status_code == 403
    assert client.post(f"{URL}rates/{row.pk}/remove/").status_code == 403
    assert timezone.now() == NOW
