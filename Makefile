# Everything that a developer runs; `make` lists it. It needs git, python3, python3-venv and make.

PYTHON ?= python3
PORT ?= 8000
NEXT_PYTHON ?=
ARGS ?=

venv := .venv
python := $(venv)/bin/python
# Touched after an installation. If it is older than the requirements, they are installed again.
installed := $(venv)/installed-runtime
installed_dev := $(venv)/installed-dev

pip_install := $(python) -m pip install -qq --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help setup run release test test-fast test-long test-sqlite test-postgres test-browser \
	test-next prod-smoke query-counts lint check-links format bench trust score-deadlines migrations \
	lock clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(installed_dev) ## Make this checkout ready for work: packages, and the check of commit messages
	@git config core.hooksPath scripts/hooks

run: $(installed) ## Serve the demo on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@sh scripts/debian.sh pdf || true
	@$(python) scripts/run.py $(PORT)

release: $(installed) ## Make this folder ready for production: packages, static files, error pages
	@SECRET_KEY=none DATABASE_URL=sqlite://:memory: $(python) manage.py collectstatic --no-input
	@SECRET_KEY=none DATABASE_URL=sqlite://:memory: $(python) manage.py render_error_pages error_pages

test: $(installed_dev) ## Everything: lint, types, checks, the suite on both databases, the browser
	@sh scripts/debian.sh tests
	@$(python) -m scripts.test all

test-fast: $(installed_dev) ## The fast tests on SQLite, for every change (ARGS="-k status")
	@$(python) -m scripts.test fast $(ARGS)

test-sqlite: $(installed_dev) ## The suite on SQLite
	@$(python) -m scripts.test sqlite $(ARGS)

test-postgres: $(installed_dev) ## The suite on a throw-away PostgreSQL
	@$(python) -m scripts.test postgres $(ARGS)

test-long: $(installed_dev) ## The suite with all its random examples, on both databases (an hour)
	@sh scripts/debian.sh tests
	@TEST_LONG=1 $(python) -m scripts.test all

test-browser: $(installed_dev) ## The tests in a real Chromium
	@$(python) -m scripts.test browser $(ARGS)

test-next: $(installed_dev) ## The fast tests on the newest Django (NEXT_PYTHON=python3.13)
	@NEXT_PYTHON="$(NEXT_PYTHON)" $(python) -m scripts.test_next $(ARGS)

prod-smoke: $(installed_dev) ## The portal as in production: two instances, nginx, kills, load
	@sh scripts/debian.sh smoke
	@$(python) -m scripts.prod_smoke

query-counts: $(installed_dev) ## Rewrite tests/query_counts.json; read the diff
	@UPDATE_QUERY_COUNTS=1 $(python) -m scripts.test sqlite $(ARGS)

lint: $(installed_dev) ## Lint, formatting, types, import rules
	@$(python) -m scripts.test lint

check-links: $(installed_dev) ## Check the links between our documents
	@$(python) -m scripts.check_links

format: $(installed_dev) ## Format code and templates
	@$(venv)/bin/ruff check --fix-only --quiet .
	@$(venv)/bin/ruff format .
	@find templates -name '*.html' -exec $(venv)/bin/djade --target-version 5.2 {} + || true

bench: $(installed_dev) ## Run the benchmarks, which fail beyond their limits
	@$(python) scripts/bench.py $(ARGS)
	@$(python) -m scripts.bench_pdf
	@$(python) -m scripts.bench_triggers
	@$(python) -m scripts.bench_triggers --postgres

trust: $(installed_dev) ## Measure what the portal promises and write docs/trust.md
	@sh scripts/debian.sh tests
	@$(python) -m scripts.trust $(ARGS)

score-deadlines: $(installed_dev) ## Score the deadline parser on labelled texts (ARGS="file --wrong 20")
	@$(python) -m scripts.score_deadlines $(ARGS)

migrations: $(installed_dev) ## Write the migrations that the models need
	@SECRET_KEY=none DATABASE_URL=sqlite://:memory: $(python) manage.py makemigrations $(ARGS)

lock: ## Update uv.lock and the hashed requirements (maintainers; needs uv; ARGS=--upgrade)
	uv lock --no-config $(ARGS)
	uv export --no-config --quiet --frozen --no-dev --no-emit-project -o requirements.txt
	uv export --no-config --quiet --frozen --no-emit-project -o requirements-dev.txt

clean: ## Remove everything installed, collected or cached; the demo's data stay
	rm -rf $(venv) .venv-next staticfiles error_pages build test-results .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(installed): requirements.txt | $(python)
	@$(pip_install) -r requirements.txt
	@touch $@

$(installed_dev): requirements-dev.txt | $(python)
	@$(pip_install) -r requirements-dev.txt
	@touch $@ $(installed)

$(python):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The portal needs Python 3.11 or newer; name one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(venv) || { rm -rf $(venv); \
		echo "Python cannot make a virtual environment: apt-get install python3-venv" >&2; exit 1; }
