# Every command that people, pre-commit and CI run. `make help` lists them.
STACK ?= testing
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
# renovate: datasource=go depName=github.com/rhysd/actionlint
ACTIONLINT_VERSION := v1.7.12
SOURCES := __main__.py infra components policies simulator ops tests tools bench

.DEFAULT_GOAL := help
.PHONY: help setup preview test cluster-tests lint lint-workflows types format bench docs lock clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $$($(PYTHON) --version) found; name another with PYTHON=…" >&2; exit 2; }
	@echo "Installing the pinned packages into $(VENV) (once; about a minute)"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

setup: $(INSTALLED) ## Install the pinned packages into .venv

preview: setup ## Evaluate a stack against the simulated cloud (STACK=testing)
	@$(RUN) -m ops preview $(STACK)

lint: setup ## Check format, style, generated docs
	@$(VENV)/bin/ruff format --check --quiet $(SOURCES)
	@$(VENV)/bin/ruff check --quiet $(SOURCES)
	@$(RUN) -m infra.settings.reference --check
	@$(RUN) -m infra.teranode_reference --check

lint-workflows: setup ## Check the workflows of GitHub (needs Go)
	@$(VENV)/bin/zizmor --offline --quiet .github
	@go run github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)

types: setup ## Check types
	@$(VENV)/bin/pyright --warnings

test: lint types ## Lint, types and all tests
	@$(RUN) -m pytest -n 2 --dist worksteal

cluster-tests: setup ## Let a real Kubernetes API server judge the objects (builds one once; needs Go)
	@test -n "$$TERANODE_CLUSTER_KUBECONFIG" || $(RUN) tools/cluster_programs.py
	@$(RUN) -m pytest tests/cluster

format: setup ## Format the code and fix what can be fixed
	@$(VENV)/bin/ruff format $(SOURCES)
	@$(VENV)/bin/ruff check --fix $(SOURCES)

bench: setup ## Measure evaluation time and memory
	@$(RUN) -m bench

docs: setup ## Regenerate the configuration reference and the pictures
	@$(RUN) -m infra.settings.reference
	@$(RUN) -m infra.teranode_reference
	@$(RUN) -m ops picture testing --svg docs/testing.svg

lock: ## Resolve requirements.in into requirements.txt (needs uv)
	uv pip compile --quiet --universal --python-version=3.11 --generate-hashes --output-file=requirements.txt requirements.in

clean: ## Remove .venv and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
