# make run      install what is missing, check the records, build the index if it is stale, serve on port 8000
# make test     install what is missing, run the tests
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check soak bench expectations relevance messages screenshots wheels examples clean

run: .venv/run
	$(BIN)/catalogue serve

# A file of tests on every core at once, and one more, for they wait too; the browser's apart, which fills the cores by
# itself, and whose driver holds the event loop of its process.
WORKERS = $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')
PYTEST = $(BIN)/python -m pytest --dist loadfile
TESTS = $(PYTEST) -n $(WORKERS) --ignore tests/browser && $(PYTEST) -n auto tests/browser

test: .venv/dev
	$(TESTS)

# What a change must pass before it is committed.
check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(TESTS)

soak: .venv/dev
	$(BIN)/python -m pytest -m soak

# The search beside SQLite, tantivy, Xapian, Datasette and plain whoosh, into bench/RESULTS.md; see bench/README.md.
bench: .venv/bench
	$(BIN)/python -m bench --out bench/RESULTS.md

# How many of the queries in tests/expectations.yaml find what a person expects among the first three.
expectations: .venv/dev
	$(BIN)/python -m tests.expectations

# The figures of the search on judged queries, from new indexes; see python -m bench.relevance --help.
relevance: .venv/dev
	$(BIN)/python -m bench.relevance --fresh

# Collect the texts of code and templates into the .po files of every language.
messages: .venv/dev
	$(BIN)/python -m tests.messages

# Every page, in every language, at three widths, into screenshots/.
screenshots: .venv/dev
	$(BIN)/python -m tests.browser.screenshots

# The example files of resources/media: sheets as PDF, the film with its captions (needs Chromium, and ffmpeg).
examples: .venv/dev
	$(BIN)/python -m examples

# The catalogue and all it needs, for a machine of the same kind without network: docs/fr/install.md, docs/nl/install.md.
wheels: .venv/run
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -w wheels .

clean:
	rm -rf .venv index/* var wheels

# The stamps are remade whenever pyproject.toml changes.
.venv/run: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ .venv/run

.venv/bench: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@touch $@ .venv/run
