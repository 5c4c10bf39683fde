# Needs Python 3.11 or later, make, and a package registry. `.venv` is made from the lock file.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint bench lock clean

help:
	@echo "make demo          a night on the case study, as a dry run (APPLY=1 goes on)"
	@echo "make test          the whole suite"
	@echo "make lint          format, lint, types, imports"
	@echo "make bench         requests and seconds, ours beside others"
	@echo "make lock          resolve requirements.lock anew"
	@echo "make clean         remove the environment and what runs left"

# uv comes from PyPI into a small environment of its own, so that sync may not remove it.
$(VENV)/uv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

$(READY): requirements.lock pyproject.toml | $(VENV)/uv/bin/uv
	$(VENV)/uv/bin/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(VENV)/uv/bin/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/hygiene demo $(if $(APPLY),--apply)

# Two at a time, a file each: the tests of one file share their servers.
test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python bench/compare.py

lock: $(READY)
	$(VENV)/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --all-extras --group dev --upgrade pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
