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

.PHONY: help ladder test test-package test-newest test-unpinned lab notebooks study export readme site test-site check bench clean

help:
	@echo "make ladder       train every rung of the ladder and print the table"
	@echo "make test         run the tests of every notebook (nbdev_test)"
	@echo "make lab          open the notebooks in JupyterLab"
	@echo "make notebooks    run every notebook in a Jupyter kernel and keep the outputs"
	@echo "make study        train the runs that humannums/study.csv lacks, and add them to it"
	@echo "make export       write humannums/ from the notebooks, and clean them"
	@echo "make readme       write README.md from nbs/index.ipynb"
	@echo "make site         write the site to _site from the notebooks and the outputs that they hold (Python 3.11)"
	@echo "make test-site    look at the site in Chromium or Chrome, where there is one"
	@echo "make check        fail if export, clean notebooks or README are out of step, or a line is too long"
	@echo "make test-newest  run the tests with the newest versions that passed"
	@echo "make test-unpinned  the same with whatever versions are out"
	@echo "make test-package build the package, install it elsewhere, and run it with no network"
	@echo "make bench        measure the speed into benchmarks/README.md (ten minutes, with nothing else running)"
	@echo "make clean        remove the environments, the site and what builds left"

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

# Cells with the tag skip-execution train the longest: nbconvert leaves them out, but here.
notebooks: $(VENV)/done
	for nb in $(NBS); do $(BIN)/jupyter nbconvert --to notebook --execute --inplace \
	    --ExecutePreprocessor.skip_cells_with_tag=none $$nb || exit 1; done
	$(BIN)/nbdev_clean

study: $(VENV)/done
	$(BIN)/python -c "from humannums.study import *; train_study('humannums/study.csv', jobs=-1, out='runs', report=print)"

export: $(VENV)/done
	$(BIN)/nbdev_export
	$(BIN)/nbdev_clean

# README.md is the index, its picture a file.
readme: $(VENV)/done
	$(BIN)/jupyter nbconvert --to markdown --output-dir build/readme --output README nbs/index.ipynb \
	    --NbConvertApp.output_files_dir=images --NbConvertBase.display_data_priority='["image/png", "text/plain"]' \
	    --RegexRemovePreprocessor.patterns='#\| hide' --TagRemovePreprocessor.enabled=True --TagRemovePreprocessor.remove_input_tags=hide-input
	rm -rf .github/images && mv build/readme/images .github/images
	sed -e 's#](\([0-9][0-9]_\)#](nbs/\1#g' -e 's#!\[png\](#![The climb, and the count that breaks](.github/#' build/readme/README.md \
	    | awk '/^```/ {inside = !inside; if (inside && $$0 == "```") $$0 = "```python"} {print}' > README.tmp
	mv README.tmp README.md

# No notebook is run. A warning, such as a link that leads nowhere, is an error. What has not changed is not read again.
site: $(VENV)/done build/networks/networks.html
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The site takes Python 3.11 or newer: make clean, then make site PYTHON=python3.11.")'
	$(BIN)/python site/pages.py build/site
	$(BIN)/python -m sphinx -q -W --keep-going -c site -d build/doctrees build/site build/html
	rm -rf _site && cp -R build/html _site

# The networks are trained again only if a recipe has changed, as write_page sees.
build/networks/networks.html: $(VENV)/done $(wildcard humannums/*.py)
	$(BIN)/python -c "from humannums.page import write_page; write_page('build/networks', site='')"

test-site: site
	$(BIN)/python site/browse.py

# The tree is checked in a copy, so that nothing in it is rewritten.
check: $(VENV)/done
	$(BIN)/ruff check
	@! git ls-files --others --exclude-standard humannums nbs | grep . || { echo 'These are not in git yet: git add them first.'; exit 1; }
	rm -rf build/check && mkdir -p build/check
	git ls-files | tar -cf - -T - | tar -xf - -C build/check
	$(MAKE) -C build/check --old-file=$(CURDIR)/$(VENV)/done export readme VENV=$(CURDIR)/$(VENV)
	for made in humannums nbs README.md .github/images; do \
	    diff -rq -x __pycache__ -x .ipynb_checkpoints $$made build/check/$$made && continue; \
	    echo 'Out of step: run make export readme, and commit.'; exit 1; done

bench: $(VENV)/done
	$(BIN)/python benchmarks/speed.py > benchmarks/README.tmp
	$(BIN)/python benchmarks/climb.py >> benchmarks/README.tmp
	mv benchmarks/README.tmp benchmarks/README.md

clean:
	rm -rf $(VENV) $(NEWEST) $(UNPINNED) _site build
