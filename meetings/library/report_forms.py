"""How a department's report is laid out: its sections, in their order, for each kind of pre-read form.

Texts are pairs (English, Chinese), because a revision keeps its headings in both languages. The key of a TEXT section
is the key of its text (`PreReadText` of kind "section"), the other kinds are rows of their own. A section of the
weekly form stands on one of its three pages.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language

from meetings.models import Template

Pair = tuple[str, str]


class Kind(StrEnum):
    FIGURES = "figures"
    TEXT = "text"
    QUESTIONS = "questions"
    PROBLEMS = "problems"
    RESOURCES = "resources"
    DECISIONS = "decisions"
    DOCUMENTS = "documents"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One section: what it is called, what is asked for, and which page of the weekly form it is on (0: none)."""

    key: str
    kind: Kind
    title: Pair
    ask: Pair = ("", "")
    page: int = 0

    @property
    def heading(self) -> str:
        return _in_language(self.title)

    @property
    def prompt(self) -> str:
        return _in_language(self.ask)


def _in_language(pair: Pair) -> str:
    return pair[1 if (get_language() or "").startswith("zh") else 0]


FIGURES = SectionForm(
    "figures",
    Kind.FIGURES,
    ("Key figures", "关键指标"),
    (
        "Filled in from the imported reports. A move beyond the tolerance asks for its cause in one sentence.",
        "由已导入的报表自动填好；变动超出容差的指标，请用一句话写明原因。",
    ),
)
QUESTIONS = SectionForm(
    "questions",
    Kind.QUESTIONS,
    ("Guiding questions", "引导问题"),
    ("The questions of your part of the agenda.", "本部门议程环节要回答的问题。"),
)
PROBLEMS = SectionForm(
    "problems",
    Kind.PROBLEMS,
    ("Problems and proposed solutions", "问题与解决方案"),
    (
        "Bring a problem early, with its root cause and what you propose.",
        "问题早暴露：写清问题、根本原因和你的解决方案。",
    ),
)
RESOURCES = SectionForm(
    "resources",
    Kind.RESOURCES,
    ("Resource requests", "资源申请"),
    (
        "What it costs, what the like returned, what it is to bring.",
        "要花多少、以往同类投入回报多少、预计带来多少增量。",
    ),
)
DECISIONS = SectionForm(
    "decisions",
    Kind.DECISIONS,
    ("Decisions needed", "需要决策的事项"),
    (
        "At least two options, the one you recommend and why, and who may decide.",
        "至少两个方案，写明推荐哪个、理由，以及由谁拍板。",
    ),
)
FREE = SectionForm("free", Kind.FREE, ("Anything else", "其他"))

REVIEW = (
    FIGURES,
    SectionForm(
        "went_well",
        Kind.TEXT,
        ("What went well", "做得好的地方"),
        ("What worked, and what made it work?", "哪些事做成了，靠的是什么？"),
    ),
    PROBLEMS,
    SectionForm(
        "risks",
        Kind.TEXT,
        ("Risks", "风险"),
        ("What may go wrong next period, and how would you notice?", "下期可能出什么问题，怎样及早发现？"),
    ),
    QUESTIONS,
    RESOURCES,
    DECISIONS,
    FREE,
)

THREE_PAGES = (
    SectionForm(
        "figures",
        Kind.FIGURES,
        ("Attainment of key figures", "关键指标达成"),
        (
            "Against the target and the week before. A move beyond the tolerance asks for its cause.",
            "对照目标与上周；变动超出容差的指标，请写明原因。",
        ),
        page=1,
    ),
    SectionForm(
        "key_items",
        Kind.TEXT,
        ("Key items", "重点事项"),
        ("What was done, with screenshots as evidence.", "做了什么，附截图为证。"),
        page=2,
    ),
    SectionForm("questions", Kind.QUESTIONS, QUESTIONS.title, QUESTIONS.ask, page=2),
    SectionForm("problems", Kind.PROBLEMS, PROBLEMS.title, PROBLEMS.ask, page=2),
    SectionForm("decisions", Kind.DECISIONS, DECISIONS.title, DECISIONS.ask, page=3),
    SectionForm("resources", Kind.RESOURCES, RESOURCES.title, RESOURCES.ask, page=3),
    SectionForm(
        "next_week",
        Kind.TEXT,
        ("Next week", "下周计划"),
        ("The three things that matter most next week.", "下周最要紧的三件事。"),
        page=3,
    ),
    SectionForm("free", Kind.FREE, FREE.title, page=3),
)

YEAR_END = (
    FIGURES,
    SectionForm(
        "documents",
        Kind.DOCUMENTS,
        ("Required documents", "必交材料"),
        ("One file for each; add more where one is not enough.", "每项至少上传一个文件，可多传。"),
    ),
    QUESTIONS,
    SectionForm(
        "attribution",
        Kind.TEXT,
        ("Attribution of the year's result", "全年业绩归因"),
        (
            "What made the result: market, product, advertising, supply, ourselves?",
            "结果从何而来：市场、产品、广告、供应链，还是我们自己？",
        ),
    ),
    SectionForm(
        "problems",
        Kind.PROBLEMS,
        ("Problems down to the root cause", "问题根因（5-Why）"),
        ("Ask why up to five times for each.", "每个问题连问最多五个为什么，直到根本原因。"),
    ),
    SectionForm(
        "gaps",
        Kind.TEXT,
        ("Resource gaps", "资源缺口"),
        ("Which skills, people or money are missing?", "缺哪些能力、人手或资金？"),
    ),
    RESOURCES,
    SectionForm(
        "goals",
        Kind.TEXT,
        ("Goals for next year", "下年目标"),
        (
            "Specific, measurable, within reach, relevant and dated.",
            "具体、可衡量、可达成、相关、有期限。",
        ),
    ),
    DECISIONS,
    FREE,
)

FORMS: dict[str, tuple[SectionForm, ...]] = {
    Template.PreReadForm.REVIEW: REVIEW,
    Template.PreReadForm.THREE_PAGES: THREE_PAGES,
    Template.PreReadForm.YEAR_END: YEAR_END,
    Template.PreReadForm.NONE: (),
}

PAGES: dict[int, Pair] = {
    1: ("Page 1: attainment", "第 1 页：指标达成"),
    2: ("Page 2: key items", "第 2 页：重点事项"),
    3: ("Page 3: decisions", "第 3 页：需要决策"),
}


def sections(form: str) -> tuple[SectionForm, ...]:
    """The sections of a kind of form; an unknown one is laid out as a review."""
    return FORMS.get(form, REVIEW)


def section(form: str, key: str) -> SectionForm | None:
    return next((one for one in sections(form) if one.key == key), None)


def page_heading(page: int) -> str:
    return _in_language(PAGES[page]) if page in PAGES else ""
