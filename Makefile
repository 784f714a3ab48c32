# `make help` lists what there is. Everything runs in .venv, which is made on first use.
.DEFAULT_GOAL := help
.PHONY: demo test check bench snapshot css reset help
SHELL := /bin/sh
RUN := .venv/bin/python
INSTALL := sh coop_shop/demo/install.sh

demo: ## start everything with three demo shops, and print where it is (Ctrl-C stops it)
	@$(INSTALL) demo
	@$(RUN) -m coop_shop.demo

test: ## run all tests, with a PostgreSQL and a Redis of their own
	@$(INSTALL) demo test
	@$(RUN) -m coop_shop.demo.messages
	$(RUN) -m pytest -n 2 --dist loadscope $(PYTEST)

check: ## everything that must hold before a commit: lint, types, layers, migrations, deployment, CSS, tests
	@$(INSTALL) demo test lint
	@$(RUN) -m coop_shop.demo.messages
	sh .ci/check
	@$(MAKE) --no-print-directory test

bench: ## measure, as ratios: pages, stock, a thousand cooperatives (minutes; less: .venv/bin/python -m bench NAME)
	@$(INSTALL) demo test
	$(RUN) -m bench

snapshot: ## build tenants/snapshot.sql again (after each new migration; the built file is committed)
	@$(INSTALL) demo
	@$(RUN) -m coop_shop.demo.scratch build_snapshot

css: ## build static/css/app.css again (needs Node; the built file is committed)
	npm install --no-save --no-audit --no-fund
	npm run css

reset: ## throw the demo's shops, files and databases away
	@$(INSTALL) demo
	@$(RUN) -m coop_shop.demo reset

help:
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-17s%s\n", $$1, $$2 }'
