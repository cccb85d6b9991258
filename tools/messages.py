"""The translations: one catalogue, locale/zh_Hans/LC_MESSAGES/django.po, and its compiled .mo.

    tools/messages.py add FILE.json   take in all marked strings of the tree, fill in those of the file, compile
    tools/messages.py update          the same without a file
    tools/messages.py missing         print what has no Chinese yet, as JSON to fill in
    tools/messages.py tidy            drop entries that no source uses any more
    tools/messages.py check           exit 1 with a list of what is wrong; changes nothing

A file of translations maps the English text to the Chinese one. A text that counts is written "one|many" and has one
Chinese form; a text with a context is written "context\\u0004text". Empty values are left out.

Extraction needs xgettext (Debian: gettext). Without it `check` looks at the catalogue alone and says so.
Unlike makemessages it writes no line numbers and no time stamps (small diffs), puts no files beside the sources, and
takes a lock, so that several people may run it in one tree.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Folders with strings for people; tests and tools speak English to us only.
SOURCES = (
    "actions", "api", "config", "core", "dashboard", "goals", "meetings", "metrics", "notices", "people", "templates",
)  # fmt: skip
SKIP = {"__pycache__", "migrations", "node_modules", ".venv"}
HEADER = {
    "Project-Id-Version": "Fupan",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)  # fmt: skip
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sd]|\{\w*(?::[^{}]*)?\}")

Key = tuple[str | None, str, str]


class ExtractionFailed(Exception):
    """A source could not be read; the text names it."""


def key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def json_key(entry: polib.POEntry) -> str:
    text = f"{entry.msgid}|{entry.msgid_plural}" if entry.msgid_plural else entry.msgid
    return f"{entry.msgctxt}\u0004{text}" if entry.msgctxt else text


def chinese_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not SKIP.intersection(path.parts):
                yield path


def extract() -> polib.POFile:
    """All marked strings of the tree, as an untranslated catalogue."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    with tempfile.TemporaryDirectory() as folder:
        listed = []
        for path in source_files():
            relative = path.relative_to(ROOT)
            text = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                try:
                    text = templatize(text, origin=str(relative))
                except SyntaxError as error:
                    raise ExtractionFailed(f"{relative}: {error}") from error
            copy = Path(folder) / f"{relative}.py"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
            listed.append(f"{relative}.py")
        (Path(folder) / "files").write_text("\n".join(listed), encoding="utf-8")
        command = ["xgettext", "--files-from=files", "--output=-", "--language=Python", "--from-code=UTF-8"]
        command += [
            "--no-location",
            "--add-comments=Translators",
            *(f"--keyword={word}" for word in KEYWORDS),
        ]
        run = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if run.returncode:
            raise ExtractionFailed(run.stderr.strip())
    return polib.pofile(run.stdout)


def load() -> polib.POFile:
    return polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()


def save(entries: list[polib.POEntry]) -> None:
    """Write .po and .mo in one settled form: sorted, without positions and dates."""
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(HEADER)
    used = [entry for entry in entries if not entry.obsolete]
    unused = [entry for entry in entries if entry.obsolete]
    for entry in sorted(used, key=sort_key) + sorted(unused, key=sort_key):
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(f"{catalogue}", encoding="utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: polib.POFile) -> bytes:
    return catalogue.to_binary()


def sort_key(entry: polib.POEntry) -> tuple[str, str, str]:
    return (entry.msgid.casefold(), entry.msgid, entry.msgctxt or "")


def merge(found: polib.POFile, known: polib.POFile) -> list[polib.POEntry]:
    """The strings of the tree with the translations we have; the rest stays as obsolete, so that nothing is lost."""
    translated = {key_of(entry): entry for entry in known}
    entries = []
    for entry in found:
        old = translated.pop(key_of(entry), None)
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.occurrences = []
        if entry.msgid_plural:
            entry.msgstr_plural = {0: chinese_of(old) if old else ""}
        else:
            entry.msgstr = chinese_of(old) if old else ""
        entries.append(entry)
    for old in translated.values():
        if chinese_of(old):
            old.obsolete = True
            entries.append(old)
    return entries


def fill(entries: list[polib.POEntry], translations: dict[str, str]) -> list[str]:
    """Set the Chinese texts; returns the keys that no source uses."""
    by_key = {json_key(entry): entry for entry in entries if not entry.obsolete}
    unknown = []
    for key, chinese in translations.items():
        entry = by_key.get(key)
        if entry is None:
            unknown.append(key)
        elif chinese:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: chinese}
            else:
                entry.msgstr = chinese
    return unknown


