# Fupan 复盘. Two commands are enough: `make run` and `make test`.

PYTHON ?= python3
PORT   ?= 8000
BIN    := .venv/bin
# One more than two cores: a third of the time of a test is waiting for a browser, a server or a clock.
WORKERS ?= 3
# Some machines forbid .pyc files; every process would then compile all of its libraries anew.
unexport PYTHONDONTWRITEBYTECODE
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo worker test check lint fmt types messages deploy-check bench

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | sort | expand -t 14

setup: ## Install what running needs, into .venv
	@command -v $(PYTHON) >/dev/null || { echo "fupan: $(PYTHON) is missing. Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) tools/setup.py run

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "fupan: $(PYTHON) is missing. Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) tools/setup.py dev

run: setup ## Start the site with its own database, worker and clock, at http://127.0.0.1:$PORT (8000)
	@$(BIN)/python -m config.launcher

demo: setup ## Load the demo company again (it is idempotent)
	@$(BIN)/python manage.py demo

worker: setup ## A Celery worker and beat in one, on DATABASE_URL and REDIS_URL
	@$(BIN)/python -m celery -A config worker --beat --loglevel INFO --schedule .local/beat-schedule

test: setup-dev ## All checks and all tests, those in the browser included
	@$(PYTHON) tools/setup.py browser
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check test-tables
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# While the checks run on one core: migrating takes most of a minute, and all tests would wait for it.
.PHONY: test-tables
test-tables: setup-dev
	@$(BIN)/python -m pytest -q tests/core/test_grams.py

check: setup-dev lint types messages-check deploy-check ## Everything that needs no test run
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m pytest -q tests/architecture

lint: setup-dev ## Format and lint, changing nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: setup-dev ## mypy
	@DEBUG=1 $(BIN)/mypy .

fmt: setup-dev ## Format, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: setup-dev ## Collect the strings to translate and compile the catalogue
	@$(BIN)/python tools/messages.py update

.PHONY: messages-check
messages-check: setup-dev
	@$(BIN)/python tools/messages.py check

# With what a production site would set; the key is for this command only.
deploy-check: setup-dev
	@DEBUG=0 SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')" HTTPS=1 \
	 ALLOWED_HOSTS=fupan.example SITE_URL=https://fupan.example EMAIL_URL=smtp://mail.example:25 \
	 DATABASE_URL=postgres://fupan@database.example/fupan REDIS_URL=redis://broker.example/0 \
	 $(BIN)/python manage.py check --deploy --fail-level WARNING

.PHONY: bench screenshots
bench: setup-dev ## Measure pages and imports against their floors
	@$(BIN)/python -m benchmarks.pages
	@$(BIN)/python -m benchmarks.import_report
	@$(BIN)/python -m benchmarks.pack
	@$(BIN)/python -m benchmarks.live
	@$(BIN)/python -m benchmarks.big_meeting
	@$(BIN)/python -m benchmarks.search
	@$(BIN)/python -m benchmarks.actions
	@$(BIN)/python -m benchmarks.promises
	@$(BIN)/python -m benchmarks.reminders

screenshots: setup-dev ## Walk the journey again and keep its pictures in docs/screenshots
	@FUPAN_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q tests/journey
