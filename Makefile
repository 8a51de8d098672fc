# make report: build report/index.html.  make test: run the tests.  Each sets up what it needs.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
SCENARIO ?= gpt-3
ifneq ($(words $(VENV)),1)
$(error VENV must name one folder, without blanks: make setup VENV=folder)
endif

.DEFAULT_GOAL := help
.PHONY: help setup browser report lab scenario explain watch bench test test-slow lint check lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "make %-10s %s\n", $$1, $$2}'

setup: $(READY)  ## create the locked environment in .venv

$(READY): requirements.lock pyproject.toml setup/bootstrap.sh
	@sh setup/bootstrap.sh "$(PYTHON)" "$(VENV)"
	@touch $@

browser:  ## install a Chromium for the browser tests (Debian, as root)
	@sh setup/browser.sh install

lab: $(READY)  ## open the notebooks in JupyterLab, for this machine only
	@$(PY) -m jupyter lab --ip=127.0.0.1 --notebook-dir=notebooks $(if $(filter 0,$(shell id -u)),--allow-root)  # root in a container

report: $(READY)  ## run the notebooks and render report/index.html
	@$(PY) -m helpers build

explain: $(READY)  ## say of each step whether it would run, and why
	@$(PY) -m helpers explain

watch: $(READY)  ## build whenever a file changes, until Ctrl-C
	@$(PY) -m helpers watch

scenario: $(READY)  ## render one scenario: make scenario SCENARIO=gpt-3, or a path to a TOML file
	@$(PY) -m helpers scenario "$(SCENARIO)" --render

check: $(READY)  ## check the raw tables only
	@$(PY) -m helpers check

test: $(READY)  ## run the tests, browser included
	@sh setup/browser.sh
	@$(PY) -m pytest -n auto --dist loadfile -m "not slow"

test-slow: $(READY)  ## run the proofs that take longer
	@sh setup/browser.sh
	@$(PY) -m pytest -m slow

bench: $(READY)  ## accuracy and speed beside the peers
	@$(PY) -m helpers bench

lint: $(READY)  ## ruff and mypy
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

lock:  ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group test --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements.lock

clean:  ## remove the environment and what builds leave behind
	@if [ -e "$(VENV)/.compute-claims" ]; then rm -rf "$(VENV)"; fi
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
