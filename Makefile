# make run    the page, on http://127.0.0.1:7860     make test   every test, browser included
# make check  format, lint, types, import contract   make bench  the heavy figures
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
ARGS ?=
RUN_STAMP := $(VENV)/.ready-run
DEV_STAMP := $(VENV)/.ready-dev

.PHONY: run test check format bench bench-gpu clean

run: $(RUN_STAMP)
	$(BIN)/python app.py --port $(PORT) $(ARGS)

test: $(DEV_STAMP)
	$(BIN)/python -m tests.helpers.find_browser
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone

check: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV_STAMP)
	$(BIN)/python -m tests.benchmarks

bench-gpu: $(DEV_STAMP)
	$(BIN)/python -m tests.benchmarks.gpu

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(RUN_STAMP) $@