def problems(catalogue: polib.POFile) -> list[str]:
    """What is wrong with the entries themselves."""
    found = []
    for entry in catalogue:
        name = json.dumps(json_key(entry), ensure_ascii=False)
        chinese = chinese_of(entry)
        if entry.obsolete:
            found.append(f"not used any more (run tidy): {name}")
            continue
        if entry.fuzzy:
            found.append(f"fuzzy: {name}")
        if CHINESE.search(entry.msgid):
            found.append(f"the source text must be English: {name}")
        if not chinese:
            found.append(f"no Chinese: {name}")
        elif placeholders(chinese) != placeholders(entry.msgid_plural or entry.msgid):
            found.append(f"other placeholders in the Chinese: {name} → {chinese}")
        elif entry.msgid.startswith("\n") != chinese.startswith("\n"):
            found.append(f"line breaks differ: {name}")
    return found


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def check() -> int:
    if not CATALOGUE.exists():
        print(f"There is no {CATALOGUE.relative_to(ROOT)}; run tools/messages.py update.")
        return 1
    catalogue = load()
    found = problems(catalogue)
    compiled_file = CATALOGUE.with_suffix(".mo")
    if not compiled_file.exists() or compiled_file.read_bytes() != compiled(catalogue):
        found.append("the .mo file is not the compiled .po file (run update)")
    if shutil.which("xgettext"):
        in_sources = {key_of(entry) for entry in extract()}
        in_catalogue = {key_of(entry) for entry in catalogue if not entry.obsolete}
        found += [
            f"not in the catalogue (run update): {key[1]!r}"
            for key in sorted(in_sources - in_catalogue, key=str)
        ]
        found += [
            f"in no source (run update, tidy): {key[1]!r}"
            for key in sorted(in_catalogue - in_sources, key=str)
        ]
    else:
        print(
            "xgettext is missing (Debian: apt-get install gettext): sources were not compared with the catalogue."
        )
    print("\n".join(found) if found else f"{len(catalogue)} strings, all in Chinese.")
    return 1 if found else 0


def change(translations: dict[str, str], *, keep_unused: bool = True) -> int:
    if not shutil.which("xgettext"):
        print("xgettext is missing (Debian: apt-get install gettext).")
        return 1
    entries = merge(extract(), load())
    unknown = fill(entries, translations)
    if not keep_unused:
        entries = [entry for entry in entries if not entry.obsolete]
    save(entries)
    for key in unknown:
        print(f"no source uses: {json.dumps(key, ensure_ascii=False)}")
    open_entries = [entry for entry in entries if not entry.obsolete and not chinese_of(entry)]
    print(
        f"{len(entries)} strings, {len(translations) - len(unknown)} filled in, {len(open_entries)} without Chinese."
    )
    return 0


@contextmanager
def lock() -> Iterator[None]:
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    with (Path(tempfile.gettempdir()) / f"fupan-messages-{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("add").add_argument("file", type=Path)
    for verb in ("update", "missing", "tidy", "check"):
        verbs.add_parser(verb)
    options = parser.parse_args(arguments)
    with lock():
        try:
            if options.verb == "check":
                return check()
            if options.verb == "missing":
                entries = merge(extract(), load())
                missing = [entry for entry in entries if not entry.obsolete and not chinese_of(entry)]
                print(
                    json.dumps(
                        {json_key(e): "" for e in sorted(missing, key=sort_key)}, ensure_ascii=False, indent=1
                    )
                )
                return 0
            translations = (
                json.loads(options.file.read_text(encoding="utf-8")) if options.verb == "add" else {}
            )
            return change(translations, keep_unused=options.verb != "tidy")
        except ExtractionFailed as error:
            print(f"Could not read the sources: {error}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
