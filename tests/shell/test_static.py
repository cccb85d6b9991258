"""Scripts as production serves them: under hashed names, each module once."""

import re

import pytest
from django.contrib.staticfiles import finders

from core.static import StaticStorage

RELATIVE = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Our scripts after collectstatic: hashed name → text."""
    storage = StaticStorage(location=tmp_path_factory.mktemp("static"))
    found = {
        path: (folder, path)
        for finder in finders.get_finders()
        for path, folder in finder.list([])
        if path.startswith("js/")
    }
    for path, (folder, _path) in found.items():
        with folder.open(path) as source:
            storage.save(path, source)
    problems = [
        done
        for _old, _new, done in storage.post_process({p: (storage, p) for p in found})
        if done not in (True, False)
    ]
    assert problems == []
    return {
        hashed: storage.open(hashed).read().decode()
        for hashed in storage.hashed_files.values()
        if hashed.endswith(".js")
    }


def test_every_import_names_a_hashed_file(stored):
    """A browser that gets one module under two names runs it twice, with a state of its own each."""
    plain = [
        (name, wanted)
        for name, text in stored.items()
        for wanted in RELATIVE.findall(text)
        if not re.search(r"\.[0-9a-f]{12}\.js$", wanted)
    ]

    assert plain == []
    assert any(RELATIVE.search(text) for text in stored.values())
