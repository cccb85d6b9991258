"""What people outside the circle of a confidential item get to know of it."""

import pytest

from meetings.models import AgendaItem, ItemReader, PreReadText, RequiredDocument
from meetings.queries import confidential
from tests import factories
from tests.meetings import room_factories
from tests.meetings.room_factories import invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return room_factories.meeting(departments=("sales", "tech"))


@pytest.fixture
def secret(meeting):
    item = meeting.items.in_order().first()
    item.is_confidential = True
    item.title_en, item.title_zh = "Commission of Wang", "王的提成"
    item.metric_codes = ["net_sales"]
    item.save()
    RequiredDocument.objects.create(
        meeting=meeting, item=item, department=item.department, name_en="Pay slips", name_zh="工资单"
    )
    return item


def items(meeting):
    return meeting.items.select_related("department").prefetch_related("required_documents").in_order()


def test_outsiders_see_that_there_is_an_item_and_how_long_it_takes(meeting, secret, english):
    outsider = invite(meeting, factories.UserFactory())

    first, second, last = confidential.masked(items(meeting), outsider)

    assert (first.title, first.minutes, first.pk, first.is_masked) == (
        "Confidential item",
        60,
        secret.pk,
        True,
    )
    assert (first.questions, first.metric_codes, first.department, first.presenter_user) == (
        [],
        [],
        None,
        None,
    )
    assert list(first.required_documents.all()) == []
    assert first.title_zh == "保密议题"
    assert (second.is_masked, last.is_masked) == (False, False)
    assert AgendaItem.objects.get(pk=secret.pk).title_en == "Commission of Wang"


def test_the_item_that_was_masked_stays_as_it_was(meeting, secret):
    rows = list(items(meeting))
    confidential.masked(rows, invite(meeting, factories.UserFactory()))

    assert rows[0].title_en == "Commission of Wang"
    assert rows[0].department == secret.department
    assert len(rows[0].required_documents.all()) == 1


@pytest.mark.parametrize("role", ["executive", "deputy_host"])
def test_who_decides_in_the_meeting_belongs_to_the_circle(meeting, secret, role):
    person = invite(meeting, factories.UserFactory(), role)

    assert not confidential.masked(items(meeting), person)[0].is_masked
    assert confidential.hidden_ids(meeting=meeting.pk, user=person) == set()


def test_named_people_and_heads_belong_to_it_members_and_company_roles_do_not(meeting, secret):
    named = invite(meeting, factories.UserFactory())
    ItemReader.objects.create(item=secret, user=named)
    known = [meeting.host, named, factories.lead("sales")]
    others = [
        factories.member("sales"),
        factories.lead("tech"),
        factories.executive(),
        factories.data_owner(),
    ]

    def hidden(person):
        return confidential.masked(items(meeting), person)[0].is_masked

    assert [hidden(person) for person in known] == [False] * 3
    assert [hidden(person) for person in others] == [True] * 4
    assert [confidential.hidden_ids(meeting=meeting.pk, user=person) for person in others] == [
        {secret.pk}
    ] * 4


def test_for_everybody_each_confidential_item_is_masked(meeting, secret):
    assert [item.is_masked for item in confidential.masked_for_all(items(meeting))] == [True, False, False]
    assert confidential.hidden_ids(meeting=meeting.pk, user=None) == {secret.pk}


def test_an_agenda_without_secrets_costs_no_query(meeting, django_assert_num_queries):
    rows = list(items(meeting))
    with django_assert_num_queries(0):
        assert confidential.masked(rows, meeting.host) == rows


def test_a_text_says_which_item_it_prepares(secret):
    assert confidential.item_of(PreReadText(kind="question", key=f"{secret.pk}-2")) == secret.pk
    assert confidential.item_of(PreReadText(kind="free", key="free")) is None
    assert confidential.item_of(PreReadText(kind="section", key="risks", item=secret)) == secret.pk
