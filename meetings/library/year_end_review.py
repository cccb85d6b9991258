"""Year-end review: four modules and six documents, due seven days before."""

from decimal import Decimal

from meetings.library.parts import ModuleText, TemplateText

YEAR_END_REVIEW = TemplateText(
    code="year-end-review",
    name_en="Year-end review",
    name_zh="年终会议",
    purpose_en="What the year brought, why, what the team can do, and what we set out to reach next.",
    purpose_zh="回顾全年业绩，找准原因，盘点资源，定下来年目标。",
    planned_minutes=180,
    period_grain="year",
    preread_form="year_end",
    preread_open_days=21,
    preparation=Decimal(12),
    usual_rule="FREQ=YEARLY;BYMONTH=1;BYDAY=2TH",
    modules=(
        ModuleText(
            title_en="Performance review",
            title_zh="业绩回顾",
            department="operations",
            report=25,
            discussion=20,
            questions=(
                ("What did we set out to reach, and what did we reach?", "年初定了什么，实际做到了什么？"),
                ("Which three results made the year?", "今年最关键的三个结果是什么？"),
            ),
            metrics=("sales_settled", "orders", "units", "aov", "net_profit", "refund_rate"),
            documents=(
                ("finance", "Annual profit and loss statement", "年度利润表"),
                ("sales", "Monthly sales trend", "月度销售趋势"),
                ("marketing", "Advertising summary", "广告投放汇总"),
                ("supply", "IPI score history", "IPI 分数变化记录"),
                ("service", "Word cloud of customer feedback", "客户反馈词云"),
                ("sales", "Competitors' price tracking", "竞品价格跟踪"),
            ),
        ),
        ModuleText(
            title_en="Problem attribution",
            title_zh="问题归因",
            presenter="host",
            report=10,
            discussion=40,
            questions=(
                (
                    "Which three problems cost us most? Ask why five times for each.",
                    "哪三个问题代价最大？每个问题连问五个为什么。",
                ),
                ("Which causes were in our own hands?", "哪些原因在我们自己手里？"),
            ),
        ),
        ModuleText(
            title_en="Resource inventory",
            title_zh="资源盘点",
            department="finance",
            report=10,
            discussion=30,
            questions=(
                ("Which skills, people or money did we lack?", "缺哪些能力、人手或资金？"),
                ("Which gap do we close first, and how?", "先补哪个缺口，怎么补？"),
            ),
            metrics=("capital_need", "cost_structure", "budget_exec"),
        ),
        ModuleText(
            title_en="Goal setting",
            title_zh="目标设定",
            presenter="host",
            report=10,
            discussion=35,
            questions=(
                (
                    "Which goals are specific, measurable, within reach, relevant and dated?",
                    "哪些目标是具体、可衡量、可达成、相关且有期限的？",
                ),
                (
                    "Who carries each, and what is the first milestone?",
                    "每个目标由谁负责，第一个里程碑是什么？",
                ),
            ),
        ),
    ),
)
