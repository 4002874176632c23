# The two ways in are `make demo` and `make test`. Both need only Python 3.11 or later, pip, git and make.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
# Without uv on the PATH a pinned one is put into .tools, and nowhere else.
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
# Trust what the system trusts where it keeps a store (an office proxy's certificate), else what uv brings.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

# A shell that forbids Python to keep compiled modules makes each of the hundreds of starts compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

SECONDS ?= 180

.PHONY: help demo check test fuzz docs lint format types layers sync packages clean

help:  ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

demo: sync  ## evaluate the made-up demo year as of 2023-12-31 and say where the report is
	@rm -rf build/demo build/report
	@$(RUN) gongkai demo build/demo
	@$(RUN) gongkai evaluate --events build/demo --as-of 2023-12-31 --out build/report

check: sync lint types layers  ## before every commit: lint, format, types, layers, and the tests that are not slow
	@GONGKAI_SEARCH=brief $(RUN) pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m "not slow and not browser"

test: sync packages lint types layers  ## everything that has to pass: lint, format, types, layers, tests with coverage
	@$(RUN) pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --cov --cov-report term

docs: sync  ## the documentation as a site, in build/site
	@NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --strict --quiet
	@echo "build/site/index.html"

fuzz: sync  ## fuzz every reader, SECONDS each (180)
	@for reader in csv docx json jsonl parquet xlsx yaml; do $(RUN) python -m tests.fuzz.run $$reader --seconds $(SECONDS); done

lint: sync  ## ruff, and whether the format is ruff's
	@$(RUN) ruff check
	@$(RUN) ruff format --check

format: sync  ## let ruff format and fix
	@$(RUN) ruff format
	@$(RUN) ruff check --fix

types: sync  ## mypy, strict
	@$(RUN) mypy

layers: sync  ## who may import whom
	@$(RUN) lint-imports

sync: $(filter .tools/bin/uv,$(UV))  ## the environment, exactly as locked
	@$(UV) sync --frozen --quiet

packages:  ## the Debian packages that the tests need
	@scripts/system-packages

clean:  ## remove what can be made again
	@rm -rf build dist .tools .venv .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.tools/bin/uv:
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
