# Everything a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
HONCHO ?= honcho
# The Procfile's release step, which runs before the processes start.
RELEASE = $(shell sed -n 's/^release: //p' Procfile)

.DEFAULT_GOAL := help
.PHONY: help install demo run test golden catalogues check bench screenshots docs lock format

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.everything ## make .venv with all that the project needs

# One environment. It holds what was asked for so far: a company to look at, a bot to serve, or
# everything that tests and checks need, too.
$(VENV)/.demo: requirements-demo.lock
$(VENV)/.run: requirements-run.lock
$(VENV)/.everything: requirements.lock
$(VENV)/.demo $(VENV)/.run $(VENV)/.everything: | $(BIN)/python
	@$(BIN)/python .ci/install.py $<
	@touch $@

$(BIN)/python:
	@echo "Making an environment for Python packages in $(VENV), then downloading them ..."
	@$(PYTHON) -m venv $(VENV)

demo: $(VENV)/.demo ## open a company in a Slack-like page (ARGS=--once tells a story on the terminal)
	@echo "Starting. The first start takes longest: Python compiles what it loads."
	@$(BIN)/python -m sandbox.demo $(ARGS)

run: $(VENV)/.run ## serve a real workspace with the tokens in .env
	PATH="$(CURDIR)/$(BIN):$$PATH" sh -c 'exec $(RELEASE)'
	$(BIN)/python -m bot status
	PATH="$(CURDIR)/$(BIN):$$PATH" $(HONCHO) start web scheduler

# More workers than cores: much of a test is waiting for a database, a socket or a browser.
# Tests start many processes, which would all compile the same modules where no bytecode is kept.
test: install ## run all tests, on SQLite and on PostgreSQL (ARGS=... goes to pytest)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

golden: install ## rewrite every message as people see it, in tests/golden; review the diff
	$(BIN)/python -m tests.golden

LANGUAGES = bot/languages
TEXTS = $(LANGUAGES)/catalogues/texts.pot
PYBABEL = $(BIN)/python -m babel.messages.frontend -q

catalogues: install ## bring the texts of bot/ into the catalogues of all languages
	$(PYBABEL) extract -F $(LANGUAGES)/babel.cfg -o $(TEXTS) --omit-header --no-wrap \
		--add-location=file --sort-by-file bot
	$(PYBABEL) update -D attune -i $(TEXTS) -d $(LANGUAGES)/catalogues --omit-header --no-wrap \
		--no-fuzzy-matching --ignore-obsolete

check: install ## lint, types, layers, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: install ## measure speed, as ratios within one run
	$(BIN)/python -m tests.bench

# On Debian, `apt install fonts-noto-core fonts-noto-cjk` has the letters of the pictures there are.
screenshots: install ## take the pictures of the README and the docs again
	ATTUNE_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/sandbox/web/test_web_languages.py \
		tests/sandbox/demo/test_demo_journey.py

docs: install ## build the documentation as a site, in site/
	$(BIN)/python -m mkdocs build --strict

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml

# The shorter locks take their versions from the one with everything.
lock: install ## pin the newest allowed versions with their hashes
	$(COMPILE) --upgrade --all-extras -o requirements.lock
	$(COMPILE) --extra run -c requirements.lock -o requirements-run.lock
	$(COMPILE) --extra sandbox -c requirements.lock -o requirements-demo.lock

format: install ## write the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
