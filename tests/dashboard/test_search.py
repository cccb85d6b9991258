"""Search: what stands anywhere is found by whoever may read it, and by nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboard import search
from dashboard.snippets import snippet
from meetings.models import Decision, Issue, Minutes, MinutesText, ParkedItem, PreRead
from meetings.services import notes
from people.models import User
from tests.access.test_confidential import MARK, Planted
from tests.actions.factories import ActionFactory
from tests.factories import UserFactory
from tests.factories import host as host_factory
from tests.meetings import room_factories

pytestmark = pytest.mark.django_db
URL = "/search/"


@pytest.fixture
def host() -> User:
    return host_factory(language="en")


@pytest.fixture
def held(host):
    """A meeting in which the European tariffs came up everywhere."""
    return said_in(host, "欧洲关税上调 12 %")


def said_in(host: User, words: str, number: int = 1):
    now = timezone.now()
    meeting = room_factories.meeting(status="in_progress", host=host, title=f"Review {number}", note=words)
    item = meeting.items.order_by("order").first()
    notes.add(meeting=meeting, item=item, text=f"Note: {words}", by=host, now=now)
    Decision.objects.create(
        meeting=meeting,
        agenda_item=item,
        year=2026,
        number=number,
        text="Move the stock",
        options=words,
        decided_by=host,
        recorded_by=host,
        recorded_at=now,
    )
    ParkedItem.objects.create(meeting=meeting, item=item, text=words, parked_by=host, parked_at=now)
    Issue.objects.create(
        meeting=meeting, item=item, text="Costs", root_cause=words, raised_by=host, raised_at=now
    )
    minutes, _created = Minutes.objects.get_or_create(meeting=meeting)
    MinutesText.objects.create(minutes=minutes, item=item, text=words, edited_by=host, edited_at=now)
    ActionFactory(meeting=meeting, title="Ask for prices", description=words, created_by=host)
    preread = PreRead.objects.create(
        meeting=meeting, department=item.department, due_at=now + timedelta(days=1)
    )
    writer = UserFactory()
    preread.revisions.create(
        number=1,
        is_late=False,
        submitted_by=writer,
        submitted_at=now,
        content={
            "texts": [{"kind": "section", "key": "risks", "text": words, "item": None}],
            "figures": [],
            "attachments": [],
        },
    )
    PreRead.objects.filter(pk=preread.pk).update(submitted_at=now)
    return meeting


def found(user: User, query: str, kind: str = "") -> dict[str, int]:
    groups = search.search(query=query, user=user, kind=kind)
    return {group.code: len(group.hits) for group in groups if group.hits}


EVERYWHERE = dict.fromkeys(search.SOURCES, 1)


@pytest.mark.parametrize("query", ["关税", "洲关税上", "欧洲 12", "税"])
def test_two_characters_find_it_in_every_kind_of_record(held, host, query):
    assert found(host, query) == EVERYWHERE


@pytest.mark.parametrize("query", ["关欧", "空运", "欧洲 空运", "…", "", "' | 'zz"])
def test_what_was_not_said_is_not_found(held, host, query):
    assert found(host, query) == {}


def test_pairs_of_characters_alone_are_no_word(host):
    said_in(host, "关税，税率")
    assert found(host, "税率") == EVERYWHERE
    assert found(host, "关税率") == {}


def test_english_is_found_by_the_beginning_of_a_word(host):
    said_in(host, "Tariffs on B07XJ8C8F5 rise")
    assert found(host, "tariff b07xj") == EVERYWHERE
    assert found(host, "ariffs") == {}


def test_somebody_who_was_not_invited_finds_nothing(held):
    assert found(UserFactory(), "关税") == {}


def test_words_of_a_confidential_item_are_found_by_its_circle_only():
    planted = Planted()
    word = MARK.split()[0]
    assert found(planted.circle, word)["notes"]
    for name in planted.outsiders():
        assert found(planted.people[name], word) == {}, name


def test_a_passage_for_a_confidential_item_is_kept_from_others(held, host):
    item = held.items.order_by("order").first()
    preread = held.prereads.get()
    held.items.filter(pk=item.pk).update(is_confidential=True, department=None)
    content = {
        "texts": [{"kind": "question", "key": f"{item.pk}-0", "text": "提成方案", "item": item.pk}],
        "figures": [],
        "attachments": [],
    }
    preread.revisions.create(
        number=2, is_late=False, submitted_by=host, submitted_at=timezone.now(), content=content
    )
    other = room_factories.invite(held, UserFactory())

    assert found(host, "提成", "prereads") == {"prereads": 1}
    assert found(other, "提成") == {}
    # Of a pre-read only what was handed in last counts.
    assert found(host, "关税", "prereads") == {}


def test_as_many_statements_for_three_meetings_as_for_one(host, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL, {"q": "关税"}).status_code == 200
        return len(queries)

    client.force_login(host)
    said_in(host, "关税一", 1)
    client.get(URL, {"q": "关税"})
    one = count()
    said_in(host, "关税二", 2)
    said_in(host, "关税三", 3)
    assert count() == one


def test_page_marks_the_words_and_shows_scripts_as_text(host, client):
    said_in(host, "<script>alert(1)</script> 关税")
    client.force_login(host)
    page = client.get(URL, {"q": "关税"}).content.decode()
    assert "<mark>关税</mark>" in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_replaced_decision_says_so(held, host, client):
    old = held.decisions.get()
    Decision.objects.create(
        meeting=held,
        year=2026,
        number=99,
        text="Something else",
        supersedes=old,
        decided_by=host,
        recorded_by=host,
        recorded_at=timezone.now(),
    )
    client.force_login(host)
    page = client.get(URL, {"q": "关税", "kind": "decisions"})
    assert "replaced" in page.content.decode()


def test_more_than_a_few_are_shown_when_asked_for(held, host, client):
    item = held.items.first()
    for number in range(search.FEW + 1):
        notes.add(meeting=held, item=item, text=f"关税 {number}", by=host, now=timezone.now())
    client.force_login(host)
    page = client.get(URL, {"q": "关税"}).content.decode()
    assert "kind=notes" in page
    assert found(host, "关税")["notes"] == search.FEW
    assert found(host, "关税", "notes") == {"notes": search.FEW + 2}


def test_snippets_show_the_original_letters():
    pieces = snippet("x" * 100 + " ＡＣＯＳ 25 %", ["acos"])
    assert [piece.text for piece in pieces if piece.is_match] == ["ＡＣＯＳ"]
    assert pieces[0].text == "…"


def test_strangers_log_in_first_and_nothing_is_posted(client, host):
    assert client.get(URL).url.startswith(reverse("account_login"))
    client.force_login(host)
    assert client.post(URL).status_code == 405
