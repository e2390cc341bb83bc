# Two commands do all their own set-up: `make review` and `make test`.
# Everything else is for people who change the library; `make help` lists it.

PYTHON ?= python3
JOBS ?= 2

VENV := .venv
VENV_REVIEW := .venv-review
VENV_DATEUTIL2 := .venv-dateutil2
VENV_WHEEL := .venv-wheel

BIN := $(VENV)/bin
PIP := -m pip install --quiet --disable-pip-version-check
STAMP := .stamp
SOURCES := $(shell find src -type f -not -name '*.pyc' 2>/dev/null)
PACKAGED := pyproject.toml README.md LICENSE $(SOURCES)
CODE := src tests tools benchmarks examples docs conftest.py
# By file: the blocks of one document share their names, so they stay on one worker.
PYTEST := -m pytest -q -n $(JOBS) --dist loadfile

export PYTHONHASHSEED ?= 0
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

heading = @printf '\n── %s\n' "$(1)"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help review test quick format docs bench clean \
	check-format check-lint check-imports check-types check-mypy check-pyright \
	check-docs check-dateutil2 check-wheel check-suite

help:
	@echo 'make review   set up and run the sales review on the shipped example'
	@echo 'make test     set up and run every check (what continuous integration runs)'
	@echo 'make quick    the inner loop: ruff, mypy, imports, fast tests; under 3 minutes'
	@echo 'make format   let ruff format and mend what it can'
	@echo 'make docs     build the documentation into docs/_build/html'
	@echo 'make bench    run the benchmarks'
	@echo 'make clean    remove what these commands created'
	@echo 'PYTHON=...    chooses the interpreter for new environments (3.11 or newer)'

# ── What users run ───────────────────────────────────────────────────────────────────────────
review: $(VENV_REVIEW)/$(STAMP)
	$(call heading,sales review of the shipped example)
	@$(VENV_REVIEW)/bin/python examples/sales_review.py

# ── What continuous integration runs; the full suite comes last ──────────────────────────────
test: check-format check-lint check-imports check-types check-docs check-wheel check-dateutil2 check-suite

quick: check-lint check-imports check-mypy
	$(call heading,fast tests)
	@SALESCORE_DATEUTIL_MAJOR=4 HYPOTHESIS_PROFILE=quick $(BIN)/python $(PYTEST) -m 'not slow'

check-format: $(VENV)/$(STAMP)
	$(call heading,format (ruff))
	@$(BIN)/ruff format --check --quiet --diff $(wildcard $(CODE))

check-lint: $(VENV)/$(STAMP)
	$(call heading,lint (ruff))
	@$(BIN)/ruff check --quiet $(wildcard $(CODE))

check-imports: $(VENV)/$(STAMP)
	$(call heading,architecture (import-linter))
	@$(BIN)/lint-imports --no-logo --no-cache

check-types: check-mypy check-pyright

check-mypy: $(VENV)/$(STAMP)
	$(call heading,types (mypy strict))
	@$(BIN)/mypy

check-pyright: $(VENV)/$(STAMP)
	$(call heading,types (pyright strict))
	@$(BIN)/pyright --pythonpath $(BIN)/python

check-docs: $(VENV)/$(STAMP)
	$(call heading,documentation (sphinx, warnings are errors))
	@$(BIN)/sphinx-build -W --keep-going -n -q -b html docs docs/_build/html

check-wheel: $(VENV_WHEEL)/$(STAMP)
	$(call heading,wheel in a clean environment)
	@cd $(VENV_WHEEL) && bin/python -I ../tools/check_wheel.py
	@cd $(VENV_WHEEL) && bin/python -I -m salescore --help >/dev/null && echo 'python -m salescore --help: answers'

check-dateutil2: $(VENV_DATEUTIL2)/$(STAMP)
	$(call heading,tests with python-dateutil 2.9)
	@# What engines answer does not hang on python-dateutil; the run below asks them.
	@SALESCORE_DATEUTIL_MAJOR=2 $(VENV_DATEUTIL2)/bin/python $(PYTEST) -m 'not engine'

check-suite: $(VENV)/$(STAMP)
	$(call heading,tests with python-dateutil 4 and branch coverage)
	@SALESCORE_DATEUTIL_MAJOR=4 $(BIN)/python $(PYTEST) --cov --cov-branch --cov-report=term-missing:skip-covered

# ── What maintainers run ─────────────────────────────────────────────────────────────────────
format: $(VENV)/$(STAMP)
	@$(BIN)/ruff check --fix-only --quiet $(wildcard $(CODE))
	@$(BIN)/ruff format $(wildcard $(CODE))

docs: check-docs
	@echo 'open docs/_build/html/index.html'

bench: $(VENV)/$(STAMP)
	@for script in benchmarks/*.py; do \
		case "$$script" in */_*|'benchmarks/*.py') continue;; esac; \
		printf '\n── %s\n' "$$script"; $(BIN)/python "$$script" || exit 1; \
	done

clean:
	rm -rf $(VENV) $(VENV_REVIEW) $(VENV_DATEUTIL2) $(VENV_WHEEL) dist docs/_build out htmlcov
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find src tests tools examples benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# ── Environments; a stamp says that one is up to date ────────────────────────────────────────
define need_python
@command -v $(PYTHON) >/dev/null || { \
	echo "There is no '$(PYTHON)' here: install Python 3.11 or newer."; \
	echo "One under another name is chosen like this: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "salescore needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	echo "Another one is chosen like this: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
endef

$(VENV)/$(STAMP): pyproject.toml
	$(need_python)
	$(call heading,setting up $(VENV))
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP) --editable '.[dev]' 'python-dateutil==4.*'
	@# Released versions of holidays ask for dateutil 2.9; what we use of it works with both.
	@$(BIN)/python $(PIP) --no-deps 'holidays>=0.109'
	@touch $@

$(VENV_DATEUTIL2)/$(STAMP): pyproject.toml
	$(need_python)
	$(call heading,setting up $(VENV_DATEUTIL2))
	@test -x $(VENV_DATEUTIL2)/bin/python || $(PYTHON) -m venv $(VENV_DATEUTIL2)
	@$(VENV_DATEUTIL2)/bin/python $(PIP) --editable '.[calendars,dev]' 'python-dateutil==2.9.*'
	@touch $@

$(VENV_REVIEW)/$(STAMP): $(PACKAGED)
	$(need_python)
	$(call heading,setting up $(VENV_REVIEW))
	@test -x $(VENV_REVIEW)/bin/python || $(PYTHON) -m venv $(VENV_REVIEW)
	@$(VENV_REVIEW)/bin/python $(PIP) .
	@touch $@

$(VENV_WHEEL)/$(STAMP): $(PACKAGED) $(VENV)/$(STAMP)
	$(need_python)
	$(call heading,building the wheel)
	@rm -rf dist $(VENV_WHEEL)
	@$(BIN)/python -m build --outdir dist . >dist.log 2>&1 || { cat dist.log; rm -f dist.log; exit 1; }
	@rm -f dist.log
	@$(PYTHON) -m venv $(VENV_WHEEL)
	@$(VENV_WHEEL)/bin/python $(PIP) dist/*.whl
	@touch $@
