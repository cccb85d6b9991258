"""Dockerfile and docker-compose.yml, as far as they can be judged without an engine."""

import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from tests.architecture.sources import BASE_DIR

FUPAN = ["web", "events", "worker", "beat"]
# Set by docker compose itself, or by the shell of a container.
KNOWN = {"HOSTNAME"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def documented():
    """Names in .env.example, commented-out ones included."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))


def test_all_services_are_there_with_health_checks(compose):
    assert set(compose["services"]) == {"web", "events", "worker", "beat", "postgres", "redis", "migrate"}
    unchecked = [name for name, service in compose["services"].items() if "healthcheck" not in service]
    assert unchecked == ["migrate"]  # it ends


@pytest.mark.parametrize("name", FUPAN)
def test_ours_start_after_what_they_need(compose, name):
    conditions = {
        other: needed["condition"] for other, needed in compose["services"][name]["depends_on"].items()
    }

    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_only_one_beat_and_nothing_scales_it(compose):
    beat = compose["services"]["beat"]

    assert "deploy" not in beat
    assert "--beat" not in compose["services"]["worker"]["command"]


def test_only_web_and_streams_are_published_and_only_to_this_machine(compose):
    published = {
        name: service["ports"] for name, service in compose["services"].items() if "ports" in service
    }

    assert list(published) == ["web", "events"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_volumes_are_declared(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(("/", "."))
    }

    assert used == set(compose["volumes"])


def test_variables_are_explained(documented):
    """Everything that compose, the image or the settings read from outside has its line in .env.example."""
    text = (BASE_DIR / "docker-compose.yml").read_text() + (BASE_DIR / "Dockerfile").read_text()
    used = set(re.findall(r"\$\{([A-Z_]+)", text)) | set(re.findall(r"\$\$([A-Z_]+)", text))
    read = set(
        re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (BASE_DIR / "config/settings.py").read_text())
    )

    assert (used | read) - documented - KNOWN == set()


def test_example_holds_no_secret():
    for line in (BASE_DIR / ".env.example").read_text().splitlines():
        name, _, value = line.partition("=")
        if name in {"SECRET_KEY", "POSTGRES_PASSWORD"}:
            assert value == "", name


def test_image_runs_as_nobody_in_particular():
    lines = [line.split() for line in (BASE_DIR / "Dockerfile").read_text().splitlines() if line.strip()]
    users = [words[1] for words in lines if words[0] == "USER"]
    last = max(index for index, words in enumerate(lines) if words[0] == "FROM")

    assert users
    assert users[-1] not in {"root", "0"}
    assert ["USER", users[-1]] in lines[last:]


def test_image_is_pinned_and_takes_no_secret():
    text = (BASE_DIR / "Dockerfile").read_text()

    assert all(":" in image for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert "--require-hashes" in text
    assert not re.search(r"^(?:ARG|ENV)\b.*(?:SECRET|PASSWORD|TOKEN)", text, re.MULTILINE)


def test_image_holds_what_runs_and_nothing_else():
    let_in = {
        line[1:] for line in (BASE_DIR / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    apps = {path.parent.name for path in BASE_DIR.glob("*/apps.py")}

    assert (BASE_DIR / ".dockerignore").read_text().splitlines()[1] == "*"
    assert apps | {"config", "locale", "static", "templates", "manage.py", "requirements.txt"} <= let_in
    assert {".env", ".git", ".local", "tests", "media"} & let_in == set()


def test_commands_name_programs_that_are_installed(compose):
    for name in FUPAN:
        command = compose["services"][name].get("command", "gunicorn")
        assert re.search(r"\b(celery|gunicorn)\b", command), name
        assert shlex.split(command)


def test_compose_itself_accepts_the_file(tmp_path):
    """Asks the real client where there is one; it needs no engine for this."""
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no docker compose client on this machine")
    shutil.copy(BASE_DIR / "docker-compose.yml", tmp_path)
    shutil.copy(BASE_DIR / ".env.example", tmp_path / ".env")
    said = subprocess.run(
        [docker, "compose", "config", "-q"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "POSTGRES_PASSWORD": "x", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
