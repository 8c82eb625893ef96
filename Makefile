# make demo · make test · make test-deep · make lint · make read · make bench, on a machine with Python 3.11 or newer, git and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
STACK ?= fastapi
TESTS ?= tests
WORKERS ?= 2
BIN := .venv/bin
# Copies are of many small files: in memory, where there is room, they take half the time. What is installed stays on the disk.
DISK := $(or $(TMPDIR),/tmp)
MEMORY := $(shell test -w /dev/shm && test "$$(df -k /dev/shm | awk 'END {print $$4}')" -gt 8000000 && echo /dev/shm || echo $(DISK))
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --maxfail 3 --durations 25 --durations-min 10

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

$(BIN)/copier: pyproject.toml
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --requirements pyproject.toml --group dev
	@touch $@

.PHONY: demo
demo: $(BIN)/copier ## Render a project into demo/ (STACK=…), and say what to type next
	@test ! -e demo || { echo "demo/ exists already: remove it, or look into it."; exit 1; }
	@$(BIN)/copier copy --trust --defaults --quiet --vcs-ref HEAD --data stack=$(STACK) '$(CURDIR)' demo
	@echo "Look at demo/specs/*/plan.md, then: cd demo && make setup test run"

.PHONY: test
test: $(BIN)/copier ## Run the tests: the fast render tests first, then really generated projects
	@sh .ci/servers
	TMPDIR=$(MEMORY) $(PYTEST) --dist worksteal -m "not generated and not deep" $(TESTS)
	TMPDIR=$(MEMORY) PYTEST_DEBUG_TEMPROOT=$(DISK) $(PYTEST) --dist loadfile -m "generated and not deep" $(TESTS)

.PHONY: test-deep
test-deep: $(BIN)/copier ## Run what `test` leaves out: planted faults, big matrices, long fuzzing, more databases
	@sh .ci/servers
	TMPDIR=$(MEMORY) PYTEST_DEBUG_TEMPROOT=$(DISK) $(PYTEST) --dist loadfile -m deep $(TESTS)

.PHONY: lint
lint: $(BIN)/copier ## Check this repository's own code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

.PHONY: where
where: $(BIN)/copier ## List what a stack renders, each path with its template file (STACK=…)
	@$(BIN)/python tools/where.py $(STACK)

.PHONY: read
read: $(BIN)/copier ## Say which answers render a plan kept elsewhere (PLAN=file, ANSWERS=file to write)
	@$(BIN)/python tools/read_plan.py '$(PLAN)' $(if $(ANSWERS),--answers '$(ANSWERS)')

.PHONY: bench
bench: $(BIN)/copier ## Time what rendered projects do as they grow (STACK=… for one); ROUNDS, REQUESTS, STARTS: fewer
	PYTHONPATH=extensions:tests $(BIN)/python -m bench $(if $(filter file,$(origin STACK)),,$(STACK))

.PHONY: bench-copy
bench-copy: $(BIN)/copier ## Time the copies of each stack
	PYTHONPATH=extensions:tests $(BIN)/python -m bench.copies
