# make run      install what is missing, check the records, build the index if it is stale, serve on port 8000
# make test     install what is missing, run the tests
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check soak expectations messages screenshots clean

run: .venv/run
	$(BIN)/catalogue serve

test: .venv/dev
	$(BIN)/python -m pytest

# What a change must pass before it is committed.
check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

soak: .venv/dev
	$(BIN)/python -m pytest -m soak

# How many of the queries in tests/expectations.yaml find what a person expects among the first three.
expectations: .venv/dev
	$(BIN)/python -m tests.expectations

# Collect the texts of code and templates into the .po files of every language.
messages: .venv/dev
	$(BIN)/python -m tests.messages

# Every page, in every language, at three widths, into screenshots/.
screenshots: .venv/dev
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv index/* var

# The stamps are remade whenever pyproject.toml changes.
.venv/run: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ .venv/run
