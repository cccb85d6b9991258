"""What the people of the demo company wrote and said. Content of a company, so it is not translated."""

from dataclasses import dataclass

from meetings.models import Decision
from meetings.services.decisions import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An action of a meeting: `item` is the agenda item's number, `days` the time given, `fate` what became of it."""

    title: str
    item: int
    owner: str
    department: str
    days: int
    criteria: tuple[str, ...]
    fate: str = "todo"
    progress: str = ""
    evidence: str = ""
    blocker: str = ""


ANSWERS: dict[str, tuple[str, ...]] = {
    "sales": (
        "花园剪刀与水管接头两款带动订单；园艺手套断货 6 天，少卖约 120 件。",
        "同类卖家把主推款降到 12.99 美元，我们守 14.99，转化没有明显下滑。",
        "墨西哥站询盘变多，先用 3 款试水。",
        "提高客单价：两件装、满 25 美元减 2 美元。",
    ),
    "marketing": (
        "自动广告里 18 个词花费 410 美元没有出单，已列入否定词。",
        "品牌词的点击成本上涨三成，建议把预算挪到商品投放。",
        "复购人群用优惠券触达，先做一个月对照。",
    ),
    "supply": (
        "头程改走慢船，每公斤省 0.8 元，时效多 9 天，补货点要提前两周。",
        "旺季前 FBA 仓储费每月多约 90 美元，先清 181 天以上的库存。",
    ),
    "finance": (
        "广告占比从 17% 升到 20%，净回款没有同步增长。",
        "退货造成的费用集中在两个 SKU，建议先改包装再降价。",
    ),
    "tech": (
        "独立站首屏 2.9 秒，目标 2.2 秒；图片压缩本周上线。",
        "库存同步每 4 小时一次，断货提醒因此晚半天。",
    ),
    "operations": (
        "改了 5 条 Listing 的主图与五点，转化率在看。",
        "A+ 页面等设计排期。",
    ),
}

PAST_NOTES: dict[int, tuple[str, ...]] = {
    1: ("老板：今年先保利润，再谈规模；每个部门说清楚钱花在哪里、换回什么。",),
    2: (
        "一月结算销售额 13,003.89 美元，客单价 14.43 美元，比去年十一月高 1.65 美元。",
        "园艺手套断货与补货点设置有关，转跨部门讨论。",
    ),
    3: ("广告占结算销售额 19.32%；不出单的词先停两周看自然单变化。",),
    4: ("十二月仓储费 172.70 美元，在一月账单里逐分对上。",),
    7: ("断货的根因是补货点按 30 天均值算，没有算上促销周；改为按 14 天加权。",),
}

PAST_DECISIONS: tuple[tuple[int, Content], ...] = (
    (
        3,
        Content(
            text="二月广告预算不超过 2,300 美元，超出部分须先说明预期增量。",
            kind=Decision.Kind.BUDGET,
            options="A 维持 2,500 美元\nB 降到 2,300 美元并停不出单的词（建议）",
        ),
    ),
    (4, Content(text="库龄超过 181 天的 6 个 SKU 三月底前清完，亏损单独列账。")),
    (7, Content(text="补货点统一改为 14 天加权销量，供应链每周一更新。")),
)

PAST_ACTIONS: tuple[Promise, ...] = (
    Promise(
        title="美国站 18 个不出单的搜索词加入否定词，四周内广告占比降到 18% 以下",
        item=3,
        owner="marketing",
        department="marketing",
        days=28,
        criteria=("广告占比（结算口径）连续四周低于 18%", "否定词清单上传到本行动"),
        fate="submitted",
        progress="第一批 11 个词已否定，花费每周少 70 美元。",
        evidence="四周广告占比：17.6%、17.9%、17.2%、16.8%。",
    ),
    Promise(
        title="清理美国仓库龄 181 天以上的 6 个 SKU，库存降到 0 件",
        item=4,
        owner="supply",
        department="supply",
        days=45,
        criteria=("六个 SKU 的库龄 181 天以上库存为 0", "亏损明细交财务"),
        fate="doing",
        progress="四个 SKU 已清完，剩两个在做站外折扣。",
    ),
    Promise(
        title="补货点改为 14 天加权销量，覆盖美国站全部 42 个在售 SKU",
        item=7,
        owner="supply",
        department="supply",
        days=14,
        criteria=("补货表 42 个 SKU 全部用新公式", "连续两周没有因补货点造成的断货"),
        fate="accepted",
        progress="公式已改，跑了一周。",
        evidence="补货表截图与两周断货记录（0 次）。",
    ),
    Promise(
        title="库存同步由 4 小时改为 1 小时一次，断货提醒 1 小时内送到供应链",
        item=6,
        owner="tech",
        department="tech",
        days=21,
        criteria=("连续 7 天同步间隔不超过 60 分钟", "模拟断货，提醒在 60 分钟内收到"),
        fate="todo",
    ),
    Promise(
        title="两个高退货 SKU 换包装，退款率从 3.7% 降到 2.5% 以下",
        item=2,
        owner="sales",
        department="sales",
        days=60,
        criteria=("两个 SKU 的退款率连续四周低于 2.5%",),
        fate="blocked",
        progress="新包装样品已确认。",
        blocker="退货原因数据只到月，判断不了是不是破损；要技术部把退货报表接进来。",
    ),
)

