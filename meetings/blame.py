"""Whether a root cause looks for somebody at fault. What is mended is a process or a rule, never a person.

`find` names each finding in a sentence. Words that only look like a name (高峰 is a season and a person) are let pass
by whoever keeps the record, with a reason that the minutes print.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

# Words that say who failed instead of what failed.
BLAME_ZH = """
的错 的锅 的过错 的过失 背锅 甩锅 失职 渎职 偷懒 懒惰 粗心 马虎 大意 疏忽 不负责 没责任心 责任心不强 不用心 不认真
不上心 不配合 不作为 推诿 扯皮 能力不行 能力不足 能力差 水平不行 水平差 态度不好 态度差 执行力差 执行力不行 人为失误
人为原因 人为疏忽 都怪 怪他 怪她 忘记 忘了 某人 某某 个别人 个别员工 个别同事
""".split()
BLAME_EN = (
    r"faults? of",
    r"(?:’|')s? (?:own )?(?:fault|mistake|negligence)",
    r"(?:his|her|their|your) (?:own )?(?:fault|mistake|negligence)",
    r"to blame",
    r"blam(?:e|ed|ing)",
    r"human errors?",
    r"careless(?:ness|ly)?",
    r"negligen(?:t|ce|tly)",
    r"lazy|laziness",
    r"sloppy|sloppiness",
    r"incompeten(?:t|ce)",
    r"irresponsib(?:le|ility)",
    r"unreliable (?:person|people|colleagues?)",
    r"did(?:n(?:’|')t| not) care",
    r"forgot(?:ten)?",
    r"somebody|someone",
)
_BLAME = re.compile(
    "|".join(map(re.escape, sorted(BLAME_ZH, key=len, reverse=True)))
    + rf"|(?:\b|(?<=\w))(?:{'|'.join(BLAME_EN)})\b",
    re.IGNORECASE,
)
# 王总, 李经理: a family name with a title. Whose it is is looked up among the colleagues.
TITLES = "总 总监 经理 主管 组长 老师 工 姐 哥".split()
SHORTEST_PART = 3


def find(text: str, names: Iterable[str]) -> list[str]:
    """A sentence for each person and each blaming word in the text; `names` are those of the colleagues."""
    found = [
        _("“%(name)s” is a person. Name the process or rule that let it happen.") % {"name": name}
        for name in dict.fromkeys(_person(text, name) for name in names)
        if name
    ]
    words = dict.fromkeys(match.group().strip() for match in _BLAME.finditer(text))
    found += [
        _("“%(word)s” asks who failed. Write what in the process let it happen.") % {"word": word}
        for word in words
    ]
    return found


def _person(text: str, name: str) -> str:
    """How this person is named in the text, "" when they are not."""
    name = name.strip()
    if not name:
        return ""
    if _is_chinese(name):
        called = [name, *(name[0] + title for title in TITLES)] if len(name) > 1 else []
        return next((one for one in called if one in text), "")
    # A full name however it is written, a part of it only as a name is written: “may” is no colleague.
    if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
        return name
    parts = [part for part in name.split() if len(part) >= SHORTEST_PART and part[0].isupper()]
    return next((part for part in parts if re.search(rf"\b{re.escape(part)}\b", text)), "")


def _is_chinese(name: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in name)
