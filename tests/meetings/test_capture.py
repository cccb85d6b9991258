"""The recorder's line over HTTP: what is kept, what is refused, and that nothing is kept twice."""

from uuid import uuid4

import pytest
from django.urls import reverse

from actions.models import Action
from meetings.models import Decision, Issue, LiveEvent, Note, ParkedItem
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
JSON = {"Accept": "application/json"}


@pytest.fixture
def meeting():
    made = make.meeting()
    make.invite(made, factories.executive(name="王总"), "executive")
    rooms.start(meeting=made, by=made.host, now=START, reason="Without the pre-reads")
    made.refresh_from_db()
    return made


@pytest.fixture
def recorder(meeting, client):
    client.force_login(make.invite(meeting, factories.UserFactory(name="Rita"), "recorder"))
    return client


def keep(client, meeting, line, name="meetings:capture", **data):
    item = meeting.items.order_by("order").first()
    data = {"line": line, "item": item.pk, **data}
    return client.post(reverse(name, args=[meeting.pk]), data, headers=JSON)


def test_each_letter_keeps_its_kind_at_the_item_that_is_shown(recorder, meeting):
    answers = [
        keep(recorder, meeting, line).json()["words"]
        for line in (
            "Germany was out of stock",
            "d Stop A12",
            "p Logistics partner 12-05",
            "i Returns at 8 %",
        )
    ]

    item = meeting.items.order_by("order").first()
    assert answers[0] == "Noted"
    assert answers[1].startswith("Decision ")
    assert (Note.objects.get().text, Note.objects.get().item) == ("Germany was out of stock", item)
    decision = Decision.objects.get()
    assert (decision.text, decision.decided_by.name, decision.agenda_item) == ("Stop A12", "王总", item)
    parked = ParkedItem.objects.get()
    assert (parked.text, parked.review_on.month, parked.review_on.day) == ("Logistics partner", 12, 5)
    assert (Issue.objects.get().text, Issue.objects.get().item) == ("Returns at 8 %", item)


def test_a_decision_says_its_type_and_until_when_it_is_put_off(recorder, meeting):
    keep(recorder, meeting, "预算：旺季备货 50 万 @王总", kind="d")
    keep(recorder, meeting, "日本站开站 推迟到 12-05", kind="d")
    keep(recorder, meeting, "FYI: the fair is in May", kind="d")

    kinds = list(Decision.objects.in_order().values_list("kind", "outcome"))
    assert kinds == [("budget", "decided"), ("decision", "deferred"), ("information", "decided")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("d", "Write what was decided."),
        ("d Stop A12 @Nobody", "Nobody is called “Nobody”"),
        ("d Stop A12 @Outsider", "does not take part"),
        ("n", "Write something first"),
        ("i", "Say what the issue is"),
    ],
)
def test_a_line_that_cannot_be_kept_says_why_and_nothing_is_written(recorder, meeting, line, words):
    factories.UserFactory(name="Outsider")

    answer = keep(recorder, meeting, line)

    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert not Decision.objects.exists()
    assert not Note.objects.exists()


def test_without_an_executive_a_decision_asks_who_took_it(recorder, meeting):
    meeting.participants.filter(role="executive").delete()

    assert "Say who decided it" in keep(recorder, meeting, "d Stop A12").json()["message"]


@pytest.mark.parametrize("line", ["n once", "d once", "p once", "i once"])
def test_a_line_that_is_sent_twice_is_kept_once(recorder, meeting, line):
    key = str(uuid4())

    first, second = (keep(recorder, meeting, line, key=key) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert LiveEvent.objects.filter(key=key).count() == 1


def test_an_action_is_kept_whatever_it_lacks_and_the_answer_says_what(recorder, meeting):
    owner = factories.member("sales", name="李明")
    key = str(uuid4())
    good = (
        "Raise the price of A12 in Germany to 29.90 @liming next Tuesday 18:00 done: price live in all shops"
    )

    kept = keep(recorder, meeting, good, "actions:capture_line", key=key).json()
    again = keep(recorder, meeting, good, "actions:capture_line", key=key).json()
    vague = keep(recorder, meeting, "优化广告", "actions:capture_line").json()

    action = Action.objects.order_by("pk").first()
    assert (Action.objects.count(), again["url"]) == (2, kept["url"])
    assert kept["lacks"] == []
    assert (action.owner, action.is_all_day, action.agenda_item) == (
        owner,
        False,
        meeting.items.order_by("order").first(),
    )
    assert (action.title, [one.text for one in action.criteria.all()]) == (
        "Raise the price of A12 in Germany to 29.90",
        ["price live in all shops"],
    )
    assert len(vague["lacks"]) >= 3


def test_the_preview_shows_what_was_understood_and_what_is_missing(recorder, meeting):
    factories.member("sales", name="李明")

    decided = keep(recorder, meeting, "d Stop <b>A12</b>", "meetings:capture_preview").content.decode()
    action = keep(recorder, meeting, "换图 @lm +24h", "actions:capture_preview").content.decode()

    assert "decided by 王总" in decided
    assert "Stop &lt;b&gt;A12&lt;/b&gt;" in decided
    assert "李明" in action
    assert "Still missing" in action
    assert Decision.objects.count() == 0


def test_people_of_the_meeting_come_first_and_namesakes_outside_do_not_count(recorder, meeting):
    factories.UserFactory(name="王总")
    factories.UserFactory(name="Aaron")

    people = recorder.get(reverse("meetings:capture_people", args=[meeting.pk])).json()["people"]

    names = [one["name"] for one in people]
    assert names.count("王总") == 1
    assert names.index("王总") < names.index("Aaron")
    assert {"wangzong", "wz"} <= set(next(one["keys"] for one in people if one["name"] == "王总"))


def test_the_line_works_as_a_plain_form_and_keeps_what_was_typed(recorder, meeting):
    url = reverse("meetings:capture", args=[meeting.pk])

    kept = recorder.post(url, {"line": "Stop A12", "kind": "d"})
    refused = recorder.post(url, {"line": "d Stop A12 @Nobody"})

    assert kept.url.endswith(f"/meetings/{meeting.pk}/live/#capture")
    assert (refused.status_code, 'value="d Stop A12 @Nobody"' in refused.content.decode()) == (422, True)


def test_only_the_record_keepers_may_write(client, meeting):
    client.force_login(make.invite(meeting, factories.UserFactory()))

    assert keep(client, meeting, "n mine").status_code == 403
    assert keep(client, meeting, "mine", "actions:capture_line").status_code == 403
    page = client.get(reverse("meetings:live", args=[meeting.pk])).content.decode()
    assert "data-capture-form" not in page
