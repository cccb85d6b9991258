"""A root cause names a process, not a person."""

import pytest

from meetings import blame
from meetings.services import issues as services
from meetings.services.issues import Unfair, Work
from tests import factories
from tests.meetings import issue_factories as made
from tests.meetings.issue_factories import NOW

pytestmark = pytest.mark.usefixtures("english")
NAMES = ["王晓明", "高峰", "Anna Schmidt", "May Li"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("王晓明没有补货", "王晓明"),
        ("是王总决定的", "王总"),
        ("Anna Schmidt ordered late", "Anna Schmidt"),
        ("anna schmidt ordered late", "Anna Schmidt"),
        ("Because Anna ordered late", "Anna"),
        ("Schmidt’s sheet", "Schmidt"),
    ],
)
def test_a_colleague_is_found_however_they_are_called(text, named):
    assert [sentence for sentence in blame.find(text, NAMES) if f"“{named}”" in sentence]


@pytest.mark.parametrize(
    "text",
    [
        "都是采购部的错",
        "客服没责任心",
        "人为失误",
        "员工忘记更新库存",
        "两个部门互相推诿",
        "运营能力不足",
        "It is the warehouse's fault",
        "It is the warehouse’s own fault",
        "human error",
        "Somebody forgot the form",
        "Marketing is to blame",
        "A careless colleague",
        "their negligence",
        "faults of the supplier",
    ],
)
def test_words_that_ask_who_failed_are_found(text):
    assert blame.find(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "补货流程没有安全库存",
        "需求预测不含促销",
        "责任分工没有写进流程",
        "The forecast leaves out promotions",
        "Orders in may are not in the plan",
        "No rule says who approves a price below cost",
        "The default setting of the tool",
        "Annapolis warehouse has no scanner",
    ],
)
def test_processes_are_let_through(text):
    assert blame.find(text, NAMES) == []


def test_each_finding_is_named_once():
    found = blame.find("王晓明的错，都是王晓明的错", NAMES)

    assert len(found) == 2


# --- in the pool --------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("field", ["root_cause", "process"])
def test_a_cause_that_names_a_colleague_is_refused_and_nothing_is_stored(field):
    meeting = made.running()
    factories.UserFactory(name="Anna Schmidt")
    issue = made.issue(meeting, state="working")
    work = Work(text=issue.text, whys=["Boxes break"], **{field: "Anna ordered late"})

    with pytest.raises(Unfair) as caught:
        services.save(issue=issue, work=work, version=1, by=meeting.host, now=NOW)

    issue.refresh_from_db()
    assert list(caught.value.found) == [field]
    assert "“Anna” is a person" in str(caught.value)
    assert (issue.version, issue.whys) == (1, [])


@pytest.mark.django_db
def test_the_wording_stands_with_a_reason_that_is_kept():
    meeting = made.running()
    factories.UserFactory(name="高峰")
    issue = made.issue(meeting, state="working")
    work = Work(text=issue.text, root_cause="旺季高峰的预测口径不对", wording_reason="指旺季，不是人名")

    stored = services.save(issue=issue, work=work, version=1, by=meeting.host, now=NOW)

    assert stored.root_cause == "旺季高峰的预测口径不对"
    assert stored.wording_reason == "指旺季，不是人名"


@pytest.mark.django_db
def test_a_why_may_say_who_did_what_and_who_left_is_no_colleague():
    meeting = made.running()
    factories.UserFactory(name="Anna Schmidt")
    factories.UserFactory(name="Gone Girl", is_active=False)
    issue = made.issue(meeting, state="working")
    work = Work(text=issue.text, whys=["Anna ordered late"], root_cause="Gone Girl order rule")

    assert services.save(issue=issue, work=work, version=1, by=meeting.host, now=NOW).version == 2
