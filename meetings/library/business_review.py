"""Business review: planned for four hours, while its published agenda adds up to 295 minutes. The planner says so
and offers to fit it; the template keeps the published minutes, so that everybody can see what was cut. The fitted
type beside it is the same agenda in four hours exactly, with a break."""

from dataclasses import replace
from decimal import Decimal

from meetings.library.parts import ModuleText, TemplateText, break_

BUSINESS_REVIEW = TemplateText(
    code="business-review",
    name_en="Business review",
    name_zh="经营分析会",
    purpose_en="What happened in the period, why, and who does what about it.",
    purpose_zh="看清这一期发生了什么、为什么，并定下谁来做什么。",
    planned_minutes=240,
    period_grain="month",
    preread_form="review",
    preparation=Decimal(6),
    usual_rule="FREQ=MONTHLY;BYDAY=2WE",
    modules=(
        ModuleText(
            title_en="Opening: purpose and expectations",
            title_zh="开场：会议目的与高层期望",
            presenter="executive",
            report=15,
            discussion=0,
            questions=(
                (
                    "Which result do you most want to leave this room with?",
                    "今天散会时，你最想带走哪个结果？",
                ),
            ),
        ),
        ModuleText(
            title_en="Sales",
            title_zh="销售",
            department="sales",
            report=20,
            discussion=40,
            questions=(
                (
                    "Which products took off or stalled, and what set them apart?",
                    "哪些产品起量了、哪些卡住了，差别在哪里？",
                ),
                (
                    "What changed in the market or at competitors, and what did it do to us?",
                    "市场和竞品有什么变化，对我们有什么影响？",
                ),
                ("Which market or category do we enter next?", "下一步进入哪个市场或品类？"),
                ("How do revenue and profit rise together?", "怎样让销售额和利润一起增长？"),
            ),
            metrics=("sales_settled", "orders", "units", "aov", "asp", "refund_rate"),
        ),
        ModuleText(
            title_en="Marketing",
            title_zh="市场",
            department="marketing",
            report=15,
            discussion=30,
            questions=(
                (
                    "Which channels earn their money, and which do not?",
                    "哪些渠道值得投，哪些不值得？",
                ),
                (
                    "Where does advertising go up, down or off, by how much?",
                    "广告在哪里加、减或停，各是多少？",
                ),
                ("How do we reach one target group better?", "怎样更好地触达目标人群？"),
            ),
            metrics=("ad_spend", "tacos", "ad_cost_share", "acos", "roas", "cac"),
        ),
        ModuleText(
            title_en="Supply chain",
            title_zh="供应链",
            department="supply",
            report=15,
            discussion=30,
            questions=(
                (
                    "Where do logistics costs fall without costing sales?",
                    "物流成本在哪里可以降，又不伤销售？",
                ),
                (
                    "How does replenishment avoid both overstock and stock-out?",
                    "补货怎样做到既不积压也不断货？",
                ),
                (
                    "Which freight, customs or supplier risk needs a plan now?",
                    "哪项运价、清关或供应商风险现在就要有预案？",
                ),
            ),
            metrics=("storage_fee", "fba_fee_share", "inv_turn_days", "stockout", "on_time_delivery"),
        ),
        ModuleText(
            title_en="Finance",
            title_zh="财务",
            department="finance",
            report=10,
            discussion=20,
            questions=(
                ("Which spending returns too little?", "哪些投入回报太低？"),
                ("How does our money turn over faster?", "怎样让资金周转更快？"),
                ("Where do we stand against the budget, and why?", "预算执行到哪里，偏差因何而来？"),
            ),
            metrics=("net_profit", "fee_structure", "cost_structure", "refund_loss", "budget_exec"),
        ),
        ModuleText(
            title_en="Technology / product",
            title_zh="技术/产品",
            department="tech",
            report=10,
            discussion=20,
            questions=(
                ("What did new features change, in figures?", "新功能带来了哪些变化，用数字说明？"),
                (
                    "What should technology make possible for the business next?",
                    "技术下一步最该支持业务做什么？",
                ),
            ),
            metrics=("uptime", "page_load", "cart_cvr", "feature_progress"),
        ),
        ModuleText(
            title_en="Cross-department problem solving",
            title_zh="跨部门问题攻坚",
            presenter="host",
            report=0,
            discussion=40,
            questions=(
                (
                    "Does a weak campaign point to the product or to the channel?",
                    "推广效果差，是产品问题还是渠道问题？",
                ),
                (
                    "Does overstock come from the forecast or from the rhythm of purchasing?",
                    "库存积压，是预测偏差还是采购节奏问题？",
                ),
                ("Root cause first: what do we do together?", "先找到根因，再定：我们一起做什么？"),
            ),
        ),
        ModuleText(
            title_en="Summary and action plan",
            title_zh="总结与行动计划",
            presenter="host",
            report=0,
            discussion=30,
            questions=(
                (
                    "Who does what by when, and how will we know that it is done?",
                    "谁、在什么时候、做什么，怎样算完成？",
                ),
            ),
        ),
    ),
)

# Report and discussion of each module of the published agenda, in its order, cut to 230 minutes.
_FITTED = ((10, 0), (15, 30), (10, 25), (10, 25), (10, 15), (10, 15), (0, 30), (0, 25))


def _fitted() -> tuple[ModuleText, ...]:
    """The published modules in less time, and ten minutes of break in the middle."""
    modules = [
        replace(module, report=report, discussion=discussion)
        for module, (report, discussion) in zip(BUSINESS_REVIEW.modules, _FITTED, strict=True)
    ]
    return (*modules[:4], break_(10), *modules[4:])


BUSINESS_REVIEW_FITTED = replace(
    BUSINESS_REVIEW,
    code="business-review-240",
    name_en="Business review in four hours",
    name_zh="经营分析会（四小时版）",
    purpose_en="The business review cut to four hours exactly, with a break: what happened, why, and who does what.",
    purpose_zh="把经营分析会精确压到四小时，中间有休息：发生了什么、为什么、谁来做什么。",
    modules=_fitted(),
)
