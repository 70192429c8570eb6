# The two commands of the README, and what CI runs. Needs make and Python 3.11 or newer, no more.

VENV  := .venv
BIN   := $(VENV)/bin
PY    := $(BIN)/python
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers

# The first Python that is new enough; `make demo PYTHON=/path/to/python3.12` says otherwise.
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
  $$p -c "$(ENOUGH)" 2>/dev/null && echo $$p && break; done)

.PHONY: demo test check golden bench lock clean

demo: $(READY)  ## compare Khunjerab's seasonal regime with year-round operation
	$(BIN)/corridor demo

test: $(READY)  ## every test
	$(PY) -m pytest -n auto

check: $(READY)  ## what CI runs: style, types, layers, every test, every example in the documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PY) -m pytest -n auto --doctest-modules --doctest-glob='*.md' README.md docs corridor tests

golden: $(READY)  ## write the golden outputs again; read the difference before you commit it
	$(PY) -m pytest tests/golden --golden-update

bench: $(READY) $(PEERS)  ## timings beside peers, written to docs/performance.md; QUICK=1 only prints
	$(PY) -m benchmarks $(if $(QUICK),--quick)

lock: $(READY)  ## requirements.lock from pyproject.toml; LOCK=--upgrade for the newest of everything
	PYTHON=$(PY) sh tools/lock.sh $(LOCK)

clean:  ## everything that was made, .venv included
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find benchmarks corridor tests tools -name __pycache__ -prune -exec rm -rf {} +

# Made once, and again when the lock or the package's own description changes.
$(READY): requirements.lock pyproject.toml
	@"$(PYTHON)" -c "$(ENOUGH)" 2>/dev/null || { echo "Corridor needs Python 3.11 or newer;" \
	  "install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "installing into $(VENV) (about a minute, once)"
	@test -x $(PY) || "$(PYTHON)" -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "compiling the engine (some seconds, once)"
	@$(PY) -c "from corridor.engine.fast import warm; warm()"
	@touch $(READY)

# What `make bench` times us beside, one by one: what is not to be had here is said, not fatal.
$(PEERS): pyproject.toml $(READY)
	@for peer in $$($(PY) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))\
	  ['dependency-groups']['bench'])"); do \
	  $(PY) -m pip install --quiet --disable-pip-version-check "$$peer" || echo "no $$peer here"; done
	@touch $(PEERS)
