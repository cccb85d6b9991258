"""The strict content security policy, checked at the source: nothing inline, nothing from elsewhere."""

import re

import pytest

from tests.architecture.sources import BASE_DIR, scripts, templates

# A mail is read in a mail program, which knows no style sheet of ours.
MAIL = "mail"
FORBIDDEN = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|importmap)\")[^>]*>", re.IGNORECASE
    ),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on[:=-]", re.IGNORECASE),
    "script in hx-vals": re.compile(r"hx-(?:vals|headers)\s*=\s*['\"]\s*js(?:avascript)?:", re.IGNORECASE),
    "a javascript: link": re.compile(r"(?:href|action|src)\s*=\s*['\"]\s*javascript:", re.IGNORECASE),
    "a file of another host": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=['\"](?:https?:)?//", re.IGNORECASE
    ),
    # Help texts are ours, and Django itself lets them hold markup.
    "text marked safe": re.compile(r"(?<!help_text)\|\s*safe\b|\{%\s*autoescape off"),
    "an old translation tag": re.compile(r"\{%\s*trans\s|\{%\s*blocktrans\s"),
}


def without_comments(text: str) -> str:
    """The template with its comments blanked, line numbers kept."""
    blank = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
    return blank.sub(lambda match: "\n" * match.group().count("\n"), text)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_are_free_of(what):
    found = []
    for path in templates():
        if MAIL in path.parts and "style" in what:
            continue
        text = without_comments(path.read_text())
        for hit in FORBIDDEN[what].finditer(text):
            line = text.count("\n", 0, hit.start()) + 1
            found.append(f"{path.relative_to(BASE_DIR)}:{line}")

    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an inline script", "<script>alert(1)</script>"),
        ("a style attribute", '<div class="x"\n style="width: 3%">'),
        ("an event attribute", '<button type="button" onclick="go()">'),
        ("hx-on", '<div hx-on:click="go()">'),
        ("a file of another host", '<script src="//cdn.example/x.js"></script>'),
        ("text marked safe", "{{ note|safe }}"),
    ],
)
def test_the_patterns_see(what, text):
    assert FORBIDDEN[what].search(text)


def test_the_patterns_let_good_markup_pass():
    good = (
        '<script type="module" src="{% static \'js/a.js\' %}"></script><p class="on" data-style="x">a = b</p>'
    )

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(good)] == []


def test_scripts_build_no_markup_and_no_code():
    """innerHTML with a person's text in it is the classic hole; eval would be stopped by the policy anyway."""
    forbidden = re.compile(
        r"\binnerHTML\s*=|\bouterHTML\s*=|\beval\(|new Function\(|document\.write\(|\.style\.cssText"
    )
    found = [
        f"{path.relative_to(BASE_DIR)}:{number}"
        for path in scripts()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]

    assert found == []
