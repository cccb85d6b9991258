"""Meetings about goals: key results at the end of a quarter, the alignment before one, and a change of course."""

from decimal import Decimal

from meetings.library.parts import ModuleText, TemplateText, break_


def _department_results(
    title_en: str, title_zh: str, department: str, metrics: tuple[str, ...], report: int = 5
) -> ModuleText:
    """One department's key results at the end of a quarter: attainment, reason, next step."""
    return ModuleText(
        title_en=title_en,
        title_zh=title_zh,
        department=department,
        report=report,
        discussion=10,
        questions=(
            ("What was each key result's attainment, with its source?", "每个 KR 完成了多少，数据来自哪里？"),
            (
                "Where it was missed: was the target set wrong, or did execution deviate?",
                "没达成的：是目标定错了，还是执行走偏了？",
            ),
            ("Keep it, change it or drop it?", "保留、调整还是取消？"),
        ),
        metrics=metrics,
    )


KR_RESET = TemplateText(
    code="kr-reset",
    name_en="Quarterly KR reset",
    name_zh="季度KR重置",
    purpose_en="Every key result gets its attainment, the reason for it, and its next step: keep, change or drop.",
    purpose_zh="每个 KR 都给出完成度、原因和下一步：保留、调整或取消。",
    planned_minutes=120,
    period_grain="quarter",
    preread_form="review",
    preread_lead_days=7,
    preread_open_days=12,
    correction_hours=48,
    preparation=Decimal(3),
    usual_rule="FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    modules=(
        ModuleText(
            title_en="The quarter against the company's goals",
            title_zh="本季度对照公司目标",
            presenter="executive",
            report=10,
            discussion=0,
            questions=(
                (
                    "Does the objective still hold, or did the market move on?",
                    "目标仍然成立吗，还是市场已经变了？",
                ),
            ),
            metrics=("sales_settled", "sales_growth_year", "net_margin"),
        ),
        _department_results(
            "Key results of sales", "销售部KR", "sales", ("sales_settled", "orders", "aov", "refund_rate")
        ),
        _department_results(
            "Key results of marketing", "市场部KR", "marketing", ("ad_spend", "tacos", "roas", "cac")
        ),
        _department_results(
            "Key results of supply chain",
            "供应链部KR",
            "supply",
            ("inv_turn_days", "fba_fee_share", "on_time_delivery", "stockout"),
        ),
        _department_results(
            "Key results of technology", "技术/产品部KR", "tech", ("page_load", "cart_cvr", "uptime")
        ),
        ModuleText(
            title_en="Shared key results",
            title_zh="共担的KR",
            presenter="host",
            report=0,
            discussion=15,
            questions=(
                (
                    "Which key result did one department miss because of another?",
                    "哪个 KR 是因为别的部门才没达成？",
                ),
                ("Who carries it together from now on?", "今后由谁共同承担？"),
            ),
        ),
        ModuleText(
            title_en="Commission and bonuses of the quarter",
            title_zh="本季度提成与奖金",
            department="finance",
            report=5,
            discussion=10,
            confidential=True,
            questions=(
                (
                    "What follows from the attainment by the rules agreed, and where do they miss their purpose?",
                    "按约定规则，完成度对应多少提成，规则在哪里偏离了初衷？",
                ),
            ),
        ),
        ModuleText(
            title_en="Next step of every key result",
            title_zh="逐项定下一步",
            presenter="host",
            report=0,
            discussion=20,
            questions=(
                (
                    "For each: keep, change or drop; the new target, its owner, its first milestone.",
                    "逐项确认：保留、调整或取消；新目标值、负责人、第一个里程碑。",
                ),
            ),
        ),
    ),
)

