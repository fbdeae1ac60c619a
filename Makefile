# Everything a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
HONCHO ?= honcho
# The Procfile's release step, which runs before the processes start.
RELEASE = $(shell sed -n 's/^release: //p' Procfile)

.DEFAULT_GOAL := help
.PHONY: help install demo run test check bench screenshots lock format

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## make .venv with all that the project needs

$(VENV)/.installed: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

demo: install ## open a company in a Slack-like page (ARGS=--once tells a story on the terminal)
	$(BIN)/python -m sandbox.demo $(ARGS)

run: install ## serve a real workspace with the tokens in .env
	PATH="$(CURDIR)/$(BIN):$$PATH" sh -c 'exec $(RELEASE)'
	PATH="$(CURDIR)/$(BIN):$$PATH" $(HONCHO) start web scheduler

# More workers than cores: much of a test is waiting for a database, a socket or a browser.
test: install ## run all tests, on SQLite and on PostgreSQL (ARGS=... goes to pytest)
	$(BIN)/python -m pytest -n 3 $(ARGS)

check: install ## lint, types, layers, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: install ## measure speed, as ratios within one run
	$(BIN)/python -m tests.bench

screenshots: install ## take the README's pictures anew
	ATTUNE_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/sandbox/demo/test_demo_journey.py

lock: install ## pin the newest allowed versions with their hashes
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
		--all-extras --no-header pyproject.toml -o requirements.lock

format: install ## write the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
