# Everything that a newcomer needs: `make demo` and `make test` set themselves up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The solver's linear algebra is fastest, and repeatable, on one BLAS thread.
export OPENBLAS_NUM_THREADS := 1

# The server that the tests use; each worker makes and drops databases of its own on it.
POSTGRES ?= postgresql://postgres@127.0.0.1:5432/test
# Where the demonstration listens.
PORT ?= 8000
# With CI=true or AYNI_DEMO_ONCE=1 the portal only starts, answers and ends.
DEMO_ONCE := $(filter true 1,$(CI) $(AYNI_DEMO_ONCE))

.PHONY: demo test needs soak lint bench screenshots openapi lock clean

demo: $(VENV)/.runtime
	@$(BIN)/ayni demo || test $$? -eq 1  # 1: a result with warnings, which the example has on purpose
	@$(BIN)/ayni serve --demo $(if $(DEMO_ONCE),--once --port 0,--port $(PORT))

# loadfile: the tests of one file stay on one worker, so that the example park is run once.
# The portal's tests run on both databases; those of the sciences know none and run once.
test: needs lint
	$(BIN)/pytest -n 2 --dist loadfile -m "not soak"
	DATABASE_URL=$(POSTGRES) $(BIN)/pytest -n 2 --dist loadfile -m "not soak" tests/database tests/api tests/browser

# What Debian gives: told before an hour of tests, not after.
needs: $(VENV)/.test
	@$(BIN)/python tools/check_needs.py $(POSTGRES)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: needs
	@command -v soffice >/dev/null || { echo "LibreOffice is missing: apt-get install -y libreoffice-calc"; exit 1; }
	AYNI_SOAK=1 $(BIN)/pytest -n 2 --dist worksteal -m soak
	DATABASE_URL=$(POSTGRES) AYNI_SOAK=1 $(BIN)/pytest -n 2 --dist worksteal -m soak tests/database tests/api

bench: $(VENV)/.test
	@for program in benchmarks/*.py; do echo "== $$program"; $(BIN)/python $$program || exit 1; done

screenshots: $(VENV)/.test
	@$(BIN)/python tools/make_screenshots.py screenshots

openapi: $(VENV)/.runtime
	@$(BIN)/ayni manage write_openapi docs/openapi.json

lock: $(VENV)/.test
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-header --extra build --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-header --extra build --extra test --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) demo screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: apt-get install -y python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked packages (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@
