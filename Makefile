# make run     from a clone to the results and the chart site
# make test    everything a change must pass
# PYTHON=...   the interpreter for a new environment (default python3, 3.11 or newer)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?=
export PYTHON
.NOTPARALLEL:
# Python keeps what it compiled, whatever the caller's settings: a new environment holds nothing
# compiled, and each of some hundred processes would compile all it imports, which takes seconds.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# Twice the processors: tests also wait, for browsers, disks and other processes.
WORKERS := 4
# What `umbrella build` made of the shipped review, for `make dbt`; else it is built.
BUILT :=

.PHONY: help run test environment environment-dev system-packages lint pytest dbt

help:  ## Show these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

run: environment  ## Build the warehouse and the chart site; print the headline results
	@$(BIN)/python -m umbrella build
	@$(BIN)/python -m umbrella report

test:  ## Run every check
	@.ci/environment dev & environment=$$!; .ci/system-packages && wait $$environment
	@.ci/test

environment:  ## Install what `make run` needs into .venv
	@.ci/environment run

environment-dev:  ## Install what `make test` needs into .venv
	@.ci/environment dev

system-packages:  ## Install the browser, PDF tools and fonts of the report tests
	@.ci/system-packages

lint: environment-dev  ## Check the form of Python, SQL and the dbt project
	@printf '\n== Python\n'
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@printf '\n== SQL\n'
	@$(BIN)/python .ci/script.py sqlfluff lint --processes 2 models tests/singular
	@printf '\n== dbt project\n'
	@$(BIN)/python .ci/script.py dbt-score lint --run-dbt-parse

pytest: environment-dev system-packages  ## Run the Python tests
	@printf '\n== Python tests\n'
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 10

dbt: environment-dev  ## Build the shipped review in a scratch folder with all dbt tests, and its documentation
	@printf '\n== dbt build, tests and documentation\n'
	@.ci/dbt $(BUILT)
