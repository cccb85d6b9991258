"""The database cuts texts up as Python cuts queries up, so that whatever stands in a text is found."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core import grams
from meetings.models import Note
from meetings.services import notes
from tests.meetings import room_factories

pytestmark = pytest.mark.django_db


def cut(*texts: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(fupan_grams(VARIADIC %s::text[]))", [list(texts)])
        return set(cursor.fetchone()[0])


def is_found(query: str, text: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fupan_grams(%s::text) @@ %s::tsquery", [text, grams._tsquery(query)])
        return cursor.fetchone()[0]


def test_chinese_is_cut_into_pairs_and_english_into_words():
    assert cut("欧洲关税 Rise of ACoS-25%") == {"欧洲", "洲关", "关税", "税", "rise", "of", "acos", "25"}


def test_columns_are_taken_together_and_empty_ones_do_not_matter():
    assert cut("a", "", "关") == {"a", "关"}
    assert cut("", "…") == set()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("关税", "美国对欧洲的关税上调"),
        ("税", "美国对欧洲的关税"),
        ("美", "美国对欧洲的关税"),
        ("tariff", "New tariffs from May"),
        ("ACOS 广告", "广告花费：ＡＣＯＳ 超过 35%"),
        ("B07XJ8C8F5", "ASIN b07xj8c8f5 断货"),
        ("Müll", "Der MÜLL und die müllabfuhr"),
    ],
)
def test_what_stands_in_a_text_is_found(query, text):
    assert is_found(query, text)


@pytest.mark.parametrize(
    ("query", "text"), [("关税", "关于税务"), ("ariff", "tariffs"), ("", "anything"), ("' | 'a", "b")]
)
def test_what_does_not_stand_there_is_not_found(query, text):
    assert not is_found(query, text)


TEXTS = st.text(st.sampled_from("关税上调a9 ，。Ü'\\:&|!*é한국ひ"), min_size=1, max_size=30)


@given(TEXTS, st.integers(0, 29), st.integers(1, 6))
def test_every_run_of_a_text_is_found_and_nothing_breaks(text, start, length):
    found = grams.words(text)
    run = found[start % len(found)] if found else ""
    is_chinese = bool(run) and grams.WORD.fullmatch(run).lastgroup == "run"
    piece = run[start % len(run) :][:length] if is_chinese else run[:length]
    assert is_found(text, text) is bool(found)
    if piece:
        assert is_found(piece, text)


def test_revisions_are_searched_in_all_of_their_strings():
    with connection.cursor() as cursor:
        cursor.execute("""SELECT fupan_grams('{"texts": [{"text": "海运涨价", "n": 7}]}'::jsonb)::text""")
        assert "'涨价'" in cursor.fetchone()[0]


def test_the_condition_is_answered_by_the_index():
    meeting = room_factories.meeting(status="in_progress")
    by, now = meeting.host, meeting.started_at
    note = notes.add(meeting=meeting, item=None, text="海运涨价 12 %", by=by, now=now)
    notes.add(meeting=meeting, item=None, text="空运降价", by=by, now=now)
    found = Note.objects.filter(grams.says("海运", "text"))
    assert list(found) == [note]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "note_grams" in found.explain()
