import re
from pathlib import Path
from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.templatetags.ui import FLAGS, NAVIGATION, TONE_ICONS, initials

ROOT = Path(__file__).resolve().parent.parent.parent
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/vendor/icons.svg").read_text()))


def render(source: str, **context) -> str:
    with translation.override("en"):
        return Template("{% load ui forms django_tables2 %}" + source).render(Context(context))


class NoteForm(forms.Form):
    title = forms.CharField(max_length=5, help_text="A few words.")
    text = forms.CharField(required=False, widget=forms.Textarea)
    is_pinned = forms.BooleanField(required=False)
    role = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])

    def clean(self):
        raise forms.ValidationError("Both together cannot be.")


def test_every_icon_that_is_named_is_in_the_sprite():
    named = (
        {entry[2] for entry in NAVIGATION} | {flag[0] for flag in FLAGS.values()} | set(TONE_ICONS.values())
    )
    for page in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"', page.read_text(encoding="utf-8")))

    assert named - SPRITE == set()


def test_icon_is_decoration_unless_it_has_words():
    assert 'aria-hidden="true"' in render('{% icon "trash" %}')
    assert 'role="img" aria-label="Delete"' in render('{% icon "trash" "Delete" %}')


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("欧阳海燕", "海燕"),
        ("王芳", "王芳"),
        ("Maria Lopez", "ML"),
        ("cher", "C"),
        ("", "?"),
        ("李 想", "李想"),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_person_is_escaped_and_nobody_is_said():
    mallory = SimpleNamespace(pk=3, name="<b>Mallory</b>")

    assert "&lt;b&gt;Mallory&lt;/b&gt;" in render("{% person one %}", one=mallory)
    assert 'aria-label="&lt;b&gt;' in render("{% person one name=False %}", one=mallory)
    assert "nobody" in render("{% person one %}", one=None)


@pytest.mark.parametrize("code", FLAGS)
def test_flag_has_icon_and_word(code):
    html = render("{% flag code 'detail' %}", code=code)

    assert f'data-flag="{code}"' in html
    assert "<use " in html
    with translation.override("en"):
        assert f"{FLAGS[code][2]} detail" in html


def test_badge_and_progress_say_what_they_show():
    assert re.search(r'data-state="open">.*</svg>Open</span>', render('{% badge "open" "Open" "blue" %}'))
    bar = render('{% progress 3 5 "3 of 5 in" %}')
    assert '<progress value="3" max="5" aria-label="3 of 5 in">' in bar
    assert '<progress value="0" max="1"' in render("{% progress 0 0 %}")


def test_field_names_its_hint_and_its_error():
    html = render("{% field form.title %}", form=NoteForm({"title": "much too long"}))

    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert [name in html for name in (f'id="{one}"' for one in described)] == [True, True]
    assert 'aria-invalid="true"' in html
    assert 'value="much too long"' in html


def test_error_summary_counts_and_links_to_the_fields():
    html = render("{% form_errors form %}", form=NoteForm({}))

    assert "3 things are missing or wrong" in html
    assert "Both together cannot be." in html
    assert 'href="#id_title"' in html


def test_error_summary_is_silent_until_the_form_is_sent():
    assert render("{% form_errors form %}", form=NoteForm()).strip() == ""


def test_fields_that_may_stay_empty_say_so():
    html = render("{% fields form %}", form=NoteForm())

    assert html.count("(optional)") == 1
    assert html.count("<fieldset") == 1
    assert 'type="checkbox"' in html


class RowTable(tables.Table):
    title = tables.Column()
    value = tables.Column(attrs={"td": {"class": "num"}})
    closed = tables.Column(orderable=False)


def table_html(rows, query="", **options) -> str:
    table = RowTable(rows, **options)
    table.paginate(page=1, per_page=2)
    with translation.override("en"):
        return table.as_html(RequestFactory().get(f"/?{query}"))


def test_table_cells_carry_their_column_for_the_phone():
    html = table_html([{"title": "<b>", "value": 3, "closed": None}])

    assert '<td data-label="Title" >&lt;b&gt;</td>' in html
    assert 'data-label="Value" class="num"' in html
    assert ">—</td>" in html


def test_table_sorts_by_links_that_keep_the_filters():
    html = table_html([{"title": "a", "value": 1, "closed": 0}], "department=3&sort=title", order_by="title")

    assert 'aria-sort="ascending"' in html
    assert re.search(r'href="\?department=3&amp;sort=-title"', html)
    assert html.count('class="sort"') == 2


def test_table_pages_and_says_when_it_is_empty():
    three = [{"title": str(n), "value": n, "closed": 0} for n in range(3)]

    assert "Page 1 of 2" in table_html(three)
    assert 'rel="next" href="?page=2"' in table_html(three)
    assert "Nothing yet." in table_html([], empty_text="Nothing yet.")


def test_a_cell_may_be_dressed_by_its_record():
    class Dressed(tables.Table):
        value = tables.Column(attrs={"td": {"class": lambda value: f"is-{value}"}})

    with translation.override("en"):
        html = Dressed([{"value": 1}, {"value": 2}]).as_html(RequestFactory().get("/"))

    assert re.findall(r'class="(is-\d)"', html) == ["is-1", "is-2"]
