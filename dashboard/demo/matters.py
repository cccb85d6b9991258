"""What the people of the demo company found out, thought of a meeting, and held against its minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """An issue: during which item (by number) who raised it, on which figure it rests, and what was found out."""

    text: str
    item: int
    raised_by: str
    figure: str = ""
    needs: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    whys: tuple[str, ...] = ()
    root_cause: str = ""
    process: str = ""
    solution: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    login: str
    score: int
    reason: str = ""


PRIORITY = "园艺手套为什么又断货？今天要定下补货规则，别再靠加班盯。"

PAST_MATTERS = (
    Matter(
        text="园艺手套断货 6 天，少卖约 120 件",
        item=2,
        raised_by="sales",
        figure="units",
        needs=("supply", "tech"),
        votes=("supply", "marketing", "boss"),
        whys=(
            "促销周销量是平时的两倍，库存提前卖空。",
            "补货点没有跟着促销抬高。",
            "补货点按 30 天均值算，促销周被摊平了。",
            "补货表里没有促销日历，供应链看不到活动计划。",
        ),
        root_cause="补货点的算法不含促销周，促销日历也没有进补货表。",
        process="补货点计算规则（每周一更新）",
        solution="改用 14 天加权销量，促销日历由市场部每周五写入补货表。",
    ),
    Matter(
        text="广告花费涨得比销售额快，自然单没有跟上",
        item=3,
        raised_by="finance",
        figure="ad_spend",
        needs=("sales",),
        votes=("boss",),
    ),
)

SUMMARY = (
    "一月销售额与上月持平，广告占比偏高，断货是最大的损失。会议定下三件事：广告预算封顶、"
    "长库龄清仓、补货点改用 14 天加权销量并接入促销日历。"
)
WEEK_SUMMARY = "本周只盯一件事：主推款不断货。三个超预算的广告活动先降出价，周五复看。"

PAST_VOICES = (
    Voice("boss", 8, "数字终于只有一套，省下了对数的时间。"),
    Voice("sales", 7, "讨论部分时间够，报告可以再短。"),
    Voice("marketing", 6, "财务没交预读材料，临场翻数耽误了十分钟。"),
    Voice("supply", 8),
    Voice("data", 9, "差异会前就裁定了。"),
)
WEEK_VOICES = (Voice("marketing", 8, "节奏快。"), Voice("supply", 7))

OBJECTION = "市场部的原话是“先停两周再看”，纪要写成了“停掉不出单的词”。"
ANSWER = "第 3 项记录里写的就是“先停两周看自然单变化”，与原话一致，保留。"
CORRECTION = "第 2 项：少卖约 120 件应为“约 120 件，按前四周日均估算”。"