WEEK_NOTES: dict[int, tuple[str, ...]] = {
    1: ("老板：这周只盯一件事，主推款不能再断货。",),
    2: ("三个广告活动超预算，先降出价 15%，周五复看。",),
    4: ("慢船预计 12 月 3 日到港，差两天；加急空运 200 件的成本由供应链报。",),
}

WEEK_ACTIONS: tuple[Promise, ...] = (
    Promise(
        title="三个超预算的广告活动出价下调 15%，本周日均花费控制在 80 美元以内",
        item=2,
        owner="marketing",
        department="marketing",
        days=5,
        criteria=("本周日均花费不超过 80 美元（广告后台截图）",),
    ),
    Promise(
        title="报出主推款 200 件加急空运的成本与到仓日期",
        item=4,
        owner="supply",
        department="supply",
        days=2,
        criteria=("报价单列明单件成本、总价、到仓日期，发给主持人",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong: who noticed it how many hours ago, and what came of it."""

    title: str
    kind: str
    department: str
    hours_ago: int
    what: str
    reach: str = ""
    first_steps: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What happened to three of the promises (by their titles) between the review and today."""

    cleared: str
    packaging: str
    synchronised: str
    price_wanted: str
    price_given: str
    report_promised: str
    first_delay: str
    granted: str
    second_delay: str
    last_two: str
    last_two_done: str
    milestone: str
    talk: tuple[tuple[int, str, str], ...]
    incidents: tuple[Incident, ...]
    views: tuple[tuple[str, str, str, str, bool], ...]


ROBOT = "运营群机器人（示例，未启用）"

FOLLOW_UP = FollowUp(
    cleared=PAST_ACTIONS[1].title,
    packaging=PAST_ACTIONS[4].title,
    synchronised=PAST_ACTIONS[3].title,
    price_wanted="站外折扣要市场部定底价，没有底价就没法谈。",
    price_given="底价今天报给你：两款分别是 6.9 和 8.4 美元。",
    report_promised="退货报表的字段已和仓库对上，接好后每天早上 8 点更新。",
    first_delay="接口要等仓库系统升级，供应商给的时间是下周。",
    granted="同意，只此一次；升级当天就接。",
    second_delay="升级后字段改了名，需要重新对一遍，已经对完一半。",
    last_two="剩余两个 SKU 做站外折扣，库存从 310 件降到 0 件",
    last_two_done="两个 SKU 的库龄 181 天以上库存为 0（仓库报表截图）",
    milestone="两个 SKU 的折扣页上线",
    talk=(
        (30, "supply", "断货提醒还是晚半天，@赵磊 这周能先把主推款改成每小时同步吗？"),
        (26, "tech", "主推款 12 个 SKU 今晚先切过去，其余等升级。"),
        (5, "host", "@赵磊 新的截止时间我看到了，顺便写明哪些 SKU 已经切完。"),
    ),
    incidents=(
        Incident(
            title="园艺手套 Listing 因图片违规被下架",
            kind="operations",
            department="sales",
            hours_ago=16 * 24,
            what="上午 9 点发现园艺手套的主图被判违规，Listing 已下架，广告仍在花费。",
            reach="美国站一个主推款，日均 35 单；广告每小时约 3 美元。",
            first_steps="暂停该款广告，联系平台客服，换上备用主图。",
            outcome="换图后 26 小时恢复上架；主图改由两人复核，备用图每款备两张。",
        ),
        Incident(
            title="慢船晚到 4 天，水管接头预计断货 3 天",
            kind="supply",
            department="supply",
            hours_ago=5,
            what="货代通知船期顺延 4 天，按当前日销库存只够 11 天。",
            reach="美国站水管接头两款，约少卖 90 件。",
            first_steps="已询空运 200 件报价，今天 18 点前给结论。",
        ),
        Incident(
            title="墨西哥站三个月询盘为零，与年度计划不符",
            kind="strategic",
            department="sales",
            hours_ago=4 * 24,
            what="试水的三款连续三个月没有一单，计划里它们占全年增量的两成。",
            reach="年度目标缺口约 4 万美元。",
        ),
    ),
    views=(
        ("host", "逾期与受阻", "board", "status=open&overdue=true", True),
        ("boss", "本周到期", "table", "status=open&week=true", False),
    ),
)
