# Short names for what contributors do often. Everything here also works as the command it stands for.
PYTHON := .venv/bin/python
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.PHONY: setup test quick check docs figures requirements

setup:          ## make .venv with the tools for development
	./run setup

test:           ## everything that needs no outside server
	./run test

quick:          ## the rules, reading, writing, the fixtures and the pages, in under a minute
	./run quick

check: setup    ## lint, types, import contracts, spelling
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-cache --no-logo
	.venv/bin/codespell

docs: setup     ## write again the pages and tables that are made from mappings and commands
	$(PYTHON) -m tests.docs.pages
	$(PYTHON) -m tests.docs.settings_table
	$(PYTHON) -m tests.docs.lifecycle
	$(PYTHON) -m tests.docs.inputs_page docs/inputs.md
	$(PYTHON) -m tests.docs.rulebook_tables docs/rulebook.md

figures: setup  ## lines a function and a file, patches a test
	$(PYTHON) -m tests.project.figures

# The narrower sets are pinned to what the widest one chose, so that all of them agree.
requirements:   ## pin again what pyproject.toml asks for (add UPGRADE=--upgrade for newer versions)
	$(COMPILE) $(UPGRADE) pyproject.toml --all-extras --group build -o requirements/dev.txt
	$(COMPILE) pyproject.toml --extra sandbox --group build -c requirements/dev.txt -o requirements/sandbox.txt
	$(COMPILE) pyproject.toml --extra postgres -c requirements/dev.txt -o requirements/runtime.txt
	$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
