# Every verb is one or two lines; what is longer lives in tools/.
PYTHON = .venv/bin/python
FAST ?=
SELECT = not image and $(if $(FAST),not slow and not campaign,not campaign)

.DEFAULT_GOAL := help
.PHONY: card-test help setup demo test check fix bench campaign sbom assets voices catalogues screens

help: ## What can be done here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install what is missing: Debian packages and .venv
	@tools/setup.sh

demo: setup ## The main job: broker, federation and its pages, twelve vehicles, one real unit with its screen
	@$(PYTHON) -m tools.demo $(ARGS)

test: setup ## Every test (FAST=1: without the slow ones)
	@$(PYTHON) -m pytest -n 2 --dist loadfile -m "$(SELECT)" $(ARGS)

check: setup ## Linters, types, imports, services, generated files
	@tools/check.sh

fix: setup ## Format, and mend what can be mended by itself
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format . && $(PYTHON) -m protocol.generate

bench: setup ## Every figure of docs/figures.md, measured here and now
	@$(PYTHON) -m benchmarks $(ARGS)

catalogues: setup ## What visitors read, for translators, and what they wrote compiled
	@$(PYTHON) -m tools.catalogues

campaign: setup ## The fault campaigns at full length (hours)
	@$(PYTHON) -m pytest -n 2 --dist loadfile -m 'campaign and not image' --timeout 0 $(ARGS)

card-test: ## Every test under the card's own Python, in a Debian 13 made for it (as root, twenty minutes)
	@FAST=$(FAST) image/card_test.sh $(ARGS)

image: setup ## The card: .img, .bmap, .img.xz and the signed update, in build/image
	@./image_build.sh $(ARGS)

image-test: image ## Boots that very card: looks at it, touches it, cuts its power, updates it
	@$(PYTHON) -m pytest -m "image and not campaign" --timeout 0 tests/image $(TEST)

sbom: setup ## The software bill of materials (CycloneDX): build/sbom.cdx.json
	@$(PYTHON) -m tools.sbom build/sbom.cdx.json

assets: ## Fonts, pictograms and voices again, from pinned packages (a clone needs none of it)
	@tools/build_assets.sh $(ARGS)

voices: catalogues ## The recordings again, of texts that changed (needs espeak-ng and vorbis-tools)
	@$(PYTHON) -m tools.build_voices $(ARGS)

screens: setup ## Contact sheets of every scene × panel × language, and whether all of it fits
	@$(PYTHON) -m tools.screens docs/screens $(ARGS)
