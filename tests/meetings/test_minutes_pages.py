"""The pages of minutes: what each reader sees and may do, and that every step works as a plain form."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Minutes, MinutesText, Objection, Participant, Rating
from meetings.services import minutes as services
from tests import factories
from tests.meetings import minutes_factories as make

pytestmark = pytest.mark.django_db
NOW, AFTER = make.NOW, make.AFTER


@pytest.fixture(autouse=True)
def _an_hour_after_the_meeting():
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        yield


def page(client, meeting, user):
    client.force_login(user)
    return client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()


def post(client, user, name, meeting, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"meetings:{name}", args=[meeting.pk, *args]), data)


def save(client, user, meeting, **data):
    client.force_login(user)
    return client.post(
        reverse("meetings:minutes_text", args=[meeting.pk]), data, headers={"Accept": "application/json"}
    )


# --- writing ------------------------------------------------------------------------------------------------
def test_autosave_answers_with_the_version_and_shows_both_texts_to_the_slower(client):
    meeting = make.ended()
    assert save(client, meeting.host, meeting, text="First", version=0).json() == {"version": 1}

    slow = save(client, meeting.host, meeting, text="<b>Second</b>", version=0)

    assert slow.status_code == 409
    assert slow.json()["theirs"] == "First"
    assert slow.json()["by"] == meeting.host.name
    by_form = post(client, meeting.host, "minutes_text", meeting, text="<b>Second</b>", version=0)
    assert by_form.status_code == 409
    html = by_form.content.decode()
    assert "First" in html
    assert "&lt;b&gt;Second&lt;/b&gt;" in html


def test_a_passage_stands_for_the_notes_of_its_item(client):
    meeting = make.ended()
    item = meeting.items.order_by("order").first()
    save(client, meeting.host, meeting, text="Canada grows.", version=0, item=item.pk)
    reader = make.outsider(meeting)

    html = page(client, meeting, reader)

    assert "Canada grows." in html
    assert "1 note, not in the minutes" in html
    assert "data-block-url" not in html


def test_readers_do_not_write(client):
    meeting = make.ended()
    assert save(client, make.outsider(meeting), meeting, text="Mine", version=0).status_code == 403
    assert save(client, factories.UserFactory(), meeting, text="Mine", version=0).status_code == 404
    assert not MinutesText.objects.exists()


def test_nobody_outside_the_circle_writes_or_reads_a_confidential_passage(client):
    meeting = make.ended()
    item = make.secret(meeting)
    recorder = factories.UserFactory()
    Participant.objects.create(meeting=meeting, user=recorder, role=Participant.Role.RECORDER)
    services.write(meeting=meeting, item=item, text="Twelve people go.", version=0, by=meeting.host, now=NOW)

    assert save(client, recorder, meeting, text="Mine", version=1, item=item.pk).status_code == 404

    assert "Twelve people go." not in page(client, meeting, recorder)
    assert "Twelve people go." in page(client, meeting, meeting.host)


# --- the life by forms --------------------------------------------------------------------------------------
def test_the_whole_life_by_plain_forms(client):
    meeting = make.ended()
    host, critic = meeting.host, make.outsider(meeting)
    form = client.get  # the form is read first, as a person does
    client.force_login(host)
    html = form(reverse("meetings:minutes_circulate", args=[meeting.pk])).content.decode()
    assert "people</b> get one mail each" in html
    until = "2026-11-27T16:00"
    version = services.begin(meeting).version

    sent = post(client, host, "minutes_circulate", meeting, approvers=[host.pk], until=until, version=version)
    assert sent.status_code == 302
    assert post(client, critic, "minutes_object", meeting, text="It was Mexico.").status_code == 302
    objection = Objection.objects.get()
    assert "It was Mexico." in page(client, meeting, host)

    refused = post(client, host, "minutes_answer", meeting, objection.pk, answer="noted", words=" ")
    assert refused.status_code == 422
    assert "Say why the text stays as it is." in refused.content.decode()
    words = "The recording says Canada."
    post(client, host, "minutes_answer", meeting, objection.pk, answer="noted", words=words)
    assert words in page(client, meeting, critic)
    post(client, host, "minutes_approve", meeting, edition=1)
    assert Minutes.objects.get().state == "circulated"
    with time_machine.travel(AFTER, tick=False):
        post(client, host, "minutes_lock", meeting)
        assert Minutes.objects.get().state == "locked"
        assert "Nobody can change it any more" in page(client, meeting, critic)
        assert Minutes.objects.get().editions.latest("number").digest in page(client, meeting, critic)
        post(client, host, "minutes_correct", meeting, text="Mexico, not Canada.")
        html = page(client, meeting, critic)
    assert "Mexico, not Canada." in html
    assert '<li value="1">' in html


def test_taking_back_asks_for_the_reason_and_opens_the_record(client):
    meeting = make.ended()
    make.circulate(meeting)
    version = Minutes.objects.get().version
    assert "Complete the record" not in page(client, meeting, meeting.host)

    assert (
        post(client, meeting.host, "minutes_take_back", meeting, version=version, reason="").status_code
        == 422
    )
    post(client, meeting.host, "minutes_take_back", meeting, version=version, reason="A name is wrong.")

    html = page(client, meeting, meeting.host)
    assert "Edition 1 was taken back" in html
    assert "Complete the record" in html


def test_a_form_that_cannot_be_keeps_what_was_typed(client):
    meeting = make.ended()
    stranger = factories.UserFactory(name="Nobody Invited")
    answer = post(
        client,
        meeting.host,
        "minutes_circulate",
        meeting,
        approvers=[stranger.pk],
        until="2026-11-27T18:00",
        version=1,
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Nobody Invited may not read this meeting." in html
    assert 'value="2026-11-27T18:00"' in html


def test_each_step_is_for_those_who_may(client):
    meeting = make.ended()
    make.circulate(meeting)
    reader, stranger = make.outsider(meeting), factories.UserFactory()
    objection = services.object_to(
        minutes=Minutes.objects.get(), item=None, text="No", by=meeting.host, now=NOW
    )
    steps = [
        ("minutes_text", []),
        ("minutes_circulate", []),
        ("minutes_take_back", []),
        ("minutes_answer", [objection.pk]),
        ("minutes_approve", []),
        ("minutes_lock", []),
        ("minutes_correct", []),
    ]
    for name, args in steps:
        assert post(client, reader, name, meeting, *args, answer="withdrawn").status_code == 403, name
        assert post(client, stranger, name, meeting, *args).status_code == 404, name


# --- confidential -------------------------------------------------------------------------------------------
def test_objections_and_corrections_of_a_confidential_item_are_for_its_circle(client):
    meeting = make.ended()
    item = make.secret(meeting)
    make.circulate(meeting)
    minutes = Minutes.objects.get()
    services.object_to(minutes=minutes, item=item, text="Thirteen, not twelve.", by=meeting.host, now=NOW)
    reader = make.outsider(meeting)

    assert "Thirteen" not in page(client, meeting, reader)
    assert "Thirteen" in page(client, meeting, meeting.host)
    assert post(client, reader, "minutes_object", meeting, item=item.pk, text="What?").status_code == 404
    assert post(client, reader, "minutes_answer", meeting, Objection.objects.get().pk).status_code == 404


# --- rating -------------------------------------------------------------------------------------------------
def test_ratings_are_shown_from_three_on_and_never_with_names(client):
    meeting = make.ended()
    raters = [make.outsider(meeting) for _n in range(3)]
    for number, rater in enumerate(raters[:2]):
        post(client, rater, "rate", meeting, score=number + 6, reason=f"Because {number}")
    assert "Because 1" not in page(client, meeting, meeting.host)

    post(client, raters[2], "rate", meeting, score=10, reason="Because <b>2</b>")
    post(client, raters[2], "rate", meeting, score=9, reason="Because <b>2</b>")

    html = page(client, meeting, meeting.host)
    rating = html[html.index('id="rating"') :]
    assert ">7.3<" in rating
    assert "Because &lt;b&gt;2&lt;/b&gt;" in rating
    assert raters[0].name not in rating
    assert Rating.objects.count() == 3


def test_rating_is_for_those_who_took_part(client):
    meeting = make.ended()
    executive = factories.executive()
    assert post(client, executive, "rate", meeting, score=5).status_code == 403
    rater = make.outsider(meeting)
    assert post(client, rater, "rate", meeting, score=11, reason="Loved it").status_code == 422
    make.locked(meeting)
    assert post(client, rater, "rate", meeting, score=5).status_code == 403


# --- size ---------------------------------------------------------------------------------------------------
def test_the_page_asks_no_more_for_three_of_everything_than_for_one(client):
    counts = []
    for number in (1, 3):
        meeting = make.ended(title=f"Meeting {number}", host=factories.host())
        make.circulate(meeting)
        minutes = Minutes.objects.get(meeting=meeting)
        for _n in range(number):
            services.object_to(minutes=minutes, item=None, text="No", by=make.outsider(meeting), now=NOW)
        page(client, meeting, meeting.host)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, meeting, meeting.host)
        counts.append(len(queries))
    assert counts[0] == counts[1]
