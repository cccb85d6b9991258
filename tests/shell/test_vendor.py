import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENDOR = ROOT / "static" / "vendor"


def table():
    rows = re.findall(
        r"^\| (\S+) \| (\S+) (\S+) \| (\S+) \| ([0-9a-f]{64}) \|$",
        (VENDOR / "VENDOR.md").read_text(),
        re.MULTILINE,
    )
    return {path: (package, version, digest) for path, package, version, _licence, digest in rows}


def test_vendored_files_are_what_their_list_says():
    on_disk = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"VENDOR.md"}

    assert on_disk == set(table())
    for path, (_package, _version, digest) in table().items():
        assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest, path


def test_vendored_versions_are_the_locked_ones_and_name_no_host():
    lock = (ROOT / "vendor" / "package-lock.json").read_text()
    wanted = json.loads((ROOT / "vendor" / "package.json").read_text())["devDependencies"]

    assert "://" not in re.sub(r'"(?:url|funding)": "[^"]*"', "", lock)
    # The type of PDFs is no package: vendor/font.py makes it.
    packages = {(package, version) for package, version, _digest in table().values()}
    assert packages - {("vendor/font.py", "2.004")} == set(wanted.items())


def test_every_package_brings_its_licence():
    packages = {package for package, _version, _digest in table().values()}

    assert len([path for path in table() if "LICENSE" in path]) == len(packages)


def test_no_vendored_file_asks_another_host_or_names_a_source_map():
    css = "".join(path.read_text() for path in VENDOR.rglob("*.css"))

    assert re.findall(r"url\([\"']?https?:|@import", css) == []
    assert [path for path in VENDOR.rglob("*.js") if "sourceMappingURL=" in path.read_text()] == []
