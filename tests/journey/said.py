"""What is said and written in the live review, in both languages. Names of people are the same in both."""

from dataclasses import dataclass

from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`line_*` are typed on the recorder's one line; the others are what is left of them, or go into fields."""

    ready_reason: str
    priority: str
    note: str
    line_decision: str
    decision: str
    line_deferred: str
    deferred: str
    line_parked: str
    parked: str
    issue: str
    line_vague: str
    vague: str
    action: str
    criteria: str
    floor: str
    whys: tuple[str, str]
    blame: str
    cause: str
    process: str
    solution: str
    end_reason: str
    summary: str
    objection: str
    answer: str
    correction: str
    rating: str
    query: str


SAID = {
    User.Language.ZH.value: Said(
        ready_reason="财务部在结账，会上口头补充。",
        priority="广告花费涨得比销售快，今天要定下上限。",
        note="园艺手套断货与补货点有关，转跨部门讨论。",
        line_decision="d @周立群 手套与剪刀的安全库存按 14 天加权销量重算",
        decision="手套与剪刀的安全库存按 14 天加权销量重算",
        line_deferred="d @周立群 墨西哥站上线 推迟到下周二",
        deferred="墨西哥站上线",
        line_parked="p 换仓库的供应商 12-05",
        parked="换仓库的供应商",
        issue="促销日历没有进补货表",
        line_vague="a 优化广告 @王芳 下周二 18:00",
        vague="优化广告",
        action="美国站三款主推品的广告占比四周内从 20% 降到 17% 以下",
        criteria="三款主推品连续两周广告占比低于 17%",
        floor="订单口径要补充一句",
        whys=("促销周销量是平时的两倍，库存提前卖空。", "补货点按 30 天均值算，促销周被摊平了。"),
        blame="王芳没有盯住库存",
        cause="补货点的算法不含促销周。",
        process="补货点计算规则",
        solution="改用 14 天加权销量，促销日历每周五写入补货表。",
        end_reason="其余部门改在周五逐个过，今天先落实补货。",
        summary="一月断货是最大的损失；安全库存改按 14 天加权销量。",
        objection="墨西哥站我说的是先备货再上线。",
        answer="已记在推迟的决策里，保留原文。",
        correction="第 2 项：少卖约 120 件，按前四周日均估算。",
        rating="数字只有一套，省下了对数的时间。",
        query="加权",
    ),
    User.Language.EN.value: Said(
        ready_reason="Finance is closing its books and reports by word of mouth.",
        priority="Advertising grows faster than sales: today we set its ceiling.",
        note="The gloves ran out because of the reorder point; several departments have to look at it.",
        line_decision="d @周立群 Reorder points follow the weighted sales of 14 days",
        decision="Reorder points follow the weighted sales of 14 days",
        line_deferred="d @周立群 Launch the shop in Mexico, deferred until next Tuesday",
        deferred="Launch the shop in Mexico",
        line_parked="p Another supplier for the warehouse 12-05",
        parked="Another supplier for the warehouse",
        issue="The calendar of promotions is not in the reorder sheet",
        line_vague="a optimise ads @王芳 next Tuesday 18:00",
        vague="optimise ads",
        action="Bring the ad share of the three main products in the US down from 20% to 17% within four weeks",
        criteria="Two weeks in a row below 17% for each of the three products",
        floor="One word on how orders are counted",
        whys=(
            "Promotions sell twice as much, so stock ran out early.",
            "The reorder point is a mean of 30 days, which flattens promotions.",
        ),
        blame="王芳 did not watch the stock",
        cause="The reorder point leaves promotions out.",
        process="Rule of the reorder point",
        solution="Weigh the last 14 days, and write promotions into the sheet every Friday.",
        end_reason="The other departments follow on Friday; today the reorder point counts.",
        summary="Running out of stock cost us most in January; reorder points now weigh 14 days.",
        objection="On Mexico I said stock first, then launch.",
        answer="That is why it was deferred; the text stays.",
        correction="Item 2: about 120 pieces fewer, by the daily mean of the four weeks before.",
        rating="One set of figures saved us the time of comparing them.",
        query="weighted",
    ),
}
