"""What is said and written while promises are kept, in both languages. Names of people are the same in both."""

from dataclasses import dataclass

from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAfter:
    """`word` is in the titles of all three promises, so that the list finds them by it."""

    word: str
    moved: str
    late: str
    third: str
    moved_when: tuple[str, str]
    late_when: tuple[str, str]
    third_when: tuple[str, ...]
    because: str
    in_words: str
    blocked: str
    help: str
    shown: tuple[str, str]
    missing: str
    added: str
    next_step: str
    view: str
    all_later: str
    incident: str
    incident_what: str
    incident_reach: str


SAID_AFTER = {
    User.Language.ZH.value: SaidAfter(
        word="喷枪套装",
        moved="喷枪套装的退货率从 6% 降到 4%，美国站",
        late="喷枪套装的说明书改为 3 步图解，随 12 月批次装箱",
        third="喷枪套装的 5 条差评逐条回复，并给出补件方案",
        moved_when=("连续两周退货率低于 4%（退货报表）", "退货原因里“接口不合”少于 5 单"),
        late_when=("3 步图解交印刷厂", "抽检 20 箱，每箱都有说明书"),
        third_when=("5 条差评都有回复和补件单号",),
        because="新接口的模具晚到一周，样品还没测完。",
        in_words="+9天",
        blocked="退货报表里没有退货原因这一列。",
        help="加上退货原因，每天早上 8 点更新。",
        shown=("图解第 3 版已发印刷厂，附回执编号 1182。", "开了 20 箱，每箱都有，照片在群文件。"),
        missing="第 2 步的图看不出垫圈方向，请换成实拍。",
        added="第 4 版换成实拍，垫圈方向用箭头标出。",
        next_step="周四拿到样品，当天测三种水压。",
        view="喷枪套装跟进",
        all_later="换供应商，一起顺延一周。",
        incident="喷枪套装在美国站被投诉漏水，两天 14 单",
        incident_what="买家附照片：接口处漏水，集中在 11 月第 2 批。",
        incident_reach="美国站一个主推款，库存 620 件同批。",
    ),
    User.Language.EN.value: SaidAfter(
        word="nozzle",
        moved="Bring the return rate of the nozzle set in the US from 6% down to 4%",
        late="Print 3 picture steps for the nozzle set and pack them with the lot of December",
        third="Answer the 5 bad reviews of the nozzle set, each with a spare part",
        moved_when=(
            "Two weeks in a row below 4% (report of returns)",
            "Fewer than 5 returns because it does not fit",
        ),
        late_when=("The 3 picture steps are with the printer", "20 boxes opened, the sheet is in each"),
        third_when=("5 reviews answered, each with the number of its spare part",),
        because="The mould came a week late; the samples are not tested yet.",
        in_words="+9d",
        blocked="The report of returns has no column with the reason.",
        help="The reason comes in, every morning at eight.",
        shown=(
            "Third version went to the printer, receipt 1182.",
            "Opened 20, all have it; photographs are in the folder.",
        ),
        missing="Step 2 does not show which way the washer lies: use a photograph.",
        added="Fourth version has the photograph, an arrow shows the washer.",
        next_step="Samples on Thursday; three pressures the same day.",
        view="Nozzle set",
        all_later="Another supplier: all of them a week later.",
        incident="Nozzle set leaks in the US, 14 complaints within two days",
        incident_what="Photographs show water at the joint; all from the second lot of November.",
        incident_reach="One main product in the US, 620 pieces of the same lot in stock.",
    ),
}
