"""Which column of a list is what, by its name: our own exports in every language, Asana, Feishu, and common words."""

import re
from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils import translation

from actions.exports.columns import COLUMNS
from actions.models import ActionImport

Source = ActionImport.Source

# Field → names that lists give it. The names of our own exports are added from their columns.
NAMES: dict[str, tuple[str, ...]] = {
    "number": ("no", "no.", "编号", "行动项编号"),
    "external_id": ("task id", "id", "任务id", "任务编号", "记录id", "record id", "guid"),
    "title": (
        "title", "name", "task", "task name", "to do", "what", "summary", "action item",
        "标题", "任务", "任务标题", "任务名称", "事项", "行动项", "待办", "待办事项", "工作内容", "要做什么",
    ),
    "description": (
        "notes", "note", "details", "background", "content",
        "描述", "任务描述", "备注", "说明", "详情", "任务详情", "背景",
    ),
    "owner": (
        "who", "assignee", "assigned to", "responsible", "person responsible", "dri",
        "责任人", "负责人", "执行人", "执行者", "任务执行人", "任务执行者", "经办人", "承办人",
    ),
    "owner_email": ("assignee email", "owner email", "owner e-mail", "负责人邮箱", "责任人邮箱"),
    "acceptor": ("accepted by", "reviewer", "approver", "验收人", "审核人", "确认人"),
    "department": ("team", "dept", "部门", "所属部门", "责任部门", "负责部门"),
    "due": (
        "due", "due date", "due at", "by when", "until", "end date", "finish by",
        "截止时间", "截止日期", "截止", "到期时间", "到期日", "期限", "完成期限", "计划完成时间", "计划完成日期",
    ),
    "zone": ("timezone", "tz", "时区"),
    "criteria": (
        "criteria", "acceptance criterion", "definition of done", "done when",
        "验收标准", "完成标准", "交付标准", "衡量标准",
    ),
    "status": ("state", "progress", "状态", "任务状态", "完成状态", "进展", "是否完成"),
    "finished_at": ("completed at", "completed on", "完成时间", "完成日期", "实际完成时间"),
}  # fmt: skip
# Names that tell where a list comes from: so many of them are enough.
SIGNS: dict[str, tuple[frozenset[str], int]] = {
    Source.ASANA: (frozenset({"task id", "completed at", "last modified", "section/column", "assignee email"}), 3),
    Source.FEISHU: (
        frozenset({
            "任务标题", "执行者", "任务执行者", "任务清单", "任务描述", "父记录", "任务id", "关注人", "所属清单",
            "子任务", "创建人", "最后更新时间", "多行文本",
        }),
        2,
    ),
}  # fmt: skip
# Words for a state in which nothing is left to do.
FINISHED = frozenset({
    "done", "complete", "completed", "closed", "finished", "cancelled", "canceled", "yes", "true", "accepted",
    "完成", "已完成", "已结束", "关闭", "已关闭", "取消", "已取消", "是", "已验收",
})  # fmt: skip


def plain(name: object) -> str:
    """A column's name without what differs by hand: case, spaces, stars, brackets with explanations."""
    text = re.sub(r"[(（\[【].*?[)）\]】]", "", str(name).replace("\ufeff", "")).casefold()
    return re.sub(r"[\s_*＊:：]+", " ", text).strip()


@cache
def known() -> dict[str, str]:
    """Plain name → field."""
    names = {plain(name): field for field, group in NAMES.items() for name in group}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {plain(str(column.label)): column.code for column in COLUMNS}
    return names


def fields(head: Sequence[object]) -> dict[int, str]:
    """Position → field, for the columns that are known; of two that mean the same the first counts."""
    found: dict[int, str] = {}
    for position, name in enumerate(head):
        field = known().get(plain(name))
        if field is not None and field not in found.values():
            found[position] = field
    return found


def source(head: Sequence[object]) -> str:
    """Where a list with this head comes from."""
    names = {plain(name) for name in head}
    for code, (signs, enough) in SIGNS.items():
        if len(names & signs) >= enough:
            return code
    return Source.SHEET
