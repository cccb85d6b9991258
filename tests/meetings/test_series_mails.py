"""How many mails the people of a series get, and that their entries say where the meetings are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting, Series, SeriesException
from meetings.plan import PersonPlan
from meetings.recurrence import Rule
from meetings.services import invite, schedule
from meetings.services import series as services
from meetings.services.series import Change, Terms
from tests.meetings import factories
from tests.meetings.test_calendar_golden import instants
from tests.meetings.test_invitation_mails import anna, boss, change, draft, post, sent, start  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def terms(meeting, **values):
    day = DAYS[meeting.starts_at.astimezone(meeting.zone).weekday()]
    return Terms(
        rule=Rule.parse(f"FREQ=WEEKLY;BYDAY={day}"), **{"holiday_region": "", "on_holiday": "keep", **values}
    )


@pytest.fixture
def series(boss, anna, post):  # noqa: F811
    """A weekly meeting of the host and Anna; everybody has been told."""
    meeting = draft(boss, PersonPlan(user=anna), period=None)
    made = services.start(meeting=meeting, terms=terms(meeting), by=boss, now=timezone.now())
    assert post.a_minute_later() == [
        ("anna", "Invitation to a series: Review"),
        ("host", "Invitation to a series: Review"),
    ]
    return made


def changed(series, first=None, **values):
    series.refresh_from_db()
    names = ("title", "starts_at", "time_zone", "planned_minutes", "location", "online_url", "ends_on")
    names += ("holiday_region", "on_holiday")
    now = {name: getattr(series, name) for name in names} | {"rule": Rule.parse(series.rule)}
    return services.change_following(
        series=series,
        change=Change(**{**now, **values}),
        revision=series.revision,
        by=series.host,
        now=timezone.now(),
        first=first,
        reason=values.pop("reason", ""),
    )


def ahead(series):
    return list(series.meetings.filter(status=Meeting.Status.SCHEDULED).order_by("starts_at"))


def test_one_entry_has_all_the_meetings(series, post):  # noqa: F811
    text, calendar, message = post.to("anna")

    found = instants(calendar)

    assert found[: len(ahead(series))] == [one.starts_at for one in ahead(series)]
    assert "The next dates:" in text
    assert message["Reply-To"] == "host@example.com"


def test_a_new_place_for_all_is_one_mail_each(series, post):  # noqa: F811
    changed(series, location="Room 7")

    assert post.a_minute_later() == [("anna", "Series changed: Review"), ("host", "Series changed: Review")]
    _text, calendar, _message = post.to("anna")
    assert [one["LOCATION"] for one in calendar.walk("VEVENT")] == ["Room 7"], "no exceptions"


def test_a_change_of_the_series_that_is_taken_back_is_no_mail(series, post):  # noqa: F811
    changed(series, location="Room 7")
    changed(series, location="")

    assert post.a_minute_later() == []


def test_one_that_moves_is_one_mail_about_that_one(series, post):  # noqa: F811
    second = ahead(series)[1]

    change(second, starts_at=second.starts_at + timedelta(days=1))

    assert post.a_minute_later() == [("anna", "New time: Review"), ("host", "New time: Review")]
    (event,) = post.to("anna")[1].walk("VEVENT")
    assert event["RECURRENCE-ID"].dt == second.occurs_at
    invite.tell_series_changed(series=series, now=timezone.now())
    assert post.a_minute_later() == [], "the series has nothing to add to it"


def test_one_that_is_cancelled_is_one_mail_and_stays_left_out(series, post):  # noqa: F811
    second = ahead(series)[1]

    services.cancel_one(meeting=second, reason="Stock count", by=series.host, now=timezone.now())

    assert post.at_once() == [("anna", "Cancelled: Review"), ("host", "Cancelled: Review")]
    changed(series, location="Room 7")
    assert len(post.a_minute_later()) == 2
    assert second.occurs_at not in instants(post.to("anna")[1])


def test_a_date_left_out_ahead_of_time_is_one_mail(series, post):  # noqa: F811
    last = ahead(series)[-1]
    moment = last.occurs_at + timedelta(weeks=1)
    SeriesException.objects.create(series=series, occurs_at=moment, cause="holiday", reason="National Day")

    invite.tell_series_changed(series=series, now=timezone.now())

    assert len(post.a_minute_later()) == 2
    text, calendar, _message = post.to("anna")
    assert "National Day" in text
    assert moment not in instants(calendar)


def test_a_guest_of_one_meeting_is_invited_to_that_one_alone(series, post):  # noqa: F811
    guest = factories.guest(email="guest@example.com")
    second = ahead(series)[1]
    people = [PersonPlan(user=row.user, role=row.role) for row in second.participants.select_related("user")]

    change(second, people=[*people, guest])
    changed(series, location="Room 7")

    letters = post.a_minute_later()
    assert [name for name, _subject in letters] == ["anna", "guest", "host"]
    (event,) = post.to("guest")[1].walk("VEVENT")
    assert event["RECURRENCE-ID"].dt == second.occurs_at
    # The others' entry has that meeting as an exception, because other people are in it.
    assert [one["RECURRENCE-ID"].dt for one in post.to("anna")[1].walk("VEVENT")[1:]] == [second.occurs_at]


def test_from_a_later_date_on_the_old_entry_ends_and_a_new_one_begins(series, post):  # noqa: F811
    third = ahead(series)[2]
    later = changed(
        series,
        first=third,
        location="Room 7",
        planned_minutes=30,
        starts_at=series.starts_at.replace(minute=30),
    )

    letters = post.a_minute_later()

    assert later.pk != series.pk
    assert letters.count(("anna", "Series changed: Review")) == 1
    assert letters.count(("anna", "Invitation to a series: Review")) == 1
    assert len(letters) == 4
    by_uid = {}
    for letter in post.sink.letters[-4:]:
        if letter.recipients[0].startswith("anna"):
            part = next(one for one in letter.message.walk() if one.get_content_type() == "text/calendar")
            calendar = type(post.to("anna")[1]).from_ical(part.get_content())
            by_uid[str(calendar.walk("VEVENT")[0]["UID"])] = instants(calendar)
    old, new = Series.objects.get(pk=series.pk), Series.objects.get(pk=later.pk)
    assert by_uid[f"{old.uid}@fupan"] == [one.starts_at for one in ahead(old)]
    assert by_uid[f"{new.uid}@fupan"][: len(ahead(new))] == [one.starts_at for one in ahead(new)]


def test_ending_a_series_is_one_mail_with_the_reason(series, post):  # noqa: F811
    services.end(
        series=series,
        last_day=timezone.localdate(),
        reason="No more need",
        revision=series.revision,
        by=series.host,
        now=timezone.now(),
    )

    assert post.a_minute_later() == [("anna", "Series ended: Review"), ("host", "Series ended: Review")]
    text, calendar, _message = post.to("anna")
    assert "No more need" in text
    assert calendar["METHOD"] == "CANCEL"


def test_a_meeting_that_people_know_becomes_a_series_under_its_own_uid(boss, anna, post):  # noqa: F811
    meeting = sent(boss, PersonPlan(user=anna), period=None)
    post.a_minute_later()
    single = post.to("anna")[1].walk("VEVENT")[0]

    services.start(meeting=meeting, terms=terms(meeting), by=boss, now=timezone.now())

    assert len(post.a_minute_later()) == 2
    master = post.to("anna")[1].walk("VEVENT")[0]
    assert master["UID"] == single["UID"]
    assert master["SEQUENCE"] > single["SEQUENCE"]


def test_a_series_that_is_taken_back_within_the_minute_was_never_announced(boss, anna, post):  # noqa: F811
    meeting = draft(boss, PersonPlan(user=anna), period=None)
    made = services.start(meeting=meeting, terms=terms(meeting), by=boss, now=timezone.now())
    for one in ahead(made):
        schedule.cancel(meeting=one, reason="Mistake", by=boss, now=timezone.now())

    assert post.a_minute_later() == []
