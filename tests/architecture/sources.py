"""The project's own files, as the architecture tests read them."""

from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".venv", ".git", ".local", "node_modules", "vendor", "staticfiles", "media", "locale"}


def _ours(folder: str, pattern: str) -> Iterator[Path]:
    for path in sorted((BASE_DIR / folder).rglob(pattern)):
        if not NOT_OURS & set(path.relative_to(BASE_DIR).parts):
            yield path


def python_files(folder: str) -> list[Path]:
    """Python files below a folder, migrations left out."""
    return [path for path in _ours(folder, "*.py") if "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in _ours(".", "*.html") if "templates" in path.parts]


def scripts() -> list[Path]:
    return list(_ours("static/js", "*.js"))
