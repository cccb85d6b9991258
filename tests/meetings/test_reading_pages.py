import datetime as dt

import pytest
from django.urls import reverse

from meetings.models import Meeting, PreReadComment, ReadReceipt
from meetings.services import comments, prereads, review, snapshot
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MARKUP = "<script>alert('x')</script>"


@pytest.fixture
def preread():
    found = prereads.open_for(meeting=make.meeting(host=factories.host(name="Ann")), now=NOW)[0]
    factories.lead("sales", name="Wang")
    make.invite(found.meeting, factories.UserFactory(name="Li"))
    hand_in(found, "We sold a lot.")
    return found


def hand_in(preread, text, now=NOW):
    by = factories.member("sales", name="Writer")
    if preread.submitted_at:
        prereads.reopen(preread=preread, by=by, now=now)
    row = preread.texts.get(kind="free")
    prereads.save_text(preread=preread, sent=Sent("free", "free", text, row.version), by=by, now=now)
    return prereads.submit(preread=preread, by=by, now=now)


def person(preread, name):
    return preread.meeting.participants.get(user__name=name).user


def address(name, preread, *more):
    return reverse(f"meetings:{name}", args=[preread.meeting_id, preread.department.code, *more])


@pytest.fixture
def li(preread, client):
    client.force_login(person(preread, "Li"))
    return client


def test_a_revision_has_an_address_that_stays(preread, li):
    hand_in(preread, "We sold even more.", NOW + dt.timedelta(hours=1))

    old = li.get(address("preread_revision", preread, 1)).content.decode()
    asked = li.get(preread.get_absolute_url() + "?revision=1").content.decode()
    newest = li.get(preread.get_absolute_url()).content.decode()

    assert "We sold a lot." in old
    assert "We sold a lot." in asked
    assert "an earlier one" in old
    assert "We sold even more." in newest
    assert li.get(address("preread_revision", preread, 3)).status_code == 404


def test_after_the_freeze_pages_name_the_revision_the_meeting_works_with(preread, li, client):
    assert "data-pinned" not in li.get(address("preread_revision", preread, 1)).text
    snapshot.freeze(meeting=preread.meeting, cause="start", by=None, now=NOW)
    hand_in(preread, "We sold even more.", NOW + dt.timedelta(hours=1))

    newest = li.get(address("preread_revision", preread, 2)).text
    pinned = li.get(address("preread_revision", preread, 1)).text

    assert 'data-pinned="1"' in newest
    assert "The meeting works with revision 1" in newest
    assert "shown in the meeting" in newest
    assert "data-pinned" not in pinned
    assert "shown in the meeting" in pinned


def test_a_returned_one_is_shown_to_its_writers_with_what_has_to_be_mended(preread, client):
    revision = preread.revisions.get()
    review.return_(revision=revision, comment="Explain the <fall>.", by=factories.data_owner(), now=NOW)
    client.force_login(factories.lead("sales"))

    page = client.get(preread.get_absolute_url()).text

    assert "Revision 1 was returned" in page
    assert "Explain the &lt;fall&gt;." in page


def test_what_changed_is_marked_word_by_word_and_in_words(preread, li):
    hand_in(preread, f"We sold {MARKUP} much.", NOW + dt.timedelta(hours=1))

    page = li.get(address("preread_changes", preread, 2)).content.decode()

    assert '<ins><span class="visually-hidden">added: </span>' in page
    assert '<del><span class="visually-hidden">removed: </span>' in page
    assert MARKUP not in page
    assert "&lt;script&gt;" in page
    assert li.get(address("preread_changes", preread, 1)).status_code == 404


def test_whoever_read_an_earlier_revision_is_led_to_what_changed(preread, li):
    li.post(address("preread_mark_read", preread, 1))
    hand_in(preread, "We sold even more.", NOW + dt.timedelta(hours=1))

    page = li.get(preread.get_absolute_url()).content.decode()

    assert "Changed since you read revision 1." in page
    assert address("preread_changes", preread, 2) + "?since=1" in page


def test_the_button_and_the_script_leave_one_receipt(preread, li):
    url = address("preread_mark_read", preread, 1)

    assert li.post(url).status_code == 302
    assert li.post(url, headers={"X-Requested-With": "fetch"}).status_code == 204

    assert ReadReceipt.objects.count() == 1
    page = li.get(preread.get_absolute_url()).content.decode()
    assert "You have read it" in page
    assert "data-reading-end" not in page


def test_who_has_read_it_is_for_the_department_and_the_host(preread, client):
    shown = {}
    for name in ("Ann", "Li"):
        client.force_login(person(preread, name))
        shown[name] = "have read revision 1" in client.get(preread.get_absolute_url()).content.decode()

    assert shown == {"Ann": True, "Li": False}
    assert client.post(address("preread_remind_readers", preread)).status_code == 403


