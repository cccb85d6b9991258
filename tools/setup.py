"""Make the virtual environment and install what is pinned: `python3 tools/setup.py run|dev|browser`.

Runs on the machine's own Python before anything is installed, so it uses the standard library alone and must be
readable by an old Python, which it then sends away with a sentence. A second run with the same requirements
finds its stamp and does nothing.

    run       .venv with requirements.txt: all that `make run` needs
    dev       .venv with requirements-dev.txt: tests, linters, types
    browser   Chromium, a Chinese font and gettext from the system's packages, when we may install them
"""

import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 13)
# Program (or a question to fontconfig) → Debian's package of it.
SYSTEM = {"chromium": "chromium", "font": "fonts-noto-cjk", "xgettext": "gettext"}


def say(text):
    print("fupan: " + text, flush=True)


def fail(text):
    sys.exit("fupan: " + text)


def suitable_python():
    """This Python if its version fits, else another one of the machine that does."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return found
    fail(
        "Fupan needs Python 3.%d to 3.%d; %s is %d.%d.\n       Install one (Debian: apt-get install python3 "
        "python3-venv) or name it: make PYTHON=/path/to/python3.%d run"
        % (OLDEST[1], NEWEST[1], sys.executable, sys.version_info[0], sys.version_info[1], OLDEST[1])
    )


def requirements(kind):
    return os.path.join(HERE, "requirements.txt" if kind == "run" else "requirements-dev.txt")


def stamp(kind):
    """The file whose content says which requirements were installed last."""
    return os.path.join(VENV, ".installed-" + kind)


def digest(kind):
    with open(requirements(kind), "rb") as pins:
        return hashlib.sha256(pins.read()).hexdigest()


def is_installed(kind):
    try:
        with open(stamp(kind)) as kept:
            return kept.read() == digest(kind)
    except OSError:
        return False


def works():
    """Whether the environment's Python starts: a checkout that was moved, or an upgraded system, breaks it."""
    try:
        return subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment():
    python = suitable_python()
    if subprocess.call([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL):
        fail("Python's venv module is missing. Debian: apt-get install python3-venv; then try again.")
    say("making .venv")
    if subprocess.call([python, "-m", "venv", "--clear", VENV]):
        fail("the virtual environment could not be made in " + VENV)


def install(kind):
    if works() and (is_installed(kind) or (kind == "run" and is_installed("dev"))):
        return
    if not works():
        make_environment()
    say("installing %s (a minute or two, the first time only)" % os.path.basename(requirements(kind)))
    # Twice quiet: errors are shown, remarks about the machine's own package folders are not.
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.call(pip + ["--progress-bar", "off", "--requirement", requirements(kind)]):
        fail("pip could not install the requirements; its message stands above. Is the network reachable?")
    with open(stamp(kind), "w") as out:
        out.write(digest(kind))


def missing_system_packages():
    missing = []
    if not os.environ.get("CHROMIUM") and not any(
        shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")
    ):
        missing.append(SYSTEM["chromium"])
    fonts = shutil.which("fc-list") and subprocess.check_output(["fc-list", ":lang=zh"])
    if not fonts:
        missing.append(SYSTEM["font"])
    if not shutil.which("xgettext"):
        missing.append(SYSTEM["xgettext"])
    return missing


def install_browser():
    packages = missing_system_packages()
    if not packages:
        return
    wanted = "apt-get install --no-install-recommends " + " ".join(packages)
    if not shutil.which("apt-get"):
        fail(
            "the tests need %s; this system has no apt-get, so please install them by its own means."
            % packages
        )
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and (
        not shutil.which("sudo") or subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL)
    ):
        fail(
            "the tests need packages that only root may install. Run:\n       sudo %s\n       and try again."
            % wanted
        )
    say("installing " + " ".join(packages))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    apt = prefix + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    subprocess.call(apt + ["update"], env=environment, stdout=subprocess.DEVNULL)
    if subprocess.call(
        apt + ["install", "--no-install-recommends"] + packages, env=environment, stdout=subprocess.DEVNULL
    ):
        fail("apt-get could not install %s; its message stands above." % " ".join(packages))


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ("run", "dev", "browser"):
        fail("usage: python3 tools/setup.py run|dev|browser")
    if sys.argv[1] == "browser":
        install_browser()
        return
    import fcntl

    # Two makes at once: the second waits for the first. The lock is on the checkout itself and leaves no file.
    place = os.open(HERE, os.O_RDONLY)
    fcntl.flock(place, fcntl.LOCK_EX)
    install(sys.argv[1])


if __name__ == "__main__":
    main()
