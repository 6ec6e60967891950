# Two commands do all on a machine that has only Python 3.11: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check format app lock clean

demo: $(VENV)/ready
	$(BIN)/territo demo --out outputs/demo

test: check
	$(BIN)/pytest

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'territo/*.py')

app: $(VENV)/ready
	$(BIN)/territo app

format: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# the locks (of development, of the image) name every package with its hash, and no place to fetch it from
lock:
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --output-file requirements.lock
	uv pip compile pyproject.toml --extra serve --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --output-file requirements-serve.lock

# django-leaflet is installed for its files alone: --no-deps leaves Django out
$(VENV)/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf $(VENV) outputs
