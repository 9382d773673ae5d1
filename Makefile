# Every target says what it does in 'make help'. The two to begin with: run, test.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
FUZZTIME   ?= 20s
LISTEN     ?= 127.0.0.1:8080
BUILDFLAGS ?= -trimpath
CLIENTS  := test/conformance/clients
BROWSER  := test/browser
DIST     := internal/web/dist

export CGO_ENABLED := 1
# Without the tag every process would look for another libheif when it starts.
export GOFLAGS := $(GOFLAGS) -tags=nodynamic

##@ Use

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "; printf "make TARGET\n"} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## install what is missing, build, and serve on http://127.0.0.1:8080 with everything in ./data
	@echo "Serving on http://$(LISTEN), data in ./data. Ctrl+C stops it."
	@exec bin/vitrine serve --listen "$(LISTEN)"

.PHONY: build
build: dist ## compile bin/vitrine
	@tools/install build
	@go build $(BUILDFLAGS) -ldflags "-s -w -X main.version=$(VERSION)" -o bin/vitrine ./cmd/vitrine

.PHONY: dev
dev: ## serve made-up content; builds and starts anew at every change of Go, templates, styles and scripts
	@tools/install build dev
	@LISTEN="$(LISTEN)" tools/dev

.PHONY: deb
deb: build .tools/nfpm ## make the Debian package bin/vitrine_VERSION_ARCH.deb
	@tools/install build deb
	@tools/deb "$(VERSION)" bin

.PHONY: dist
dist: $(DIST)/manifest.json ## build scripts and styles into internal/web/dist, if their sources changed

##@ Prove

.PHONY: test
test: dist .tools/summary test-tools ## run all tests, on SQLite and PostgreSQL, on disk and on S3
	@go test -json -timeout 15m $(TESTFLAGS) ./... | .tools/summary

.PHONY: check
check: fmt-check lint vet walls vuln race ## all that must hold before a change lands: format, lint, vet, walls, vulnerabilities, tests with -race

.PHONY: race
race: dist .tools/summary test-tools
	@go test -json -race -timeout 25m $(TESTFLAGS) ./... | .tools/summary

.PHONY: test-cluster
test-cluster: dist test-tools ## break three nodes, PostgreSQL, S3 and disks under load for some minutes; nothing acknowledged may be lost
	@go test -tags nodynamic,cluster -count 1 -timeout 20m -v -run TestCluster ./test/cluster

.PHONY: test-deb
test-deb: build .tools/nfpm ## install the Debian package into a copy of this system, under its systemd: start, use, upgrade, remove (root only)
	@tools/install build deb
	@go test -tags nodynamic,packaging -count 1 -timeout 5m -v $(TESTFLAGS) ./test/packaging

.PHONY: walls
walls: ## only the tests of architecture, docs and names
	@go test ./test/walls

.PHONY: vet
vet:
	@go vet ./...

.PHONY: lint
lint: .tools/golangci-lint ## golangci-lint
	@tools/install build
	@.tools/golangci-lint run ./...

.PHONY: vuln
vuln: .tools/govulncheck
	@tools/vulnerabilities

.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (20s) each
	@tools/install build test
	@grep -rHoP --include='*_test.go' '^func \KFuzz\w+' cmd internal test | while IFS=: read -r file name; do \
		echo "$$name in $$(dirname $$file)"; \
		go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) "./$$(dirname $$file)"; \
	done

.PHONY: bench
bench: build .tools/benchstat ## our speed beside the limits of this machine; BENCH_WRITE=1 renews docs/BENCHMARKS.md
	@tools/install bench
	@go run ./test/bench $(BENCH_FLAGS) $(if $(BENCH_WRITE),-write docs/BENCHMARKS.md)

.PHONY: bench-scale
bench-scale: build ## the same requests to sites of 100,000 and of 10,000,000 files, SQLite and PostgreSQL (an hour, 30 GB); BENCH_WRITE=1 as above
	@tools/install bench
	@go run ./test/bench -scale $(BENCH_FLAGS) $(if $(BENCH_WRITE),-write docs/BENCHMARKS.md)

.PHONY: micro
micro: .tools/benchstat ## the micro-benchmarks beside the code; MICRO=old.txt compares with an earlier run
	@mkdir -p .tools/bench
	@go test -run '^$$' -bench . -benchmem -count 6 ./internal/... | tee .tools/bench/micro.txt
	@.tools/benchstat $(MICRO) .tools/bench/micro.txt

##@ Write

.PHONY: fmt
fmt: ## format all Go files
	@gofmt -w -s cmd internal test

.PHONY: fmt-check
fmt-check:
	@files=$$(gofmt -l -s cmd internal test); \
		[ -z "$$files" ] || { echo "Not formatted, 'make fmt' does it:"; echo "$$files"; exit 1; }

.PHONY: golden
golden: test-tools ## rewrite the golden files from what the code does now
	@grep -rlE --include='*_test.go' 'flag\.Bool\("update"' cmd internal test | xargs -rn1 dirname | sort -u | sed 's#^#./#' | \
		xargs -r -I{} go test {} -update

.PHONY: screenshots
screenshots: dist test-tools ## take the pictures of docs/images anew, from a site with demo content
	@VITRINE_SCREENSHOTS=$(CURDIR)/docs/images go test -tags nodynamic,screenshots -count 1 -run TestScreenshots ./$(BROWSER)

.PHONY: clean
clean: ## remove what was built; ./data stays
	@rm -rf bin .tools $(CLIENTS)/node_modules $(BROWSER)/node_modules frontend/node_modules $(DIST)/assets $(DIST)/manifest.json

# What tests need beyond Go: Debian packages, an S3 server, clients from npm.
.PHONY: test-tools
test-tools:
	@tools/install build test
	@$(MAKE) .tools/versitygw $(CLIENTS)/node_modules/.package-lock.json $(BROWSER)/node_modules/.package-lock.json

.tools/summary: $(wildcard test/summary/*.go)
	@go build -o $@ ./test/summary

# tool: compiled once, from the second module, so that its dependencies are not ours.
define tool
.tools/$(1): tools/go.mod tools/go.sum
	@echo "Compiling $(1) …"
	@cd tools && go build -o ../.tools/$(1) $(2)
endef
$(eval $(call tool,versitygw,github.com/versity/versitygw/cmd/versitygw))
$(eval $(call tool,golangci-lint,github.com/golangci/golangci-lint/v2/cmd/golangci-lint))
$(eval $(call tool,govulncheck,golang.org/x/vuln/cmd/govulncheck))
$(eval $(call tool,benchstat,golang.org/x/perf/cmd/benchstat))

# Apart from the others, whose versions it would change.
.tools/nfpm: tools/nfpm/go.mod tools/nfpm/go.sum
	@echo "Compiling nfpm …"
	@cd tools/nfpm && go build -o ../../.tools/nfpm github.com/goreleaser/nfpm/v2/cmd/nfpm

# What the classes of styles are found in counts as a source of them.
$(DIST)/manifest.json: $(shell find frontend internal/web/templates -name node_modules -prune -o -print)
	@tools/install build
	@tools/frontend
	@echo "Building scripts and styles …"
	@npm run --prefix frontend --silent build

%/node_modules/.package-lock.json: %/package-lock.json
	@npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
