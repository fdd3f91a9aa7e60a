# Two commands do everything: `make report` and `make test`. Both install what they need first.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
# Which languages `make report` makes, for example: make report LANGUAGES="da fi"
LANGUAGES ?=
# In which forms beside the pages, for example: make report FORMS="docx pdf"
FORMS ?=

# A folder with a report whose pages `make browser` opens too, for example: make browser PAGES=report
PAGES ?=
# Whether `make browser` also runs every notebook in JupyterLab, which takes minutes: make browser LAB=yes
LAB ?=

.DEFAULT_GOAL := help
.PHONY: help report test browser lab bench lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/ready: requirements.lock pyproject.toml
	@echo "Installing into $(VENV) (about two minutes the first time) ..."
	@$(PYTHON) -c 'import sys; sys.exit("kij_analysis needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 ..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

report: $(VENV)/ready ## Regenerate every figure, table and page of the report
	@$(BIN)/python -m kij_analysis report . $(foreach language,$(LANGUAGES),--language $(language)) \
		$(foreach form,$(FORMS),--$(form))

test: $(VENV)/ready ## Check style and types and run the tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto

browser: $(VENV)/ready ## Open the pages in a headless Chromium and check them with axe-core
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	@KIJ_BROWSER=required KIJ_PAGES=$(PAGES) KIJ_LAB=$(LAB) $(BIN)/python -m pytest tests/browser

lab: $(VENV)/ready ## Open the notebooks in JupyterLab
	@$(BIN)/python -m kij_analysis lab .

bench: $(VENV)/ready ## Measure speed against references in the same run
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

lock: ## Write the lock files anew from pyproject.toml
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	@.venv-lock/bin/uv pip compile pyproject.toml --group dev --extra lab --universal --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet --upgrade -o requirements.lock
	@.venv-lock/bin/uv pip compile --group pyproject.toml:browser --constraint requirements.lock --universal \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade -o requirements-browser.lock
	@rm -rf .venv-lock

clean: ## Remove the environment and everything that was generated
	@rm -rf $(VENV) .mypy_cache .ruff_cache dist build
	@find figures report data/processed -mindepth 1 ! -name README.md -delete
