# Everything a fresh machine with Python 3.11 and make needs: "make paper" and "make test".

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: paper site test check preview bench lock clean
.DEFAULT_GOAL := paper

paper: .venv/installed  ## build the site and the PDF
	@$(BIN)/corridor build

site: .venv/installed  ## build all editions in all languages, and the site of them
	@$(BIN)/corridor build --all

test: .venv/installed-dev  ## lint, types, all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ty check --quiet
	$(BIN)/pytest

check: .venv/installed  ## check data, notebooks and chapters
	@$(BIN)/corridor check

preview: .venv/installed  ## serve the site, rebuild and reload on every change
	@$(BIN)/corridor preview

bench: .venv/installed-dev  ## measure how fast papers are built, against papermill and Quarto; takes an hour
	@$(BIN)/python -m benchmarks.run

lock: .venv/installed-dev  ## pin the versions of everything anew
	$(LOCK) --upgrade --extra build pyproject.toml --output-file requirements.lock
	$(LOCK) --upgrade --extra build --extra cluster --extra test --extra dev --constraint requirements.lock \
		pyproject.toml --output-file requirements-dev.lock

clean:  ## remove what builds and tests leave; the environment stays
	rm -rf _build _book _variables.yml site .quarto .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -prune -exec rm -rf {} +

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.11"; exit 2; }
	@start=$$(date +%s); $(PYTHON) -m venv .venv && touch $@ && \
		echo "environment .venv $$(($$(date +%s) - start)) s"

.venv/installed: .venv/python requirements.lock pyproject.toml
	@start=$$(date +%s); echo "installing the locked packages; the first time this takes a minute or two" && \
		$(PIP) install --require-hashes --requirement requirements.lock && \
		$(PIP) install --no-deps --no-build-isolation --editable . && touch $@ && \
		echo "install $$(($$(date +%s) - start)) s"

.venv/installed-dev: .venv/installed requirements-dev.lock
	@start=$$(date +%s); $(PIP) install --require-hashes --requirement requirements-dev.lock && touch $@ && \
		echo "install for tests $$(($$(date +%s) - start)) s"
