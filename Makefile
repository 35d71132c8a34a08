# 市衡 Shiheng. `make run` starts the platform, `make test` proves it; see README.md.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR := $(or $(SHIHENG_HOME),var)

.PHONY: run setup setup-dev test test-slow bench lint lock clean
run: setup ## set up, generate the district, serve
	$(BIN)/shiheng run

setup: $(VENV)/.run ## only prepare .venv with .venv/bin/shiheng
$(VENV)/.run: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m shiheng.site.translate compile
	@touch $@

setup-dev: setup $(VENV)/.dev
$(VENV)/.dev: requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.peers: requirements/peers.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@

lint: setup-dev ## style, types, floors of import, migrations
	$(BIN)/python -m tests.lint

test: setup-dev ## lint and the whole suite, on both databases
	$(BIN)/python -m tests.run

test-slow: setup-dev ## the long bars, one a command, resumable
	$(BIN)/python -m tests.slow

bench: setup-dev $(VENV)/.peers ## the benchmarks, each printing a ratio
	$(BIN)/python -m benchmarks

lock: setup-dev ## resolve the requirements anew, with hashes and without hosts
	cd requirements && for set in run dev peers; do \
	  ../$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --no-emit-find-links $$set.in -o $$set.txt; done

clean:
	rm -rf $(VENV) $(HOME_DIR)
