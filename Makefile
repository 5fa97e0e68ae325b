# Everything a newcomer needs: `make chat`. Everything a contributor needs: `make test`.
# Each target does only what is not done yet and says what it is doing.

SHELL := /bin/bash
VENV := .venv
QA := $(VENV)/bin/qa
Q ?= Where did Blinken and Wang Yi meet?
QUESTIONS ?= seeds/questions.jsonl

# Tools that the program does without: each in an environment of its own below build/.
SBOM_TOOL := cyclonedx-bom==7.5.0
LOCK_TOOL := uv==0.13.9
RELEASE_TOOLS := build==1.6.1 twine==7.0.0

# The first Python that the project runs on; name another with PYTHON=…
PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Else each of the tests' processes compiles anew what stands here, and all tests of a run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install dev locked models library chat ask index eval doctor test cluster-test check lint fix lock sbom release clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.installed ## the program and its packages, in .venv
dev: $(VENV)/.dev ## the tools for checks and tests as well

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Cuttings needs Python 3.11, 3.12 or 3.13; none was found. Install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@echo "→ making a virtual environment with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt qa/build_flags.py
	@echo "→ installing packages; the first time, llama.cpp is compiled for this machine (3 to 10 minutes)"
	@flags="$$($(VENV)/bin/python -I qa/build_flags.py)" && eval "$$flags" && \
		$(VENV)/bin/pip install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@echo "→ installing the tools for checks and tests"
	@$(VENV)/bin/pip install -c constraints.txt -e '.[dev]'
	@touch $@

locked: $(VENV)/bin/python ## the same as dev, each package held against its SHA-256 in requirements.lock
	@flags="$$($(VENV)/bin/python -I qa/build_flags.py)" && eval "$$flags" && \
		$(VENV)/bin/pip install --require-hashes -r requirements.lock
	@$(VENV)/bin/pip install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed $(VENV)/.dev

models: install
	@$(QA) models pull

library: models
	@test -f index/library.db || { echo "→ indexing the articles in seeds/"; $(QA) index; }

chat: library ## set up everything, then open the chat page
	@$(QA) chat

ask: library ## one question in the terminal: make ask Q="…"
	@$(QA) ask "$$Q"
ask: export Q := $(Q)

index: models ## read the article folders again
	@$(QA) index

eval: library ## answer a question set and write a report: make eval QUESTIONS=…
	@$(QA) eval "$(QUESTIONS)"

doctor: install ## what is wrong, and what to do about it
	@$(QA) doctor

test: dev models lint ## all checks and all tests
	@$(VENV)/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

cluster-test: dev models ## the tests of what many machines share: PostgreSQL and a Ray cluster are started
	@$(VENV)/bin/pytest -m cluster

check: dev ## the fast tests: no model, no browser, no other process
	@$(VENV)/bin/pytest -n 2 --hypothesis-profile few -m "not model and not browser and not slow and not cluster"

lint: dev ## formatting, lint and types
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy

fix: dev ## what ruff can correct by itself
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

# For the Python of .venv and this kind of machine. uv asks where pip asks; the file names no such place.
lock: $(VENV)/bin/python ## constraints.txt with the hash of every file: requirements.lock
	@test -x build/lock/bin/uv || \
		{ $(VENV)/bin/python -m venv build/lock && build/lock/bin/pip install -q $(LOCK_TOOL); }
	@UV_FIND_LINKS="$${UV_FIND_LINKS-$$PIP_FIND_LINKS}" build/lock/bin/uv pip compile -q pyproject.toml \
		--extra dev -c constraints.txt --python $(VENV)/bin/python --generate-hashes --no-annotate \
		--custom-compile-command "make lock" --output-file requirements.lock
	@echo "→ requirements.lock"

sbom: install ## every package with version and licence: build/sbom.json
	@test -x build/sbom/bin/cyclonedx-py || \
		{ $(VENV)/bin/python -m venv build/sbom && build/sbom/bin/pip install -q $(SBOM_TOOL); }
	@build/sbom/bin/cyclonedx-py environment $(VENV)/bin/python --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file build/sbom.json
	@echo "→ build/sbom.json"

# What is committed, and nothing that lies beside it. The flags and pip's own cache of what it has built
# spare compiling llama.cpp a second time.
release: models ## wheel and sources in dist/, checked in a new environment
	@rm -rf dist build/release && mkdir -p build/release/sources build/release/home
	@git archive HEAD | tar -x -C build/release/sources
	@echo "→ building what is committed"
	@$(VENV)/bin/python -m venv build/release/tools && build/release/tools/bin/pip install -q $(RELEASE_TOOLS)
	@build/release/tools/bin/python -m build --outdir dist build/release/sources >build/release/build.log
	@build/release/tools/bin/twine check --strict dist/*
	@echo "→ installing the wheel in a new environment"
	@$(VENV)/bin/python -m venv build/release/new
	@flags="$$($(VENV)/bin/python -I qa/build_flags.py)" && eval "$$flags" && \
		build/release/new/bin/pip install -q -c constraints.txt dist/*.whl
	@echo "→ asking it a question, far from this folder"
	@export QA_HOME="$(CURDIR)/build/release/home" QA_MODELS_DIR="$(CURDIR)/models" && cd / && \
		new="$(CURDIR)/build/release/new/bin" && $$new/python -Ic "import qa_ui.page" && \
		$$new/qa --version && $$new/qa index "$(CURDIR)/seeds" && $$new/qa ask "$$Q" && $$new/qa doctor
	@ls -l dist
release: export Q := $(Q)

clean: ## remove the virtual environment and caches; models, index and runs stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