OKR_ALIGNMENT = TemplateText(
    code="okr-alignment",
    name_en="OKR alignment",
    name_zh="OKR对齐会",
    purpose_en="Before a quarter and during it: every company key result is carried, every task serves one.",
    purpose_zh="季度开始前和进行中：公司的每个 KR 都有人承担，每项任务都有所服务。",
    planned_minutes=120,
    period_grain="quarter",
    preread_form="review",
    preread_lead_days=5,
    preread_open_days=10,
    correction_hours=48,
    preparation=Decimal(4),
    usual_rule="FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=3TH",
    modules=(
        ModuleText(
            title_en="The company's objective and key results",
            title_zh="公司目标与关键结果",
            presenter="executive",
            report=15,
            discussion=10,
            questions=(
                (
                    "What do we want to be able to say at the end of the quarter?",
                    "季度结束时，我们希望能说出什么成果？",
                ),
                (
                    "Which figure of the dictionary measures each key result?",
                    "每个 KR 用数据字典里的哪个指标衡量？",
                ),
            ),
            metrics=("sales_settled", "sales_growth_year", "net_margin", "refund_rate"),
        ),
        ModuleText(
            title_en="What sales and marketing take on",
            title_zh="销售与市场认领的KR",
            department="sales",
            report=10,
            discussion=15,
            questions=(
                ("Which company key result do you carry, by how much?", "承担公司哪个 KR，承担多少？"),
                ("What do you need from other departments for it?", "为此需要其他部门提供什么？"),
            ),
            metrics=("sales_settled", "orders", "ad_spend", "cac"),
        ),
        ModuleText(
            title_en="What supply chain and technology take on",
            title_zh="供应链与技术认领的KR",
            department="supply",
            report=10,
            discussion=15,
            questions=(
                (
                    "Which time, cost or quality improves, from what to what, by when?",
                    "哪项时效、成本或质量要改善，从多少到多少，何时达到？",
                ),
            ),
            metrics=("on_time_delivery", "fba_fee_share", "inv_turn_days", "page_load"),
        ),
        break_(5),
        ModuleText(
            title_en="Gaps: nobody carries it, or it serves nothing",
            title_zh="缺口：无人承担或无所服务",
            presenter="host",
            report=0,
            discussion=15,
            questions=(
                (
                    "Which company key result has no department, which task has no key result?",
                    "公司哪个 KR 没有部门承担，哪些任务没有对应的 KR？",
                ),
                ("Which key results do two departments share?", "哪些 KR 由两个部门共担？"),
            ),
        ),
        ModuleText(
            title_en="Incentives tied to key results",
            title_zh="与KR挂钩的激励",
            department="finance",
            report=5,
            discussion=10,
            confidential=True,
            questions=(
                (
                    "Which threshold, rate and bonus belong to which key result?",
                    "哪个 KR 对应怎样的门槛、比例和奖金？",
                ),
                (
                    "Does the rule reward the goal, or only the figure?",
                    "规则奖励的是目标本身，还是只是数字好看？",
                ),
            ),
        ),
        ModuleText(
            title_en="Confirmation",
            title_zh="逐项确认",
            presenter="host",
            report=0,
            discussion=10,
            questions=(
                (
                    "Who carries what until when, and when do we look at it again?",
                    "谁承担什么、到何时，下次何时检视？",
                ),
            ),
        ),
    ),
)

SPECIAL_ADJUSTMENT = TemplateText(
    code="special-adjustment",
    name_en="Special adjustment meeting",
    name_zh="专项调整会",
    purpose_en="Within 15 days of a strategic deviation: what deviates, why, and which course we take instead.",
    purpose_zh="战略偏差出现后 15 天内召开：偏在哪里、为什么、改走哪条路。",
    planned_minutes=90,
    period_grain="month",
    preread_form="review",
    preread_lead_days=2,
    preread_open_days=5,
    correction_hours=12,
    preparation=Decimal(5),
    modules=(
        ModuleText(
            title_en="The deviation and how far it reaches",
            title_zh="偏差及影响范围",
            department="operations",
            report=10,
            discussion=5,
            questions=(
                (
                    "Which goal do we miss by how much, since when, and what happens if we do nothing?",
                    "哪个目标偏了多少、从何时开始，不作为会怎样？",
                ),
            ),
            metrics=("sales_settled", "sales_growth_year", "net_proceeds", "order_growth"),
        ),
        ModuleText(
            title_en="Root causes",
            title_zh="根本原因",
            presenter="host",
            report=0,
            discussion=20,
            questions=(
                ("Ask why five times: which cause explains the most?", "连问五个为什么：哪个原因影响最大？"),
                (
                    "Was the assumption wrong, the execution, or the moment?",
                    "是假设错了、执行走偏了，还是时机不对？",
                ),
            ),
        ),
        ModuleText(
            title_en="Options and what they cost",
            title_zh="可选方案与代价",
            department="finance",
            report=10,
            discussion=15,
            questions=(
                (
                    "For each option: cost, what it brings, risk, and how soon we would know.",
                    "每个方案：成本、收益、风险，以及多久能见分晓。",
                ),
                ("What do we stop doing to make room for it?", "为此停掉什么？"),
            ),
            metrics=("net_margin", "ad_cost_share", "holding_cost", "capital_need", "budget_exec"),
        ),
        ModuleText(
            title_en="Decision",
            title_zh="决策",
            presenter="executive",
            report=0,
            discussion=15,
            questions=(
                (
                    "Which option do we take, and what would make us turn back?",
                    "选哪个方案，出现什么情况就回头？",
                ),
            ),
        ),
        ModuleText(
            title_en="Plan of the adjustment",
            title_zh="调整计划",
            presenter="host",
            report=0,
            discussion=15,
            questions=(
                (
                    "Who does what in the next two weeks, which goals are rewritten, who tells the teams?",
                    "未来两周谁做什么，哪些目标要改写，由谁告知各组？",
                ),
            ),
        ),
    ),
)
