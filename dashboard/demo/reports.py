"""What the departments of the demo company hand in beside their answers. Content of a company: not translated."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Why a figure moved; the last one serves where nobody wrote a special one.
CAUSES: dict[str, str] = {
    "orders": "节后补单与两款新品放量，扣除促销仍为正增长。",
    "units": "两件装占比上升，单量与件数同向。",
    "sales_settled": "回款周期错月：上月底订单在本月结算。",
    "aov": "两件装与满减提高客单，运费口径未变。",
    "refund_rate": "两个 SKU 包装破损集中退回，已换包装。",
    "ad_spend": "自动广告放量一周后收回，不出单的词已否定。",
    "tacos": "广告费先于销售到账，按周看已回落。",
    "storage_fee": "库龄超过 181 天的库存计入长期仓储费。",
    "net_proceeds": "广告扣款与退款集中在同一结算期。",
}
OTHER_CAUSE = "促销错月造成，剔除后在正常范围；下月同期复核。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure that a department states: `off` times the reports' figure, or a `value` of its own."""

    code: str
    source: str
    definition: str = ""
    off: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    sections: dict[str, str] = field(default_factory=dict)
    problems: tuple[dict[str, Any], ...] = ()
    resources: tuple[dict[str, Any], ...] = ()
    decisions: tuple[dict[str, Any], ...] = ()
    stated: tuple[Stated, ...] = ()
    minutes: int | None = None


EXTRAS: dict[str, Extra] = {
    "sales": Extra(
        sections={
            "went_well": "花园剪刀连续四周进类目前十，两件装客单价多 1.65 美元。",
            "risks": "园艺手套再断货一次会掉出首页；恢复购买按钮要一到两周。",
        },
        problems=(
            {
                "problem": "园艺手套断货 6 天，少卖约 120 件。",
                "whys": [
                    "补货晚了 8 天下单。",
                    "补货点按 30 天均值算，促销周没有算进去。",
                    "促销计划没有同步给供应链。",
                ],
                "root_cause": "促销日历不在补货流程里，没有人负责同步。",
                "solution": "促销排期进共享日历，补货点按 14 天加权，每周一由供应链更新。",
                "needs": "supply",
            },
        ),
        stated=(
            Stated(
                code="sales_settled",
                off=Decimal("1.031"),
                source="销售周报（后台订单导出）",
                definition="按下单日统计，含运费，未扣退款。",
            ),
        ),
        minutes=210,
    ),
    "marketing": Extra(
        sections={
            "went_well": "否定 18 个不出单的词，花费每周少 70 美元，自然单没有掉。",
            "key_items": "主图测试：B 图点击率 0.62%，比 A 图高 0.11 个百分点，本周全量。",
            "next_week": "品牌词预算挪到商品投放，周五看第一周结果。",
        },
        resources=(
            {
                "what": "站内商品投放预算，每月加 300 美元",
                "why": "同类投放的回报高于品牌词，先加一个月。",
                "cost": Decimal(300),
                "currency": "USD",
                "spend_code": "ad_spend",
                "return_code": "sales_settled",
                "expected_increment": Decimal(420),
            },
        ),
        decisions=(
            {
                "question": "品牌词的预算停不停？",
                "background": "品牌词点击成本涨了三成，成交多为老客。",
                "options": [
                    {"text": "全部停掉", "effect": "每月省 180 美元，可能被竞品截流"},
                    {"text": "减半，观察四周", "effect": "每月省 90 美元，风险可控"},
                ],
                "recommended": 1,
                "reason": "先看自然排名能不能守住，再决定全停。",
                "decider": "boss",
            },
        ),
        minutes=150,
    ),
    "supply": Extra(
        sections={
            "went_well": "头程改慢船，每公斤省 0.8 元。",
            "risks": "慢船晚到两天，主推款库存只够 11 天。",
            "key_items": "181 天以上库存清掉 4 个 SKU，剩 2 个在做站外折扣。",
            "next_week": "加急空运 200 件报价，周三给结论。",
        },
        problems=(
            {
                "problem": "主推款在途时间超过补货周期。",
                "whys": ["慢船多 9 天。", "补货点没有跟着改。"],
                "root_cause": "改运输方式时没有同时改补货参数的流程。",
                "solution": "运输方式变更单里加一栏补货点，由计划员确认。",
                "needs": "operations",
            },
        ),
        stated=(
            Stated(
                code="on_time_delivery",
                value=Decimal("0.94"),
                source="货代对账单",
                definition="按到仓预约日，晚一天即算晚到。",
            ),
        ),
        minutes=180,
    ),
    "tech": Extra(
        sections={
            "went_well": "图片压缩上线，首屏从 3.4 秒降到 2.9 秒。",
            "risks": "库存接口每小时限额快用完。",
        },
        minutes=90,
    ),
    "operations": Extra(
        sections={
            "key_items": "5 条 Listing 换主图与五点，两条转化率升、一条降、两条持平。",
            "next_week": "A+ 页面排期周二定稿。",
        },
        minutes=60,
    ),
}

# Comments of readers on what sales handed in: (who, section, words, asks for an answer).
COMMENTS: tuple[tuple[str, str, str, bool], ...] = (
    ("boss", "section:went_well", "两件装的毛利率算过吗？", True),
    ("supply", "section:risks", "下批手套 12 月 3 日到仓，断货不会再发生。", False),
)
RETURNED = "花费的口径不对：预读里用的是后台花费，请改用结算口径，再写清与上月的差异。"
OVERRIDE = "财务的预读因结账推迟两天，老板同意先开，财务部分现场补充。"
ENDED_ALL_THE_SAME = "品牌词的去留等二月结算数据出来再定，市场部三月分析会前给出两种做法的对比。"
RULING = "以结算报表为准：销售周报按下单日、含运费，与公司口径不同。"
PARKED = "海外仓二仓要不要开？等一季度数据再议。"
