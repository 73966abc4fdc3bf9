# The first two commands of README.md are `make run` and `make test`; both set up whatever is missing.
# Everything is installed into .venv, at the versions in constraints/locked.txt.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench demo-finetune lock clean

VENV := .venv
BIN := $(VENV)/bin
LOCK := constraints/locked.txt
EXTRAS := llama,openai,rag,serve,ui,notebook,bench,dev
TRAINING := data,train,tensorboard,sentence-transformers,lm-eval
READY := $(VENV)/.ready
TORCH := $(VENV)/.torch

# Options for swf or pytest, e.g. ARGS="--gate spec" or ARGS="tests/domain -x".
ARGS ?=
TASKS ?= benchmarks/tasks.yaml
# Half of the time a test waits for a process of its own.
WORKERS ?= $(shell expr 2 \* $$(nproc))

# The demonstration of the fine-tuning line, see finetune/README.md.
DEMO := finetune/repair
DEMO_BASE := qwen2.5-coder-0.5b
DEMO_OUT := .benchmarks/finetune-repair
DATA_DIR := $${SWF_DATA_DIR:-$${XDG_DATA_HOME:-$$HOME/.local/share}/swfactory}

# The shell must get the requirement as it was typed: make would expand a dollar sign in it.
override export REQUIREMENT := $(value REQUIREMENT)

# A model of another kind than a file of the catalogue needs no download.
FETCH = $(if $(filter -m --model --model=%,$(ARGS)),:,$(BIN)/swf models pull)

help:  ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make run REQUIREMENT='A Roman numeral converter. \`python main.py 1994\` prints MCMXCIV.'"
	@echo "  make run REQUIREMENT=@requirement.md ARGS='--output ./roman --gate spec'"

run: $(READY)  ## Build a product: make run REQUIREMENT='what you need'
	@if [ -z "$$REQUIREMENT" ]; then \
	  echo "say what you need:  make run REQUIREMENT='a program that ...'" >&2; exit 2; \
	fi
	@$(FETCH)
	@$(BIN)/swf run $(ARGS) -- "$$REQUIREMENT"

test: $(TORCH)  ## Run the tests, those with the real model last; ARGS chooses tests.
ifeq ($(strip $(ARGS)),)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not model"
	@$(BIN)/swf models pull qwen2.5-coder-1.5b smollm2-135m all-minilm-l6-v2 \
	  || if [ -n "$$SWF_REQUIRE_MODEL" ]; then exit 1; else echo "going on without: its tests are skipped" >&2; fi
	$(BIN)/python -m pytest -m model
else
	$(BIN)/python -m pytest $(ARGS)
endif

check: $(READY)  ## Check formatting, lint, types, layers and documents.
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/mypy graphs/security_review.py docs/generate.py
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_docs.py tests/test_layers.py tests/test_imports.py

fix: $(READY)  ## Format the code, mend lint, renew the generated parts of the documents.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/python docs/generate.py

bench: $(READY)  ## Measure the factory beside a single prompt; TASKS names the file.
	@$(FETCH)
	@$(BIN)/swf bench $(TASKS) $(ARGS)

# Each step goes on where an earlier run stopped: a data set is the same again, a training has checkpoints, a result is
# kept item by item. An adapter that is there is not trained again: swf adapters remove repair.
demo-finetune: $(TORCH)  ## Train the repair role's adapter and measure it; see finetune/README.md.
	$(BIN)/swf models pull $(DEMO_BASE)
	$(BIN)/swf data build $(DEMO)/data.yaml --replace
	$(BIN)/swf data build $(DEMO)/test.yaml --replace
	$(BIN)/swf adapters show repair >/dev/null 2>&1 || $(BIN)/swf train $(DEMO)/train.yaml --name repair
	$(BIN)/swf adapters export repair --to gguf
	$(BIN)/swf eval llama:$(DEMO_BASE) --adapter repair --suite repair,humaneval --data repair=repair-test \
	  --out $(DEMO_OUT) $(or $(ARGS),--limit 132 --parallel 4)
	cp $(DEMO_OUT)/card.md $(DEMO_OUT)/card.html $(DEMO_OUT)/scores.json $(DEMO)/
	cp $(DATA_DIR)/adapters/repair/curve.jsonl $(DATA_DIR)/adapters/repair/run.json $(DEMO)/

lock: $(READY)  ## Resolve the dependencies anew into constraints/.
	$(BIN)/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --quiet \
	  $(foreach extra,llama openai postgres rag serve ui notebook bench data train tensorboard sentence-transformers lm-eval dev,--extra $(extra)) \
	  -c constraints/torch.txt \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o $(LOCK)
	sed -i -E '/^(nvidia-|cuda-|triton==)/d' $(LOCK)  # what torch brings is a matter of its build

clean:  ## Remove .venv and caches; runs, models and products stay.
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
	find src tests graphs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# uv takes seconds where pip takes minutes. It reads no pip.conf, so it is told the index that pip is set to; where
# that is not enough to reach it (a certificate, a login), pip does the same, slower.
$(READY): pyproject.toml $(LOCK)
	@set -e; python=""; \
	for name in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if "$$name" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$name; break; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "$$(python3 --version) lacks its venv module" >&2; \
	    echo "  sudo apt-get install python3-venv" >&2; \
	  else \
	    echo "Python 3.11 or later is needed, and python3 here is $$(python3 --version 2>/dev/null || echo missing)" >&2; \
	    echo "  sudo apt-get install python3.11-venv   # or name another one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  fi; \
	  exit 1; \
	fi; \
	echo "setting up $(VENV), once" >&2; \
	"$$python" -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) uv; \
	index=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true); \
	export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$index}}"; \
	[ -n "$$UV_DEFAULT_INDEX" ] || unset UV_DEFAULT_INDEX; \
	$(BIN)/uv pip install --python $(BIN)/python -c $(LOCK) -e '.[$(EXTRAS)]' \
	  || $(BIN)/python -m pip install --disable-pip-version-check -c $(LOCK) -e '.[$(EXTRAS)]'; \
	touch $@

# torch comes in builds for each kind of machine: uv chooses by what is here, and where it cannot, pip takes what it
# finds. Those who only run the factory need none of it.
$(TORCH): $(READY)
	@set -e; index=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true); \
	export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$index}}"; \
	[ -n "$$UV_DEFAULT_INDEX" ] || unset UV_DEFAULT_INDEX; \
	echo "setting up torch and the fine-tuning line, once" >&2; \
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c $(LOCK) --torch-backend=auto torch 2>/dev/null \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) torch; \
	$(BIN)/uv pip install --python $(BIN)/python -c $(LOCK) -e '.[$(EXTRAS),$(TRAINING)]' \
	  || $(BIN)/python -m pip install --disable-pip-version-check -c $(LOCK) -e '.[$(EXTRAS),$(TRAINING)]'; \
	touch $@
