"""Meetings of the weeks between reviews: the progress meeting, the monthly review, and liaison with logistics."""

from decimal import Decimal

from meetings.library.parts import ModuleText, TemplateText

BIWEEKLY_PROGRESS = TemplateText(
    code="biweekly-progress",
    name_en="Biweekly progress meeting",
    name_zh="双周进度会",
    purpose_en="Open actions one by one: what is stuck, what is late, what comes next, and who helps whom.",
    purpose_zh="逐条过未完成的行动项：卡在哪里、晚了多少、接下来是什么、谁来帮谁。",
    planned_minutes=30,
    period_grain="",
    preread_form="none",
    preread_lead_days=1,
    preread_open_days=3,
    correction_hours=0,
    preparation=Decimal("0.5"),
    usual_rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    modules=(
        ModuleText(
            title_en="Blocked: whose help is needed",
            title_zh="卡点：需要谁帮忙",
            presenter="host",
            report=0,
            discussion=10,
            actions="blocked",
            recurring=True,
            questions=(
                ("What exactly stands in the way, and since when?", "具体卡在哪里，卡了多久？"),
                ("Who in this room can lift it, and by which day?", "在座谁能解开，哪天之前？"),
            ),
        ),
        ModuleText(
            title_en="Late: a new date or a new way",
            title_zh="逾期：改期还是换做法",
            presenter="host",
            report=0,
            discussion=5,
            actions="late",
            recurring=True,
            questions=(
                (
                    "Why was the date missed, and what makes the next one hold?",
                    "为什么没按时，凭什么下次能按时？",
                ),
                ("Is it still worth doing, or do we drop it?", "还值得做吗，还是就此取消？"),
            ),
        ),
        ModuleText(
            title_en="Due before the next meeting",
            title_zh="下次会前到期",
            presenter="host",
            report=0,
            discussion=5,
            actions="due",
            recurring=True,
            questions=(
                (
                    "Not started, in progress or done: what is left to do?",
                    "未开始、进行中还是已完成，还差什么？",
                ),
                ("Does the acceptor know what will be shown?", "验收人知道会看到什么成果吗？"),
            ),
        ),
        ModuleText(
            title_en="Without news",
            title_zh="久无进展汇报",
            presenter="host",
            report=0,
            discussion=5,
            actions="silent",
            recurring=True,
            questions=(("What has happened since the last report?", "上次汇报以后有什么进展？"),),
        ),
        ModuleText(
            title_en="Finished since the last meeting",
            title_zh="上次会后完成的",
            presenter="host",
            report=0,
            discussion=2,
            actions="finished",
            recurring=True,
            questions=(("What made it work, and who should know?", "成功靠什么，还该告诉谁？"),),
        ),
        ModuleText(
            title_en="Quick decisions",
            title_zh="当场决定",
            presenter="host",
            report=0,
            discussion=3,
            recurring=True,
            questions=(
                (
                    "Which decision can be taken now, and which needs another meeting?",
                    "哪些现在就能定，哪些要另开会？",
                ),
            ),
        ),
    ),
)

