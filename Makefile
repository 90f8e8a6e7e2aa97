# Every target makes the set-up that it needs in .venv; the next run finds it made.
# A Python of one's own choice: make PYTHON=/path/to/python3.12 release

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
YEAR := 2025
OUT := release/$(YEAR)

# Looked up only when .venv is made: python3 if it is new enough, else the newest one.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; \
	done)

.DEFAULT_GOAL := help
.PHONY: release test check validation bench dist clean help
.DELETE_ON_ERROR:

release: $(VENV)/installed-base ## Make the price tables of the sample district
	$(BIN)/wageguide release data/sample/returns/$(YEAR) --year $(YEAR) \
		--policy data/sample/policy.toml --out $(OUT)
	@echo "The workbook is here:"
	@ls -d "$(CURDIR)/$(OUT)"/*.xlsx

test: $(VENV)/installed-test ## Run the tests (a few minutes; the slow ones are in check)
	$(BIN)/python -m pytest -n 2 -m "not slow" -rs

# make check MARK=slow leaves out the tests that make test runs.
check: $(VENV)/installed-dev ## Format, lint, types, all tests, doctests, notebooks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup -rs $(if $(MARK),-m "$(MARK)")
	$(BIN)/python -m pytest --doctest-modules wageguide
	$(BIN)/python -m pytest --doctest-glob="*.md" docs

validation: $(VENV)/installed-test ## Write docs/validation.md from what the tests compare
	$(BIN)/python -m pytest --write-validation -rs

bench: $(VENV)/installed-bench ## Run every benchmark
	@set -e; for file in $$(grep -l '__name__ == "__main__"' benchmarks/*.py); do \
		echo "== $$file"; $(BIN)/python "$$file"; \
	done

dist: $(VENV)/installed-dev ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build

clean: ## Remove the set-up, builds and caches; releases stay
	rm -rf $(VENV) build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find wageguide tests benchmarks data notebooks -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

# One stamp an extra; the extra named base is the package alone.
$(VENV)/installed-%: pyproject.toml setup.py constraints.txt | $(VENV)/made
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".$(if $(filter base,$*),,[$*])"
	@touch $@

.PRECIOUS: $(VENV)/installed-%

$(VENV)/made:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or newer is on PATH. Install one," >&2; \
		echo "or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "wageguide needs Python 3.11 or newer; $$python is $$("$$python" -V 2>&1)." >&2; \
		echo "Name a newer one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$$python cannot make virtual environments: its venv module is not installed." >&2; \
		echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	rm -rf $(VENV); \
	echo "Setting up $(VENV) with $$("$$python" -V) (once; the packages are downloaded)"; \
	"$$python" -m venv $(VENV)
	@touch $@
