# `make regenerate` and `make test` need Python 3.11+ and make; the rest is installed into .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help regenerate pages site test check lint types drift slow bench comparison hostile fuzz kills mutate snapshots figures dist clean browser database

help: ## show these targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1|/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

regenerate: $(READY) ## rebuild generated/ from specs/
	$(BIN)/python -m generator regenerate

pages: $(READY)  ## what depends on settings in the pages written by hand, and the picture of the README
	$(BIN)/python tests/pages/write.py

site: $(READY)   ## the reference of all endpoints as static pages, into build/site
	$(BIN)/python -m generator site

test: $(READY)   ## the tests but for the slow ones, under two minutes
	$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types drift database test slow ## everything CI runs

lint: $(READY)   ## ruff over the hand-written code; the workflows against their schema and for holes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --quiet --persona pedantic .github

types: $(READY)  ## pyright and mypy, strict, over the generator, the runtime and what is emitted
	$(BIN)/pyright
	$(BIN)/mypy generator generated/fal_typed
	cd templates && ../$(BIN)/mypy --config-file ../pyproject.toml runtime

drift: $(READY)  ## is generated/ what specs/ give, and are specs/ what their lock says?
	$(BIN)/python -m generator regenerate --check --locked

slow: $(READY) browser database ## the tests behind the `slow` marker
	$(BIN)/python -m pytest -m slow -n auto --dist loadfile

# For the tests that look at a notebook. Nothing is done where there is one, or where we may not install one.
browser:
	@for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do \
		if command -v $$name > /dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium > /dev/null; \
	fi || echo "no browser could be installed"

# For the tests of journals in PostgreSQL, which run a server of their own. As above.
database:
	@if command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql > /dev/null; \
	fi || echo "no PostgreSQL could be installed"

bench: $(READY)  ## measurements beside what people would use instead
	$(BIN)/python -m pytest -m bench -s tests/benchmarks

# Of the benchmarks those that others are in, but for what takes longest: within ten minutes.
COMPARED := $(addprefix tests/benchmarks/,test_import_time.py test_runtime_bench.py test_waiting_bench.py \
	test_map_bench.py::test_beside_fal_client test_generation_time.py::test_beside_others \
	test_features_before.py test_features_paying.py test_features_around.py test_features_getting.py)

comparison: $(READY) ## measure anew what the site's page that compares shows; on a machine that does nothing else
	$(BIN)/python -m pytest -m bench -s $(COMPARED) -k "not 4.0 and not 10.0 and not 60.0 and not catalogue and not many_at_once and not (three and AsyncFal)"

figures: $(READY) ## how the code is laid out, how far a reader walks, what is written twice
	$(BIN)/python tests/house/figures.py

hostile: $(READY) ## ten thousand hostile documents; takes about ten minutes
	HOSTILE_DOCUMENTS=10000 $(BIN)/python -m pytest -n auto --timeout=0 -o faulthandler_timeout=0 tests/hostile

KILLS ?= 1000
kills: $(READY)  ## workers of one process, several, Dask and Ray killed KILLS=1000 times; takes about half an hour
	KILLS=$(KILLS) $(BIN)/python -m pytest -m slow --timeout=0 -o faulthandler_timeout=0 -s tests/kills

COUNT ?= 200
SEED ?= 1
mutate: $(READY) ## change the code at COUNT=200 places, one at a time, and print what no test notices; takes an hour
	$(BIN)/python tests/mutation/run.py --count $(COUNT) --seed $(SEED)

SECONDS ?= 1800
fuzz: $(READY)   ## a coverage-guided fuzz run of SECONDS=1800; what it finds is in .fuzz/findings
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	rm -rf .fuzz/findings
	$(BIN)/python tests/fuzz/fuzz_generator.py -max_total_time=$(SECONDS) -max_len=40000 -timeout=120 -rss_limit_mb=3000
	@test -z "$$(ls .fuzz/findings)" || { ls .fuzz/findings/*.txt; exit 1; }

# The files with snapshots of their own; those of the pinned endpoints are the files in generated/.
SNAPSHOTS := $(shell grep -rl SnapshotAssertion --include='test_*.py' tests)

snapshots: regenerate ## accept what the snapshot tests now produce; read the diff before you commit it
	$(BIN)/python -m pytest $(SNAPSHOTS) --snapshot-update

# What goes into an archive is dated with this moment, whenever and wherever it is built.
export SOURCE_DATE_EPOCH ?= 1577836800
DIST ?= dist

dist: drift      ## sdist and wheel of client and generator into dist/, the same bytes on every machine, checked
	rm -rf $(DIST)
	$(BIN)/python -m build --no-isolation --outdir $(DIST) generated
	$(BIN)/python -m build --no-isolation --outdir $(DIST) .
	$(BIN)/twine check --strict $(DIST)/*

clean:           ## remove what make made
	rm -rf $(VENV) $(DIST) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "fal-typed needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
