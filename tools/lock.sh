#!/usr/bin/env sh
# Writes requirements.lock again: every package of a run and of the tests, by hash, for Python
# 3.11 to 3.13, and nothing about where to fetch it from. `make lock` runs it. By default only
# what pyproject.toml asks for changes; `make lock LOCK=--upgrade` takes the newest of everything.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
"$python" -m uv --version >/dev/null 2>&1 || "$python" -m pip install --quiet uv
"$python" -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
  --output-file requirements.lock "$@"
if grep -nE '://|^ *--(index|extra-index|find-links|trusted-host)' requirements.lock; then
  echo "requirements.lock names a host: see the lines above" >&2
  exit 1
fi
