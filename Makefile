# make          what there is
# Each target needs only Python 3.10 or newer and make. `make ladder PYTHON=python3.12` picks another Python.

PYTHON  ?= python3
VENV    := .venv
NEWEST  := .venv-newest
UNPINNED := .venv-unpinned
BIN     := $(VENV)/bin
NBS     := $(filter-out nbs/index.ipynb, $(sort $(wildcard nbs/*.ipynb))) nbs/index.ipynb

# Tensors this small go no faster on more threads, and the tests run side by side.
export OMP_NUM_THREADS ?= 1

# Runs a command with no network, where the machine can.
OFFLINE := $(shell unshare --map-root-user --net true 2>/dev/null && echo unshare --map-root-user --net)

.PHONY: help ladder test test-package test-newest test-unpinned lab notebooks study export readme check bench clean

help:
	@echo "make ladder       train every step of the course and print the table"
	@echo "make test         run the tests of every notebook (nbdev_test)"
	@echo "make lab          open the notebooks in JupyterLab"
	@echo "make notebooks    run every notebook in a Jupyter kernel and keep the outputs"
	@echo "make study        train every recipe of the course from many seeds into humannums/study.csv (about two hours)"
	@echo "make export       write humannums/ from the notebooks, and clean them"
	@echo "make readme       write README.md from nbs/index.ipynb"
	@echo "make check        fail if export, clean notebooks or README are out of step"
	@echo "make test-newest  run the tests with the newest versions that passed"
	@echo "make test-unpinned  the same with whatever versions are out"
	@echo "make test-package build the package, install it elsewhere, and run it with no network"
	@echo "make bench        print the speed table"
	@echo "make clean        remove the environments"

$(VENV)/done: settings.ini setup.py pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

$(NEWEST)/done: settings.ini setup.py pyproject.toml constraints-newest.txt
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --constraint constraints-newest.txt --editable . nbdev distributed num2words
	touch $@

$(UNPINNED)/done: settings.ini setup.py pyproject.toml
	$(PYTHON) -m venv $(UNPINNED)
	$(UNPINNED)/bin/python -m pip install --quiet --editable . nbdev distributed num2words
	touch $@

ladder: $(VENV)/done
	$(BIN)/humannums

test: $(VENV)/done
	$(BIN)/nbdev_test --timing

test-newest: $(NEWEST)/done
	$(NEWEST)/bin/nbdev-test --timing

test-unpinned: $(UNPINNED)/done
	$(UNPINNED)/bin/nbdev-test --timing

# The wheel is built from the source distribution, and runs in an empty folder.
test-package: $(VENV)/done
	rm -rf build/package && mkdir -p build/package/empty
	$(BIN)/python -m build --outdir build/package
	$(PYTHON) -m venv build/package/venv
	build/package/venv/bin/python -m pip install --quiet --constraint constraints.txt build/package/*.whl
	cd build/package/empty && $(OFFLINE) ../venv/bin/humannums --version
	cd build/package/empty && $(OFFLINE) ../venv/bin/python -m humannums ladder --rungs unrolled
	cd build/package/empty && $(OFFLINE) ../venv/bin/python -c 'from humannums.all import *; print(len(study_rows()), "rows of the study")'

lab: $(VENV)/done
	$(BIN)/jupyter lab nbs

notebooks: $(VENV)/done
	for nb in $(NBS); do $(BIN)/jupyter nbconvert --to notebook --execute --inplace $$nb || exit 1; done
	$(BIN)/nbdev_clean

study: $(VENV)/done
	$(BIN)/python study/study.py

export: $(VENV)/done
	$(BIN)/nbdev_export
	$(BIN)/nbdev_clean

readme: $(VENV)/done
	$(BIN)/jupyter nbconvert --to markdown --stdout --RegexRemovePreprocessor.patterns='#\| hide' nbs/index.ipynb \
	    | sed 's#](\([0-9][0-9]_\)#](nbs/\1#' \
	    | awk '/^```/ {inside = !inside; if (inside && $$0 == "```") $$0 = "```python"} {print}' > README.tmp
	mv README.tmp README.md

check: export readme
	git diff --exit-code --stat

bench: $(VENV)/done
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/climb.py

clean:
	rm -rf $(VENV) $(NEWEST) $(UNPINNED)
