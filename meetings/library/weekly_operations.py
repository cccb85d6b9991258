"""Weekly operations meeting: three pages per department, figures of the past seven days."""

from decimal import Decimal

from meetings.library.parts import ModuleText, TemplateText

WEEKLY_OPERATIONS = TemplateText(
    code="weekly-operations",
    name_en="Weekly operations meeting",
    name_zh="运营例会",
    purpose_en="The week's figures, the key items and the decisions needed, with the boss in the room.",
    purpose_zh="老板在场，过一周数据、重点事项与待决事项。",
    planned_minutes=60,
    period_grain="week",
    preread_form="three_pages",
    preread_lead_days=1,
    preread_open_days=4,
    correction_hours=6,
    preparation=Decimal("1.5"),
    usual_rule="FREQ=WEEKLY;BYDAY=TU",
    modules=(
        ModuleText(
            title_en="The question to the boss",
            title_zh="老板一问",
            presenter="executive",
            recurring=True,
            report=5,
            discussion=0,
            questions=(
                ("Which problem do you most want us to solve now?", "你现在最希望我们解决哪个问题？"),
            ),
        ),
        ModuleText(
            title_en="Advertising",
            title_zh="广告",
            department="marketing",
            report=5,
            discussion=10,
            questions=(
                ("Which abnormal move has which cause?", "哪项数据异动，原因是什么？"),
                (
                    "What do you ask for: its cost, what the same spending returned, what it should bring?",
                    "需要什么资源：花多少、以往同类投入回报多少、预计带来多少？",
                ),
            ),
            metrics=("ad_spend", "roas", "acos", "tacos", "order_growth_7d"),
        ),
        ModuleText(
            title_en="Listing optimisation",
            title_zh="Listing 优化进展",
            department="operations",
            report=5,
            discussion=10,
            questions=(
                ("Which listings changed, and what did conversion do?", "改了哪些 Listing，转化率有何变化？"),
                ("What is next, and what stands in the way?", "下一步改什么，卡在哪里？"),
            ),
            metrics=("orders", "units", "cvr", "sessions", "review_rating"),
        ),
        ModuleText(
            title_en="Supply-chain status",
            title_zh="供应链状态",
            department="supply",
            report=5,
            discussion=5,
            questions=(
                (
                    "What runs out or piles up within four weeks, and what do we do?",
                    "四周内什么会断货或积压，怎么办？",
                ),
            ),
            metrics=("days_of_supply", "stockout", "storage_fee", "on_time_delivery"),
        ),
        ModuleText(
            title_en="Finance and warehouse support",
            title_zh="财务与仓储支持",
            department="finance",
            report=5,
            discussion=0,
            questions=(
                (
                    "Which cost or return rate moved this week, and what do the teams need to know?",
                    "本周哪项成本或退货率有变动，各组需要知道什么？",
                ),
            ),
            metrics=("refund_rate", "fba_fee_share", "net_profit"),
        ),
        ModuleText(
            title_en="Decisions and next steps",
            title_zh="决策与下一步",
            presenter="host",
            recurring=True,
            report=0,
            discussion=10,
            questions=(
                (
                    "Which options are on the table, and which one do you recommend?",
                    "有哪些方案，你推荐哪一个？",
                ),
            ),
        ),
    ),
)
