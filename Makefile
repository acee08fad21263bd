# Fondportalen. `make help` lists what can be done.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
BIN = .venv/bin
STACK = $(PYTHON) -m fundportal.stack
SOURCES = manage.py fundportal applications reviews repayment tests
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench screens lock

help: ## visar den här listan
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 18

run: ## installerar det som saknas och startar Fondportalen (PORT, VAR_DIR, DATABASE_URL, REDIS_URL, EMAIL_URL)
	@$(STACK) run

test: ## installerar det som saknas och kör allt: kontroller, enhets-, egenskaps- och webbläsartester
	@$(STACK) install-tests
	@failed=0; $(MAKE) --no-print-directory checks || failed=1; $(BIN)/python -m tests.parts || failed=1; exit $$failed

check: ## kontrollerar snabbt: format, lint, typer, importkontrakt, migreringar, mallar
	@$(STACK) install-tools
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	@$(BIN)/python -m tests.checks

fix: ## rättar format och det lint kan rätta
	@$(BIN)/ruff check --fix-only -q $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: ## mäter mot målen; skriver ett JSON-objekt per rad
	@$(STACK) install-tests >&2
	@$(BIN)/python -m fundportal.stack.product manage.py bench $(ARGS)

screens: ## sparar varje sida som PNG i var/screens
	@$(STACK) install-tests
	@$(BIN)/python -m tests.screens $(ARGS)

lock: ## löser om beroendena och skriver requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.lock
