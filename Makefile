# Two commands for everybody (demo, test) and the gates for contributors. Needs Python 3.11+, make and git.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
MESSAGES ?=
export PORT

.PHONY: demo demo-reset serve test check format bench bench-texts clean

demo: $(VENV)/installed ## Try it: install, play the demo's story in, serve on 127.0.0.1:$(PORT)
	$(BIN)/yiting demo --serve $(if $(MESSAGES),--messages "$(MESSAGES)")

demo-reset: $(VENV)/installed ## Start the demo over
	$(BIN)/yiting demo --reset $(if $(MESSAGES),--messages "$(MESSAGES)")

serve: $(VENV)/installed ## Serve without playing the demo in
	$(BIN)/yiting serve

test: $(VENV)/installed-dev ## The whole suite, on SQLite and on PostgreSQL
	$(BIN)/yiting test

check: $(VENV)/installed-dev ## The gates: format, lint, types, layers, translations
	$(BIN)/yiting check

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix yiting tests benchmarks tools docs
	$(BIN)/ruff format yiting tests benchmarks tools docs

bench-texts: $(VENV)/installed-dev ## The text engine beside its peers; real messages where ../shared/data or YITING_SHARED_DATA has them
	$(BIN)/python benchmarks/bench_texts_duplicates.py
	$(BIN)/python benchmarks/bench_texts_index.py
	$(BIN)/python benchmarks/bench_texts_categories.py
	$(BIN)/python benchmarks/bench_texts_matters.py

bench: $(VENV)/installed-dev ## The pages with 100,000 needs stored
	$(BIN)/python benchmarks/bench_pages.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
