import json
import shutil

import polib
import pytest

from tools import messages

pytestmark = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small source tree with a catalogue of its own."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po")
    (tmp_path / "templates").mkdir()
    (tmp_path / "core").mkdir()
    write(tmp_path / "templates/page.html", "{% load i18n %}{% translate 'Sign in' %}")
    return tmp_path


def write(path, text):
    path.write_text(text, encoding="utf-8")


def add(tree, **translations):
    file = tree / "chinese.json"
    write(file, json.dumps(translations))
    return messages.main(["add", str(file)])


def entries():
    return {messages.json_key(entry): entry for entry in polib.pofile(str(messages.CATALOGUE))}


def test_strings_of_templates_and_python_are_taken_in(tree):
    write(
        tree / "core/words.py",
        "_ = pgettext_lazy\nA = pgettext_lazy('time', 'now')\nB = ngettext('%(n)d day', '%(n)d days', 2)\n",
    )

    assert add(tree, **{"Sign in": "登录", "time\u0004now": "此刻", "%(n)d day|%(n)d days": "%(n)d 天"}) == 0

    found = entries()
    assert found["Sign in"].msgstr == "登录"
    assert found["time\u0004now"].msgstr == "此刻"
    assert found["%(n)d day|%(n)d days"].msgstr_plural == {0: "%(n)d 天"}
    assert messages.main(["check"]) == 0


def test_running_twice_changes_no_byte(tree):
    add(tree, **{"Sign in": "登录"})
    before = messages.CATALOGUE.read_bytes(), messages.CATALOGUE.with_suffix(".mo").read_bytes()

    messages.main(["update"])

    assert (messages.CATALOGUE.read_bytes(), messages.CATALOGUE.with_suffix(".mo").read_bytes()) == before


def test_a_string_that_comes_back_has_kept_its_chinese(tree):
    page = tree / "templates/page.html"
    add(tree, **{"Sign in": "登录"})
    write(page, "")
    messages.main(["update"])
    write(page, "{% load i18n %}{% translate 'Sign in' %}")

    messages.main(["update"])

    assert entries()["Sign in"].msgstr == "登录"
    assert not entries()["Sign in"].obsolete


def test_missing_prints_what_to_fill_in(tree, capsys):
    messages.main(["update"])
    capsys.readouterr()

    messages.main(["missing"])

    assert json.loads(capsys.readouterr().out) == {"Sign in": ""}


def test_unknown_translations_are_named(tree, capsys):
    add(tree, **{"Sign in": "登录", "Sign off": "注销"})

    assert 'no source uses: "Sign off"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "chinese", "complaint"),
    [
        ("{% translate 'Sign in' %}", {}, "no Chinese"),
        ("{% translate '登录' %}", {"登录": "登录"}, "must be English"),
        ("{% blocktranslate %}Hi {{ name }}{% endblocktranslate %}", {"Hi %(name)s": "你好"}, "placeholders"),
        (
            "{% blocktranslate %}Hi {{ name }}{% endblocktranslate %}",
            {"Hi %(name)s": "%(who)s 好"},
            "placeholders",
        ),
    ],
)
def test_check_refuses(tree, capsys, source, chinese, complaint):
    write(tree / "templates/page.html", "{% load i18n %}" + source)
    add(tree, **chinese)

    assert messages.main(["check"]) == 1
    assert complaint in capsys.readouterr().out


def test_check_sees_sources_that_have_moved_on(tree, capsys):
    add(tree, **{"Sign in": "登录"})
    write(tree / "templates/page.html", "{% load i18n %}{% translate 'Sign out' %}")

    assert messages.main(["check"]) == 1
    output = capsys.readouterr().out
    assert "not in the catalogue (run update): 'Sign out'" in output
    assert "in no source (run update, tidy): 'Sign in'" in output


def test_check_sees_an_old_compiled_file(tree, capsys):
    add(tree, **{"Sign in": "登录"})
    messages.CATALOGUE.with_suffix(".mo").write_bytes(b"old")

    assert messages.main(["check"]) == 1
    assert ".mo" in capsys.readouterr().out


def test_check_without_gettext_says_what_it_did_not_check(tree, capsys, monkeypatch):
    add(tree, **{"Sign in": "登录"})
    monkeypatch.setenv("PATH", "")

    assert messages.main(["check"]) == 0
    assert "sources were not compared" in capsys.readouterr().out


def test_tidy_drops_what_no_source_uses(tree):
    add(tree, **{"Sign in": "登录"})
    write(tree / "templates/page.html", "")
    messages.main(["update"])
    assert messages.main(["check"]) == 1

    messages.main(["tidy"])

    assert entries() == {}
    assert messages.main(["check"]) == 0


def test_a_template_that_cannot_be_read_is_named(tree, capsys):
    write(
        tree / "templates/page.html",
        "{% load i18n %}{% blocktranslate %}Hi {% if x %}{% endblocktranslate %}",
    )

    assert messages.main(["update"]) == 1
    assert "templates/page.html" in capsys.readouterr().out