def test_the_host_asks_those_who_have_not_read_it(preread, client):
    client.force_login(person(preread, "Ann"))

    page = client.post(address("preread_remind_readers", preread), follow=True).content.decode()

    assert "Asked to read it: Ann, Li." in page


def test_a_comment_is_shown_as_text_and_leads_back_to_its_place(preread, li):
    back = preread.get_absolute_url()
    data = {"section": "free:free", "text": MARKUP, "is_question": "1", "back": back}

    response = li.post(address("preread_comments", preread), data)

    comment = PreReadComment.objects.get()
    assert response.url == f"{back}#comment-{comment.pk}"
    page = li.get(back).content.decode()
    assert MARKUP not in page
    assert "1 open question" in page


def test_a_refused_comment_keeps_what_was_typed_and_does_not_leave_the_site(preread, li):
    data = {"section": "question:9-9", "text": "My words", "back": "https://elsewhere.example/"}

    refused = li.post(address("preread_comments", preread), data)

    assert refused.status_code == 422
    assert "My words" in refused.content.decode()
    kept = li.post(address("preread_comments", preread), data | {"section": ""})
    assert kept.url.startswith("/")


def test_only_who_may_settles_and_takes_away(preread, li, client):
    question = comments.add(
        preread=preread, section="", text="Why?", by=person(preread, "Ann"), now=NOW, is_question=True
    )
    url = address("preread_comment", preread, question.pk)

    assert [li.post(url, {"do": do}).status_code for do in ("settle", "remove", "nonsense")] == [
        403,
        403,
        404,
    ]
    assert li.post(url, {"do": "answer", "text": "I know."}).status_code == 302
    assert li.post(url, {"do": "answer", "text": " "}).status_code == 422

    client.force_login(person(preread, "Ann"))
    assert client.post(url, {"do": "settle"}).status_code == 302
    question.refresh_from_db()
    assert question.settled_at


def test_after_the_meeting_there_are_no_forms(preread, li):
    comments.add(preread=preread, section="", text="Why?", by=person(preread, "Ann"), now=NOW)
    Meeting.objects.update(status="ended", started_at=make.START, ended_at=make.at(60))

    for url in (preread.get_absolute_url(), address("preread_comments", preread)):
        page = li.get(url).content.decode()
        assert "Why?" in page
        assert "<textarea" not in page


def test_more_time_is_given_on_the_meetings_clock(preread, client):
    client.force_login(person(preread, "Ann"))
    preread.meeting.__class__.objects.update(starts_at=dt.datetime(2099, 1, 2, tzinfo=dt.UTC))
    page = client.post(address("preread_extend", preread), {"until": "2099-01-01T18:00", "reason": "Audit"})

    preread.refresh_from_db()
    assert page.status_code == 302
    assert preread.corrections_until == dt.datetime(2099, 1, 1, 10, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("until", "reason"),
    [("", "Audit"), ("tomorrow", "Audit"), ("2026-99-99T10:00", "Audit"), ("2099-01-01T18:00", "")],
)
def test_a_wrong_extension_is_said_and_what_was_typed_stays(preread, client, until, reason):
    client.force_login(person(preread, "Ann"))
    preread.meeting.__class__.objects.update(starts_at=dt.datetime(2099, 1, 2, tzinfo=dt.UTC))

    response = client.post(address("preread_extend", preread), {"until": until, "reason": reason})

    assert response.status_code == 422
    assert "refused" in response.content.decode()
    preread.refresh_from_db()
    assert not preread.is_extended


def test_only_host_and_data_owner_give_more_time(preread, li, client):
    assert li.get(address("preread_extend", preread)).status_code == 403
    client.force_login(factories.data_owner())
    assert client.get(address("preread_extend", preread)).status_code == 200


def test_the_page_of_a_long_talk_takes_as_many_queries_as_a_short_one(
    preread, li, django_assert_max_num_queries
):
    ann = person(preread, "Ann")
    comments.add(preread=preread, section="", text="One", by=ann, now=NOW)
    li.get(preread.get_absolute_url())
    with django_assert_max_num_queries(40) as one:
        li.get(preread.get_absolute_url())
    for number in range(30):
        comments.add(preread=preread, section="", text=f"{number}", by=ann, now=NOW)
        reader = make.invite(preread.meeting, factories.UserFactory())
        ReadReceipt.objects.create(revision=preread.revisions.get(), reader=reader, read_at=NOW)

    with django_assert_max_num_queries(len(one)):
        page = li.get(preread.get_absolute_url()).content.decode()
    assert "Show 26 more threads" in page
    listed = li.get(address("preread_comments", preread)).content.decode()
    assert "Page 1 of 2" in listed
