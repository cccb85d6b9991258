from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, Series
from meetings.services import series as services
from people.models import User
from tests.factories import UserFactory
from tests.meetings.factories import NOW, draft, guest, template
from tests.meetings.series_factories import TUESDAY, terms, weekly
from tests.meetings.test_carry import hold, park

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def english(client):
    def login(user: User) -> None:
        User.objects.filter(pk=user.pk).update(language="en")
        client.force_login(User.objects.get(pk=user.pk))

    return login


def chosen(**values) -> dict:
    return {
        "rhythm": "weekly",
        "interval": "1",
        "nth": "1",
        "weekday": "1",
        "month_day": "8",
        "month": "12",
        "ends_on": "",
        "holiday_region": "CN",
        "on_holiday": "next",
        **values,
    }


# --- beginning ----------------------------------------------------------------------------------------
def test_a_draft_is_made_a_series_on_its_page(client, english):
    meeting = draft(starts_at=TUESDAY, template=template("weekly-operations"))
    english(meeting.host)
    assert (
        reverse("meetings:repeat", args=[meeting.pk])
        in client.get(meeting.get_absolute_url()).content.decode()
    )

    page = client.get(reverse("meetings:repeat", args=[meeting.pk])).content.decode()
    assert "every Tuesday" in page
    assert "2027 are not known" in page

    response = client.post(reverse("meetings:repeat", args=[meeting.pk]), chosen(), follow=True)
    series = Series.objects.get()
    assert response.redirect_chain[-1][0] == series.get_absolute_url()
    assert series.rule == "FREQ=WEEKLY;BYDAY=TU"
    assert "one invitation for all dates" in response.content.decode()


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"interval": "2"}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ({"rhythm": "by_weekday", "nth": "2"}, "FREQ=MONTHLY;BYDAY=2TU"),
        ({"rhythm": "by_day"}, "FREQ=MONTHLY;BYMONTHDAY=8"),
        ({"rhythm": "yearly"}, "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8"),
    ],
)
def test_plain_choices_make_a_rule(client, english, values, rule):
    meeting = draft(starts_at=TUESDAY)
    english(meeting.host)
    client.post(reverse("meetings:repeat", args=[meeting.pk]), chosen(**values))
    assert Series.objects.get().rule == rule


def test_the_preview_stores_nothing_and_names_clashes(client, english):
    person = guest()
    busy = draft(starts_at=TUESDAY + timedelta(days=7), people=[person], title="Trade fair")
    Meeting.objects.filter(pk=busy.pk).update(status="scheduled")
    meeting = draft(starts_at=TUESDAY, people=[person])
    english(meeting.host)
    response = client.post(
        reverse("meetings:repeat", args=[meeting.pk]),
        chosen(do="preview"),
        headers={"HX-Request": "true"},
    )
    words = response.content.decode()
    assert "<html" not in words
    assert person.user.name in words
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rhythm": "yearly", "month": "2", "month_day": "31"}, "31 February never comes"),
        ({"ends_on": "2026-12-01"}, "before it begins"),
        ({"weekday": "3"}, "no date of this rhythm"),
        ({"ends_on": "someday"}, "year-month-day"),
        ({"rhythm": "sometimes"}, "sometimes"),
        ({"weekday": "9"}, "9"),
    ],
)
def test_a_rhythm_without_a_date_is_refused_and_what_was_chosen_is_kept(client, english, values, words):
    meeting = draft(starts_at=TUESDAY)
    english(meeting.host)
    response = client.post(reverse("meetings:repeat", args=[meeting.pk]), chosen(interval="3", **values))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert response.context["form"]["interval"].value() == "3"
    assert not Series.objects.exists()


def test_the_preview_costs_the_same_for_more_dates(client, english):
    meeting = draft(starts_at=TUESDAY, people=[guest()])
    english(meeting.host)
    url = reverse("meetings:repeat", args=[meeting.pk])
    client.get(url)
    counts = []
    for last in ("2026-12-14", "2027-03-01"):
        with CaptureQueriesContext(connection) as found:
            client.post(url, chosen(do="preview", ends_on=last), headers={"HX-Request": "true"})
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- looking ------------------------------------------------------------------------------------------
def test_the_page_of_a_series_and_the_way_from_its_meetings(client, english):
    series = weekly()
    english(series.host)
    second = series.meetings.order_by("starts_at")[1]
    services.cancel_one(meeting=second, reason="Trade fair", by=series.host, now=NOW)
    page = client.get(series.get_absolute_url()).content.decode()
    assert "every Tuesday" in page
    assert "cancelled" in page
    assert "made later" in page
    third = series.meetings.order_by("starts_at")[2]
    page = client.get(third.get_absolute_url()).content.decode()
    assert series.get_absolute_url() in page
    assert "previous one" in page
    assert "next one" in page


def test_pages_cost_the_same_for_more_series_and_meetings(client, english):
    series = weekly()
    english(series.host)
    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as listed:
            client.get(reverse("meetings:series_list"))
        with CaptureQueriesContext(connection) as shown:
            client.get(series.get_absolute_url())
        counts.append((len(listed), len(shown)))
        for day in (0, 1):
            weekly(
                host=series.host,
                starts_at=TUESDAY + timedelta(days=day),
                terms=terms(f"FREQ=WEEKLY;BYDAY={['TU', 'WE'][day]}"),
            )
        for meeting in series.meetings.filter(status="scheduled").order_by("starts_at")[:2]:
            hold(meeting)
            park(meeting, "A matter")
    assert counts[0] == counts[1]


