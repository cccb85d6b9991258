from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from meetings import lines
from people.models import User, sort_key

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)  # a Tuesday


def person(number, name):
    return User(pk=number, name=name, email=f"p{number}@fupan.test", name_sort=sort_key(name))


LI, BOSS, ANN, ANNA = person(1, "李明"), person(2, "王总"), person(3, "Ann Lee"), person(4, "Anna Berg")
PEOPLE = [LI, BOSS, ANN, ANNA]


def read(typed, **options):
    return lines.read(typed, people=PEOPLE, now=NOW, zone=SHANGHAI, **options)


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("d 停售 A12", "d", "停售 A12"),
        ("a：换主图", "a", "换主图"),
        ("n", "n", ""),
        ("p logistics", "p", "logistics"),
        ("i 退货率 8%", "i", "退货率 8%"),
        ("Germany was out of stock", "n", "Germany was out of stock"),
        ("A new supplier", "n", "A new supplier"),
        ("price up", "n", "price up"),
        ("今天的要点", "n", "今天的要点"),
    ],
)
def test_the_first_letter_says_what_a_line_is(typed, kind, text):
    line = read(typed)

    assert (line.kind, line.text) == (kind, text)


def test_a_kind_that_was_chosen_by_key_leaves_the_words_alone():
    line = read("a b test for the landing page", kind="n")

    assert (line.kind, line.text) == ("n", "a b test for the landing page")


def test_an_action_gives_its_owner_day_and_criteria_and_keeps_the_rest():
    line = read("a 换 A12 主图 @李明 下周二 18:00 验收：点击率 ≥ 2%；主图已上线")

    assert (line.text, line.person, line.criteria) == ("换 A12 主图", LI, ("点击率 ≥ 2%", "主图已上线"))
    assert (line.said.day.isoformat(), line.said.clock.hour) == ("2026-12-01", 18)


def test_english_with_the_name_in_front_and_behind():
    line = read("a @Ann Lee raises the price of A12 to 29.90 by next Tuesday, done: live in all shops")
    behind = read("a raise the price of A12 done: live in all shops @Ann Lee")

    assert (line.text, line.person, line.criteria) == (
        "raises the price of A12 to 29.90",
        ANN,
        ("live in all shops",),
    )
    assert (behind.person, behind.criteria) == (ANN, ("live in all shops",))


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        ("@李明看一下", LI),
        ("@liming", LI),
        ("@lm", LI),
        ("@WANGZONG", BOSS),
        ("@ann", ANN),
        ("@al", ANN),
        ("@p4@fupan.test", ANNA),
        ("＠李明", LI),
    ],
)
def test_people_by_name_pinyin_first_letters_and_address(typed, whom):
    assert read(f"a {typed} 换图").person == whom


@pytest.mark.parametrize("typed", ["@张三", "@a", "@Annabel", "@ann_x"])
def test_a_name_that_fits_nobody_stays_in_the_text_and_is_said(typed):
    line = read(f"a 换图 {typed}")

    assert (line.person, line.unknown) == (None, (typed[1:],))
    assert typed in line.text


def test_a_name_that_fits_two_people_is_nobodys():
    twin = person(9, "李铭")

    line = lines.read("a 换图 @liming", people=[*PEOPLE, twin], now=NOW, zone=SHANGHAI)

    assert (line.people, line.unknown) == ((), ("liming",))


def test_an_address_within_the_text_names_nobody():
    line = read("a write to sales@fupan.test about A12")

    assert (line.people, line.unknown) == ((), ())


def test_a_day_in_a_decision_is_part_of_it():
    line = read("d 12-05 起 A12 停售 @王总")

    assert (line.text, line.said, line.person) == ("12-05 起 A12 停售", None, BOSS)


@pytest.mark.parametrize(
    "typed",
    [
        "日本站开站 推迟到 12-05",
        "日本站开站，延期至12月5日",
        "日本站开站 暂缓到12-05",
        "日本站开站 deferred until 12-05",
    ],
)
def test_a_decision_that_is_put_off_says_until_when(typed):
    line = read(f"d {typed}")

    assert (line.text, line.is_deferred, line.said.day.isoformat()) == ("日本站开站", True, "2026-12-05")


def test_notes_and_issues_stay_as_they_were_typed():
    for letter in "ni":
        line = read(f"{letter} @李明 12-05 说 验收：没有")
        assert (line.text, line.people, line.said) == ("@李明 12-05 说 验收：没有", (), None)
