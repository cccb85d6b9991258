from datetime import UTC, datetime, timedelta

import pytest

from actions import vagueness
from people.models import Department, User

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GOOD_CRITERION = ["ACoS ≤ 25 % in the week of 16 March"]

VAGUE_TITLES = [
    "优化广告",
    "优化一下广告",
    "跟进",
    "跟进供应商",
    "继续跟进库存问题",
    "提升转化率",
    "改善listing",
    "尽快解决物流问题",
    "做好客服工作",
    "加强团队执行力",
    "分析数据",
    "完善流程",
    "降低成本",
    "补货",
    "follow up",
    "Follow up on this asap",
    "improve listing",
    "Optimise the ads",
    "Optimizing ads",
    "work on conversion",
    "Look into the issue",
    "Handle customers better",
    "check stock",
    "Fix problems",
    "ROI",
    "🔥🔥🔥",
    "！！！",
]
SPECIFIC_TITLES = [
    "把德国站空气炸锅的 ACoS 降到 25% 以下",
    "优化 B0C1234567 的主图",
    "德国站广告预算减半",
    "联系 DHL 追回丢失的托盘",
    "招聘运营",
    "下架滞销款",
    "与深圳供应商签署年度框架协议",
    "三款新品上架日本站",
    "重写空气炸锅的五点描述",
    "培训客服团队使用新工单系统",
    "向法国仓发运 500 件",
    "Lower the ACoS of the air fryer in Germany to 25 %",
    "Improve US ads to ROAS 4",
    "Call Anna about the lost pallet",
    "Rewrite the bullet points of the air fryer listing",
    "Hire a designer",
    "Close the eBay shop",
    "Follow up with DHL about the lost pallet",
    "Translate the manual into Japanese",
    "تحسين إعلانات المتجر الألماني",
    "Ускорить отгрузку в Германию",
    "x" * 300,
]
VAGUE_CRITERIA = [
    "效果变好",
    "广告优化完成",
    "完成",
    "客户满意",
    "转化率提升",
    "退货率明显下降",
    "老板满意",
    "问题解决",
    "better",
    "Done",
    "Looks good",
    "Customers are happy",
    "Ads perform better",
    "works well",
    "Conversion improved significantly",
    "…",
]
CHECKABLE_CRITERIA = [
    "ACoS 连续两周 ≤ 25%",
    "退货率从 8.7% 降到 5.5% 以下",
    "供应商合同已签署",
    "新主图已上线德国站",
    "财务批准预算",
    "提交三家供应商的报价",
    "所有差评都已回复",
    "不再出现断货",
    "全员通过考核",
    "评审通过",
    "产品上架",
    "法务确认商标可用",
    "ROAS of at least 4 in week 12",
    "Contract signed by both parties",
    "Live in the DE shop",
    "Approved by finance",
    "Screenshot of the new A+ page",
    "No open ticket older than two days",
    "The legal team confirms the trademark",
    "Pallet has arrived in Bremen",
    "العقد موقع",
]


def person(**fields) -> User:
    return User(**{"pk": 1, "name": "李雷", "email": "lilei@example.com", "is_active": True, **fields})


def find(**changed) -> list[str]:
    told = {
        "title": "把德国站空气炸锅的 ACoS 降到 25%",
        "criteria": GOOD_CRITERION,
        "owner": person(),
        "acceptor": person(pk=2),
        "department": Department(pk=1),
        "due_at": NOW + timedelta(days=7),
        "now": NOW,
    }
    return [found.code for found in vagueness.find(**(told | changed))]


@pytest.mark.parametrize("title", VAGUE_TITLES)
def test_vague_title_is_refused(title):
    assert find(title=title) == ["title.which"]


@pytest.mark.parametrize("title", SPECIFIC_TITLES)
def test_specific_title_passes(title):
    assert find(title=title) == []


@pytest.mark.parametrize("text", VAGUE_CRITERIA)
def test_criterion_that_nobody_can_check_is_refused(text):
    assert find(criteria=[text]) == ["criteria.vague"]


@pytest.mark.parametrize("text", CHECKABLE_CRITERIA)
def test_criterion_that_can_be_checked_passes(text):
    assert find(criteria=[text]) == []


@pytest.mark.parametrize(
    "title", ["优化广告", "提升转化率", "降低成本", "Optimise the ads", "improve listing", "cut costs"]
)
def test_a_change_without_product_and_amount_is_asked_for_both(title):
    """Which one, how much, until when: each is named, so that one edit is enough."""
    found = find(title=title, criteria=["看到效果"], due_at=None)

    assert found[:2] == ["title.which", "title.result"]
    assert "due.missing" in found


@pytest.mark.parametrize(
    ("title", "criterion"),
    [
        ("优化德国站空气炸锅的广告", "新广告架构已启用"),
        ("Improve the air fryer ads in Germany", "New structure is in use"),
    ],
)
def test_more_or_less_needs_an_amount(title, criterion):
    assert find(title=title, criteria=[criterion]) == ["title.result"]
    assert find(title=title, criteria=[criterion, "ACoS ≤ 25 %"]) == []


def test_the_vague_one_is_told_all_that_is_missing():
    found = find(title="优化广告", criteria=[], owner=None, acceptor=None, department=None, due_at=None)

    assert found == [
        "title.which",
        "title.result",
        "owner.missing",
        "department.missing",
        "acceptor.missing",
        "due.missing",
        "criteria.missing",
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "  "}, "title.missing"),
        ({"owner": None}, "owner.missing"),
        ({"owner": person(is_active=False)}, "owner.left"),
        ({"acceptor": None}, "acceptor.missing"),
        ({"acceptor": person(pk=1)}, "acceptor.owner"),
        ({"acceptor": person(pk=2, is_active=False)}, "acceptor.left"),
        ({"department": None}, "department.missing"),
        ({"due_at": None}, "due.missing"),
        ({"due_at": NOW}, "due.past"),
        ({"due_at": NOW - timedelta(seconds=1)}, "due.past"),
        ({"criteria": []}, "criteria.missing"),
        ({"criteria": ["", "  "]}, "criteria.missing"),
    ],
)
def test_each_missing_thing_is_named(changed, code):
    assert find(**changed) == [code]


def test_only_wording_may_be_let_pass():
    may_pass = {code for code in vagueness.MESSAGES if vagueness.finding(code).is_wording}

    assert may_pass == {"title.which", "title.result", "criteria.vague"}


def test_a_vague_criterion_is_quoted():
    (found,) = list(vagueness.find(
        title="Call Anna about the lost pallet", criteria=["Pallet found", "<b>better</b>"], owner=person(),
        acceptor=person(pk=2), department=Department(pk=1), due_at=NOW + timedelta(days=1), now=NOW,
    ))  # fmt: skip

    assert "<b>better</b>" in str(found.message)