def test_an_outsider_does_not_know_of_it(client):
    series = weekly()
    client.force_login(UserFactory())
    assert client.get(series.get_absolute_url()).status_code == 404
    assert series.title not in client.get(reverse("meetings:series_list")).content.decode()


# --- changing -----------------------------------------------------------------------------------------
def form_of(client, series) -> dict:
    form = client.get(reverse("meetings:change_series", args=[series.pk])).context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def test_the_whole_series_is_moved(client, english):
    series = weekly()
    english(series.host)
    data = form_of(client, series) | {"time": "15:30", "location": "Room 3", "do": "save"}
    response = client.post(reverse("meetings:change_series", args=[series.pk]), data)
    assert response.url == series.get_absolute_url()
    first = series.meetings.order_by("starts_at")[0]
    assert f"{first.starts_at.astimezone(first.zone):%H:%M}" == "15:30"
    assert first.location == "Room 3"


def test_a_preview_of_a_change_changes_nothing(client, english):
    series = weekly()
    english(series.host)
    data = form_of(client, series) | {"time": "15:30", "do": "preview"}
    response = client.post(
        reverse("meetings:change_series", args=[series.pk]), data, headers={"HX-Request": "true"}
    )
    assert "15:30" in response.content.decode()
    series.refresh_from_db()
    assert series.revision == 1


def test_from_a_later_meeting_on_a_new_series_begins(client, english):
    series = weekly()
    english(series.host)
    third = series.meetings.order_by("starts_at")[2]
    data = form_of(client, series) | {"time": "15:30", "first": third.pk, "do": "save"}
    response = client.post(reverse("meetings:change_series", args=[series.pk]), data, follow=True)
    assert "series of its own" in response.content.decode()
    assert Series.objects.count() == 2


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client, english):
    series = weekly()
    english(series.host)
    data = form_of(client, series) | {"location": "Room 5", "do": "save"}
    Series.objects.filter(pk=series.pk).update(revision=2)
    response = client.post(reverse("meetings:change_series", args=[series.pk]), data)
    assert response.status_code == 422
    assert "Somebody else has just changed this series" in response.content.decode()
    assert "Room 5" in response.content.decode()


def test_a_date_is_left_out_with_its_reason(client, english):
    series = weekly()
    english(series.host)
    far = TUESDAY + timedelta(days=70)
    url = reverse("meetings:skip_date", args=[series.pk])
    client.post(url, {"date": far.isoformat(), "reason": "Stocktaking"})
    assert series.exceptions.get().occurs_at == far
    for wrong in ("", "tomorrow", "2027-13-45T10:00:00+08:00", "2027-02-16T10:00:00"):
        page = client.post(url, {"date": wrong, "reason": "x"}, follow=True).content.decode()
        assert "no date of the series" in page
    assert series.exceptions.count() == 1


def test_the_series_is_ended_with_a_reason(client, english):
    series = weekly()
    english(series.host)
    url = reverse("meetings:end_series", args=[series.pk])
    data = {"revision": "1", "last_day": "2026-12-09", "reason": ""}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"last_day": "soon", "reason": "x"}).status_code == 422
    client.post(url, data | {"reason": "Project done"})
    assert series.meetings.filter(status=Meeting.Status.SCHEDULED).count() == 1


# --- open matters ---------------------------------------------------------------------------------------
def test_the_host_brings_over_drops_and_puts_off(client, english, time_machine):
    series = weekly()
    first, second, third = series.meetings.order_by("starts_at")[:3]
    hold(first)
    parked = park(first, "Rename the brand?")
    later = park(first, "Trade fair")
    time_machine.move_to(TUESDAY + timedelta(hours=3), tick=False)
    english(series.host)
    client.post(
        reverse("meetings:review_parked", args=[first.pk, later.pk]),
        {"review_on": third.starts_at.date().isoformat()},
    )
    client.post(reverse("meetings:carry", args=[second.pk]))
    page = client.get(second.get_absolute_url()).content.decode()
    assert "carried from" in page
    assert "parked last time" in page
    item = second.items.get(title_en="Rename the brand?")
    assert not second.items.filter(title_en="Trade fair").exists()
    client.post(reverse("meetings:drop_carried", args=[second.pk, item.pk]))
    parked.refresh_from_db()
    assert parked.taken_up_by is None
    later.refresh_from_db()
    assert later.review_on == third.starts_at.date()
    page = client.post(
        reverse("meetings:review_parked", args=[first.pk, later.pk]), {"review_on": "soon"}, follow=True
    )
    assert "year-month-day" in page.content.decode()


def test_the_marks_cost_the_same_for_more_items(client, english):
    series = weekly()
    first, second = series.meetings.order_by("starts_at")[:2]
    english(series.host)
    from_first = first.items.first()
    counts = []
    for number in (1, 3):
        for each in range(number):
            second.items.create(
                order=50 + 10 * number + each,
                title_en=f"Item {number}-{each}",
                carried_from=from_first,
                carried_because="not_discussed",
            )
        client.get(second.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            client.get(second.get_absolute_url())
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert timezone.now() == NOW
