# dvsprep: `make demo` shows what it does, `make test` proves that it works.

SWIFT ?= swift
export SWIFT
SWIFT_FLAGS := -c release --explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors
PROGRAM := .build/release/dvsprep
PREFIX ?= $(HOME)/.local

.DEFAULT_GOAL := help
.PHONY: help demo test test-interop build install setup format lint clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: ## Synthesise a dataset, convert, inspect, train and evaluate (in demo/)
	@scripts/setup build
	$(SWIFT) build $(SWIFT_FLAGS)
	@scripts/demo $(PROGRAM) demo

test: setup lint ## Install what is missing, build everything, run every test
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests
	for set in portable avx2; do \
	  SPIKENET_ISA=$$set $(SWIFT) test $(SWIFT_FLAGS) --skip-build --disable-xctest \
	    --filter SpikeNetTests || exit 1; \
	done
	$(SWIFT) test $(SWIFT_FLAGS) --skip-build --disable-xctest

test-interop: build ## Compare with the real SpikingJelly (needs a network, once)
	@scripts/interop $(PROGRAM) .build/interop

build: ## Build the release program, .build/release/dvsprep
	@scripts/setup build
	$(SWIFT) build $(SWIFT_FLAGS)

install: ## Install a program that needs neither Swift nor libraries, in PREFIX/bin (~/.local/bin)
	@scripts/setup install
	scripts/archives .build/install/archives
	PKG_CONFIG_PATH=$(CURDIR)/.build/install/archives $(SWIFT) build $(SWIFT_FLAGS) \
	  --product dvsprep --static-swift-stdlib -Xlinker -s --scratch-path .build/install
	install -D .build/install/release/dvsprep $(PREFIX)/bin/dvsprep

setup: ## Check the toolchain; install missing Debian packages
	@scripts/setup test

format: ## Format the sources in place
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## Check the format of the sources
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

clean: ## Remove build products and the demo
	rm -rf .build demo
