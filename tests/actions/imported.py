"""Files as other programs write them, for the tests of importing."""

import io
import json

import openpyxl


def workbook(*rows) -> bytes:
    """As Excel and WPS save it: texts shared, no inline strings."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ASANA = """Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies)
1200000000000001,2027-01-04,,2027-01-05,Cut the ACoS of the air fryer in Germany to 25 %,Doing,Han Mei,han@x.example,,2027-03-05,,Bids first,Ads,,,
1200000000000002,2027-01-04,2027-01-20,2027-01-20,Photograph the kettle,Done,Han Mei,han@x.example,,2027-01-15,,,Ads,,,
1200000000000003,2027-01-04,,2027-01-05,Ask the carrier,To do,,,,,,"Two lines,
one cell",Ads,,,
"""  # noqa: E501 - one line is one record


def asana() -> bytes:
    return ASANA.encode("utf-8-sig")


def feishu() -> bytes:
    return workbook(
        ["任务标题", "任务描述", "执行者", "截止时间", "完成时间", "创建人", "任务清单"],
        [
            "把德国站空气炸锅的 ACoS 降到 25%",
            "先调整竞价",
            "韩梅,李雷",
            "2027/03/05 18:00",
            "",
            "李雷",
            "广告",
        ],
        ["更换包装供应商", "", "王小明", "2027年3月8日", "", "李雷", "供应链"],
        ["拍摄水壶主图", "", "韩梅", "2027/01/15", "2027/01/14 10:20", "李雷", "广告"],
    )


def trello() -> bytes:
    return json.dumps(
        {
            "name": "Advertising",
            "lists": [
                {"id": "l1", "name": "Doing", "closed": False},
                {"id": "l2", "name": "Old", "closed": True},
            ],
            "members": [{"id": "m1", "fullName": "Han Mei", "username": "hanmei"}],
            "checklists": [
                {
                    "id": "k1",
                    "idCard": "c1",
                    "checkItems": [
                        {"name": "approved by finance", "pos": 2, "state": "incomplete"},
                        {"name": "ACoS ≤ 25 % in week 12", "pos": 1, "state": "complete"},
                    ],
                }
            ],
            "cards": [
                {
                    "id": "c1",
                    "name": "Cut the ACoS of the air fryer in Germany to 25 %",
                    "desc": "Bids first",
                    "due": "2027-03-05T10:00:00.000Z",
                    "dueComplete": False,
                    "closed": False,
                    "idList": "l1",
                    "idMembers": ["m1"],
                    "url": "https://trello.com/c/abc",
                },
                {"id": "c2", "name": "Archived", "closed": True, "idList": "l1", "idMembers": []},
                {"id": "c3", "name": "Done", "dueComplete": True, "closed": False, "idList": "l1"},
                {"id": "c4", "name": "In an old list", "closed": False, "idList": "l2"},
            ],
        }
    ).encode()
