# Two commands need nothing prepared: `make run` and `make test`. Each sets up what it needs first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Without its compiled modules a process takes three times as long to start, and tests start many.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 5000
WORKERS ?= auto
# In the order of their names: the longest file is among the first, so no worker waits for it.
PYTEST := .venv/bin/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# What shows the promises; where a test has an everyday size and a whole one, this is the whole.
# Loopback only, each bounded in count. Single tests are long, so workers take them from each other.
FAULTS := tests/faults tests/access tests/audit tests/identity tests/kernel/files \
  tests/evidence/documents/test_hostile_files.py tests/complaints tests/journeys/test_rounds.py

.PHONY: help run setup test everyday faults check migrations-check format bench scan lock browser clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the portal with its demonstration data on 127.0.0.1:5000, or $PORT
	@bin/setup runtime
	@PORT=$(PORT) bin/run

setup: ## install what the tests and checks need, the browser excepted
	@bin/setup development

browser: setup ## find a browser that starts, installing one if there is none
	@.venv/bin/python -m tests.support.browser

test: setup browser ## every test, on SQLite, on PostgreSQL and in the browser
	@$(PYTEST) --ignore=tests/benchmarks

everyday: setup ## the quick tests: no browser, nothing slow, PostgreSQL where it matters most
	@$(PYTEST) --ignore=tests/benchmarks --ignore=tests/journeys -m "not browser and not slow and not again"

faults: setup browser ## the promises' whole figures: races, state machines, payloads, access, the record
	@PORTAL_FAULTS=1 $(PYTEST) --dist worksteal -o faulthandler_timeout=3600 --durations=25 $(FAULTS)

check: setup ## format, lint, types, import contracts, templates, migrations
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/djlint portal --lint --quiet --extension html
	@.venv/bin/python bin/check-migrations

migrations-check: setup ## the migrations make the tables that the models describe
	@.venv/bin/python bin/check-migrations

format: setup ## put the code in its one format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: setup ## the measurements, each a ratio against a floor of the same run
	@.venv/bin/python -m pytest -n 0 -s -o faulthandler_timeout=1200 tests/benchmarks

scan: setup ## attack the demonstration on loopback with two scanners, as several roles
	@bin/scan

lock: setup ## compile the lock files again from pyproject.toml; UPGRADE=1 takes newer versions
	@bin/lock $(if $(UPGRADE),--upgrade)

clean: ## remove the virtual environment, the demonstration database and the caches
	@rm -rf .venv var .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