MONTHLY_REVIEW = TemplateText(
    code="monthly-review",
    name_en="Monthly review",
    name_zh="月度复盘",
    purpose_en="The month's tactics: what worked, what did not, and what each team does differently next month.",
    purpose_zh="复盘当月打法：哪些有效、哪些无效，下个月各组具体改什么。",
    planned_minutes=90,
    period_grain="month",
    preread_form="review",
    preread_lead_days=3,
    preread_open_days=6,
    correction_hours=24,
    preparation=Decimal("2.5"),
    usual_rule="FREQ=MONTHLY;BYDAY=-1FR",
    modules=(
        ModuleText(
            title_en="The month in figures",
            title_zh="当月数据",
            presenter="data_owner",
            report=10,
            discussion=0,
            recurring=True,
            questions=(
                (
                    "Which figures are outside their usual range, and are they complete?",
                    "哪些数据超出平常范围，数据齐全吗？",
                ),
            ),
            metrics=("sales_settled", "sales_growth", "orders", "refund_rate", "net_margin"),
        ),
        ModuleText(
            title_en="Actions of last month",
            title_zh="上月行动项",
            presenter="host",
            report=0,
            discussion=10,
            actions="late",
            recurring=True,
            questions=(
                (
                    "Which measure did what we hoped for, and which did not?",
                    "哪项措施达到了预期效果，哪项没有？",
                ),
            ),
        ),
        ModuleText(
            title_en="Sales and products",
            title_zh="销售与产品",
            department="sales",
            report=5,
            discussion=15,
            questions=(
                (
                    "Which products are hits, evergreens or problems, and what follows for each?",
                    "哪些是爆款、常青款、问题款，分别怎么处理？",
                ),
                (
                    "Which price, offer or listing do we change next month?",
                    "下个月改哪个价格、活动或 Listing？",
                ),
            ),
            metrics=("units", "aov", "asp", "units_per_order", "promotion_share"),
        ),
        ModuleText(
            title_en="Advertising and traffic",
            title_zh="广告与流量",
            department="marketing",
            report=5,
            discussion=10,
            questions=(
                (
                    "Which channel is a cash cow, which one promising, which one a problem?",
                    "哪个渠道是利润奶牛，哪个是潜力股，哪个是问题渠道？",
                ),
                (
                    "Which test do we run next, and what would prove it right?",
                    "下个月做什么测试，怎样算成立？",
                ),
            ),
            metrics=("ad_spend", "tacos", "ad_cost_per_order", "mkt_roi", "cvr"),
        ),
        ModuleText(
            title_en="Stock and logistics",
            title_zh="库存与物流",
            department="supply",
            report=5,
            discussion=10,
            questions=(
                (
                    "What is overstocked or about to run out, and which order changes?",
                    "哪些积压、哪些要断货，要调整哪张采购单？",
                ),
            ),
            metrics=("inv_turn_days", "storage_share", "days_of_supply", "stockout", "last_leg_share"),
        ),
        ModuleText(
            title_en="Voice of the customer",
            title_zh="客户声音",
            department="service",
            report=5,
            discussion=5,
            questions=(
                (
                    "Which complaint comes back, and which product or promise causes it?",
                    "哪类投诉反复出现，根源在哪个产品或哪句承诺？",
                ),
            ),
            metrics=("refund_rate_orders", "review_rating"),
        ),
        ModuleText(
            title_en="What we change next month",
            title_zh="下个月改什么",
            presenter="host",
            report=0,
            discussion=10,
            recurring=True,
            questions=(
                (
                    "Three changes at most: who, by when, and which figure will show it?",
                    "最多三项改变：谁、何时完成、看哪个数据？",
                ),
            ),
        ),
    ),
)

DEPARTMENT_LIAISON = TemplateText(
    code="department-liaison",
    name_en="Cross-department liaison",
    name_zh="跨部门协调会",
    purpose_en="Logistics with sales, marketing and customer service: plans, stock and promises fit each other.",
    purpose_zh="物流与销售、市场、客服对齐：计划、库存和对客户的承诺彼此一致。",
    planned_minutes=60,
    period_grain="week",
    preread_form="three_pages",
    preread_lead_days=2,
    preread_open_days=5,
    correction_hours=12,
    preparation=Decimal("1.5"),
    usual_rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
    modules=(
        ModuleText(
            title_en="What each side needs from the other",
            title_zh="互提需求",
            presenter="host",
            report=5,
            discussion=0,
            recurring=True,
            questions=(
                (
                    "One sentence each: what do you need from whom, by when?",
                    "每人一句：需要谁、在什么时候、配合什么？",
                ),
            ),
        ),
        ModuleText(
            title_en="Logistics: what is on its way",
            title_zh="物流：在途与到仓",
            department="supply",
            report=5,
            discussion=10,
            questions=(
                ("Which shipment is late, and whose plan does it touch?", "哪批货晚了，影响谁的计划？"),
                (
                    "Which freight or customs risk should the others know about now?",
                    "哪项运价或清关风险需要大家现在就知道？",
                ),
            ),
            metrics=("days_of_supply", "on_time_delivery", "wh_stock", "fba_fee_share"),
        ),
        ModuleText(
            title_en="Sales and marketing: what is planned",
            title_zh="销售与市场：接下来的计划",
            department="sales",
            report=5,
            discussion=10,
            questions=(
                (
                    "Which offers and campaigns come in the next four weeks, and is the stock there?",
                    "未来四周有哪些活动和推广，库存跟得上吗？",
                ),
            ),
            metrics=("order_growth_7d", "units", "ad_spend"),
        ),
        ModuleText(
            title_en="Customer service: what comes back",
            title_zh="客服：退货与投诉",
            department="service",
            report=5,
            discussion=10,
            questions=(
                (
                    "Which returns come from damage, delay or a wrong item, and where do they begin?",
                    "哪些退货源于破损、延误或发错货，问题出在哪个环节？",
                ),
            ),
            metrics=("refund_rate_orders", "refund_loss"),
        ),
        ModuleText(
            title_en="Agreements between departments",
            title_zh="部门间约定",
            presenter="host",
            report=0,
            discussion=10,
            recurring=True,
            questions=(
                (
                    "Which key result do we carry together, and how is it measured?",
                    "哪个关键结果由我们共同承担，怎么衡量？",
                ),
                ("Who does what, and who tells whom when it slips?", "谁做什么，延误时谁通知谁？"),
            ),
        ),
    ),
)
