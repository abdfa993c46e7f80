# `make chat` and `make test` need nothing but Python 3.11 or later: each makes .venv from the locked
# dependencies when it is missing or older than the locks.
PYTHON ?= python3
BIN := .venv/bin
# Most tests wait for another process, so more of them run than there are cores.
SIDE_BY_SIDE := -n 4 --dist loadfile
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps

.PHONY: chat test test-all check lock clean help

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

chat: .venv/ready ## Set everything up and talk to Candor in the terminal
	@$(BIN)/candor chat

test: .venv/ready-dev ## Set everything up, check the code and run the tests
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE)

test-all: .venv/ready-dev ## The same with the long tests and whatever this machine adds
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

check: .venv/ready-dev ## Format, lint, types, import contracts, Compose schema
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove the virtual environment
	rm -rf .venv

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up .venv (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
