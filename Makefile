# Every target sets up what it needs; only Python >= 3.11, pip and make are asked for.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= auto
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: help demo test check lint format serve conformance bench lock clean

help:            ## this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/runtime.stamp       ## the whole way on the demonstration city
	$(BIN)/emkg demo $(ARGS)

test: $(VENV)/dev.stamp           ## every test, with coverage, in as many processes as there are cores (JOBS=1 for one)
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(JOBS) --dist loadfile $(ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=90

check: lint test                  ## format, lint, types, import contract, tests

lint: $(VENV)/dev.stamp           ## format, lint, types, import contract
	$(BIN)/ruff format --check service tests
	$(BIN)/ruff check service tests
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp         ## rewrite to the house's format
	$(BIN)/ruff format service tests
	$(BIN)/ruff check --fix service tests

serve: $(VENV)/runtime.stamp      ## the service on the demonstration city, http://127.0.0.1:8000/docs
	$(BIN)/emkg serve $(ARGS)

conformance: $(VENV)/dev.stamp    ## the RML suites, case by case, and an EARL report in build/earl-rml.ttl
	mkdir -p build
	EARL_REPORT=build/earl-rml.ttl $(BIN)/pytest tests/conformance/test_rml.py tests/conformance/rml_io $(ARGS)

bench: $(VENV)/dev.stamp          ## EMKG and its peers side by side: the figures of docs/benchmarks.md
	PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

lock: $(VENV)/dev.stamp           ## compile requirements/*.txt anew: hashes, extras (without them pip looks beyond the lock), no download addresses
	$(PIP) install 'uv>=0.5'
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --group build pyproject.toml -o requirements/runtime.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --extra mysql --extra owl --extra postgresql --extra spark --group dev --group build pyproject.toml -o requirements/dev.txt

clean:           ## remove the environment and every build
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
