# make          set up .venv and build the demo study
# make test     run every test
# make bench    time this against a plain reference, in half an hour at most, to
#               results/bench.csv; ONLY=surface (plane, profile, map, epoch, growth)
# make forecast say what a study will take: CONFIG=config/paper.yaml GFLOPS=20000
# make watch    say how far a run is, and when it will end
# make audit    is every artifact as it was made, and as it would be made today? CONFIG=…
# make trace    the chain from a figure to the data: FIGURE=li2018_figure5
# make rebuild  do artifacts come out the same when made again? CONFIG=… SAMPLE=3 SEED=0
# make preflight say what a long run still needs: CONFIG=… PROFILE=profiles/slurm
# make setup    set up .venv alone
# make lint     check how code, workflow and configs are written
# make docs     write docs/config.md anew from the schema
# make lock     compile requirements.txt from pyproject.toml
# make clean    remove what was made, but not the environment or downloaded data
# make help     show these lines

BIN := .venv/bin

# The set-up is done when the environment holds what requirements.txt says. Compiled once
# here: where Python may not keep what it compiles, each job would take seconds for it.
READY := .venv/ready

.PHONY: demo setup test bench forecast watch audit trace rebuild preflight lint lock clean
.PHONY: docs help

demo: $(READY)
	$(BIN)/snakemake

setup: $(READY)

$(READY): requirements.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; this is $$(python3 --version)."; exit 1; }
	@python3 -c 'import ensurepip' || { \
		echo "Python cannot make environments: install the package python3-venv."; exit 1; }
	python3 -m venv .venv
	$(BIN)/python -m pip install --quiet uv==0.13.8
	$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode \
		--python $(BIN)/python requirements.txt
	@touch $(READY)

test: $(READY)
	$(BIN)/pytest -n logical --dist loadfile --no-loadscope-reorder

bench: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python benchmarks/bench.py $(if $(ONLY),--only $(ONLY))

CONFIG := config/demo.yaml
PROFILE := profiles/default

forecast: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/forecast.py --configfile $(CONFIG) --profile $(PROFILE) $(if $(GFLOPS),--gflops $(GFLOPS)) $(if $(AT_ONCE),--at-once $(AT_ONCE)) $(if $(CSV),--csv $(CSV))

watch: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/watch.py

audit: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/audit.py --configfile $(CONFIG)

FIGURE := li2018_figure5

trace: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/traces.py $(FIGURE) --configfile $(CONFIG)

SAMPLE := 3
SEED := 0

rebuild: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/rebuild.py --configfile $(CONFIG) --sample $(SAMPLE) --seed $(SEED)

preflight: $(READY)
	PYTHONPATH=workflow/scripts $(BIN)/python workflow/preflight.py --configfile $(CONFIG) --profile $(PROFILE) --options='$(OPTIONS)'

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

docs: $(READY)
	$(BIN)/python docs/generate.py

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv==0.13.8
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev \
		--generate-hashes --no-header --output-file requirements.txt pyproject.toml

clean:
	rm -rf results logs

help:
	@sed -n '/^$$/q; s/^# //p' Makefile
