# Everything a newcomer types. Needs python3 (3.11 or newer), its venv module, make and git; nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check --quiet
ROOMS  := bot content_queue publishers schedules
CODE   := $(ROOMS) tests bench hatch_build.py

CATALOGUES := $(wildcard content_queue/locale/*/LC_MESSAGES/*.po)
ENGLISH    := content_queue/locale/en/LC_MESSAGES/loa.po

.DEFAULT_GOAL := help
.PHONY: help demo run test cover check bench bench-others torture witness messages clean

help:
	@echo 'make demo      one whole day on this machine, without accounts or network (EXIT=1 ends by itself)'
	@echo 'make run       the daemon on the folder HOME_DIR (default: tinh; made if it is not there)'
	@echo 'make test      all tests, on two cores'
	@echo 'make cover     the same on one core, with the lines and branches that no test takes'
	@echo 'make check     lint, types and sizes'
	@echo 'make bench     how much time and memory the daemon takes'
	@echo 'make torture   every crash sweep, sabotage and simulated year (SEEDS=20); goes on where it ended'
	@echo 'make witness   the tests against emulators written by others (ARGS=--record writes down what they hear)'
	@echo 'make messages  collect the texts for people anew into the catalogues'
	@echo 'make clean     remove what was installed and built'

# --- what is installed: each stamp is newer than what it was made from -------------------------------

$(VENV)/made:
	@echo 'Making $(VENV) …'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run-pins: requirements/run.txt $(VENV)/made
	@echo 'Installing what loa runs on …'
	@$(PIP) install --require-hashes -r requirements/run.txt
	@touch $@

# The build compiles the catalogues, so they are among its sources.
$(VENV)/project: pyproject.toml hatch_build.py $(CATALOGUES) $(VENV)/run-pins
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/test-pins: requirements/test.txt $(VENV)/run-pins
	@echo 'Installing what the tests need …'
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

# --- what is done -----------------------------------------------------------------------------------

# Without a terminal nobody can press Ctrl-C, so it ends by itself.
demo: $(VENV)/project
	@ending=; if [ '$(EXIT)' = 1 ] || [ '$(CI)' = true ] || ! [ -t 0 ] || ! [ -t 1 ]; then ending=--exit; fi; \
	$(BIN)/loa demo $$ending

HOME_DIR ?= tinh
run: $(VENV)/project
	@[ -e '$(HOME_DIR)/settings.toml' ] || $(BIN)/loa init '$(HOME_DIR)'
	@$(BIN)/loa --home '$(HOME_DIR)' run

PYTEST := $(BIN)/python -m pytest
test: $(VENV)/project $(VENV)/test-pins
	@$(PYTEST) -n 4 --dist worksteal -m 'not torture and not witness' $(ARGS)

cover: $(VENV)/project $(VENV)/test-pins
	@$(BIN)/coverage run -m pytest -m 'not torture and not witness' $(ARGS)
	@$(BIN)/coverage report

check: $(VENV)/project $(VENV)/test-pins
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/python -m tests.sizes

bench: $(VENV)/project $(VENV)/test-pins
	@$(BIN)/python -m bench $(ARGS)

# What others are made of stays out of $(VENV).
OTHERS := .venv-bench
$(OTHERS)/pins: requirements/bench.txt
	@echo 'Installing what loa is measured against …'
	@$(PYTHON) -m venv $(OTHERS)
	@$(OTHERS)/bin/pip --disable-pip-version-check --quiet install --require-hashes -r requirements/bench.txt
	@touch $@

bench-others: $(VENV)/project $(VENV)/test-pins $(OTHERS)/pins
	@$(BIN)/python -m bench.others --python $(OTHERS)/bin/python $(ARGS)

torture: $(VENV)/project $(VENV)/test-pins
	@$(BIN)/python -m tests.torture $(ARGS)

# Emulators and SDKs of others stay out of $(VENV); what the tests need is seen from there. One of them says
# that it needs a newer Python than it does.
WITNESSES := .venv-witness
SEEN = import sysconfig; print(sysconfig.get_path("purelib"))
$(WITNESSES)/pins: requirements/witness.txt $(VENV)/project $(VENV)/test-pins
	@echo 'Installing what loa is held against …'
	@$(PYTHON) -m venv $(WITNESSES)
	@$(WITNESSES)/bin/pip --disable-pip-version-check --quiet install --require-hashes --no-deps \
	    --ignore-requires-python -r requirements/witness.txt
	@seen=$$($(BIN)/python -c '$(SEEN)'); own=$$($(WITNESSES)/bin/python -c '$(SEEN)'); \
	echo "import site; site.addsitedir('$$seen')" > "$$own/loa.pth"
	@touch $@

witness: $(WITNESSES)/pins
	@$(WITNESSES)/bin/python -m pytest -n 0 -m $@ $(ARGS)

BABEL := $(BIN)/python -W ignore -m babel.messages.frontend --quiet
messages: $(VENV)/project
	@$(BABEL) extract --mapping-file pyproject.toml --sort-output --add-location file --no-wrap \
	    --output-file $(VENV)/loa.pot $(ROOMS)
	@$(BABEL) update --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date \
	    --locale en --input-file $(VENV)/loa.pot --output-file $(ENGLISH)
	@$(BABEL) compile --locale en --input-file $(ENGLISH) --output-file $(ENGLISH:.po=.mo)
	@echo 'Translate what is empty in $(ENGLISH), then: make test'

clean:
	@rm -rf $(VENV) $(OTHERS) $(WITNESSES) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	@find $(ROOMS) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
