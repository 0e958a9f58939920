# What a developer types. `make` alone lists it.
#
#   make test PKG=./cart/... RUN=TestMerge     one package, some tests
#   make fuzz FUZZTIME=30s PKG=./pricing       one package's fuzz targets

PKG      ?= ./...
RUN      ?=
COUNT    ?= 5
FUZZTIME ?= 10s
ORDERS   ?= 2000
CALLERS  ?= 64
SEEDS    ?= 20000
ORACLE   ?= pricing/testdata pricing/quote/testdata pricing/shipping/testdata

# Tools are built from pinned versions through the Go module proxy, into .cache/bin.
GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.8.0

LAB         := internal/lab
SERVER      := examples/server
BIN         := $(CURDIR)/.cache/bin
TESTENV     := $(BIN)/testenv
GOLANGCI    := $(BIN)/golangci-lint-$(GOLANGCI_VERSION)
GOVULNCHECK := $(BIN)/govulncheck-$(GOVULNCHECK_VERSION)

# The nested modules are tested too, unless one package was named.
FOLDERS := -in .
ifeq ($(PKG),./...)
FOLDERS += -in $(SERVER) -in $(LAB)
endif

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Compile everything, examples and internal/lab included
	go build ./...
	cd $(SERVER) && go build -o /dev/null ./...
	cd $(LAB) && go build ./...

.PHONY: fmt
fmt: ## Format all Go files
	gofmt -w .

.PHONY: fmt-check
fmt-check: ## Fail if a Go file is not formatted
	@unformatted="$$(gofmt -l .)"; if [ -n "$$unformatted" ]; then echo "run make fmt:"; echo "$$unformatted"; exit 1; fi

.PHONY: vet
vet: ## Run go vet over all modules
	go vet ./...
	cd $(SERVER) && go vet ./...
	cd $(LAB) && go vet ./...

.PHONY: lint
lint: $(GOLANGCI) ## Run the linters of .golangci.yml over all modules
	$(GOLANGCI) run ./...
	cd $(SERVER) && $(GOLANGCI) run -c ../../.golangci.yml ./...
	cd $(LAB) && $(GOLANGCI) run -c ../../.golangci.yml ./...

.PHONY: tidy
tidy: ## Bring go.mod and go.sum of all modules in order
	go mod tidy
	cd $(SERVER) && go mod tidy
	cd $(LAB) && go mod tidy

.PHONY: tidy-check
tidy-check: ## Fail if a go.mod or go.sum is not in order
	go mod tidy -diff
	cd $(SERVER) && go mod tidy -diff
	cd $(LAB) && go mod tidy -diff

.PHONY: imports
imports: ## Check which package may import which, and the layout
	go test -count=1 .

.PHONY: consumer
consumer: ## Build fresh modules that import this one, check what they inherit
	cd $(LAB) && go run ./cmd/consumer -root ../..

.PHONY: examples
examples: ## Run the quickstart: a whole purchase in memory
	go run ./examples/quickstart

.PHONY: oracle
oracle: ## Hold the example programs against what a real WooCommerce computed (ORACLE=folder)
	@cd $(LAB) && go run ./cmd/oracle -root ../.. $(foreach folder,$(ORACLE),$(abspath $(folder)))

.PHONY: live
live: ## Hold the client against a real store (WOO_URL, WOO_KEY, WOO_SECRET; ANKKOR_CUTS: how many bytes between cuts, or all); it tidies up
	@test -n "$(WOO_URL)" || { echo "make live: set WOO_URL, WOO_KEY and WOO_SECRET to a store made for trying things"; exit 2; }
	@cd $(LAB) && go test -count=1 -v ./live/

.PHONY: stub-diff
stub-diff: ## Compare a real store's answers with the stand-in's (WOO_URL, WOO_KEY, WOO_SECRET)
	@test -n "$(WOO_URL)" || { echo "make stub-diff: set WOO_URL, WOO_KEY and WOO_SECRET to a store made for trying things, seeded like the stand-in"; exit 2; }
	@cd $(LAB) && go run ./cmd/stubdiff

.PHONY: test
test: $(TESTENV) ## Run all tests with -race on private Redis, Postgres, PgBouncer, Chromium and PHP
	@$(TESTENV) -tally $(FOLDERS) go test -json -race -count=1 -run '$(RUN)' $(PKG)

.PHONY: linear
linear: $(TESTENV) ## Judge 30,000 histories of concurrent calls on Redis, fewer on Postgres and memory
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go test -count=1 -timeout 30m ./linear

.PHONY: mutants
mutants: $(TESTENV) ## Plant faults in a copy of the source and demand that tests see them
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go run ./cmd/mutants

.PHONY: mutants-part
mutants-part: $(TESTENV) ## Plant a tenth of the faults; which tenth, the last commit decides
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go run ./cmd/mutants -part "$$(git rev-parse HEAD)/10"

.PHONY: redis-rollback
redis-rollback: $(TESTENV) ## Restore an old snapshot of Redis, promote a stale replica: nothing is oversold
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go test -count=1 -v -run 'TestRolledBack|TestStaleReplica' ./drills

.PHONY: quick
quick: ## Run the tests that need no server, without -race
	CI= go test -run '$(RUN)' $(PKG)

.PHONY: servers
servers: $(TESTENV) ## Start the test servers, print their addresses, wait for ^C
	@$(TESTENV)

.PHONY: race
race: ## Run the tests that need no server COUNT times with -race
	go test -race -count=$(COUNT) -run '$(RUN)' $(PKG)

.PHONY: reconcile-race
reconcile-race: $(TESTENV) ## Live through 50 worlds of two replicas, stale reads and lost webhooks, in memory and on Postgres
	@$(TESTENV) -with postgres,cc -in $(LAB) go test -race -count=1 -timeout 30m -run 'TestReconcileW|TestReplicasInACrowd' ./drills -worlds 50

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME
	@set -e; for package in $$(go list $(PKG)); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

.PHONY: bench
bench: $(TESTENV) ## Print all hot paths beside their rivals: path, ours, rival, ratio (Postgres with fsync; takes a while)
	@mkdir -p .cache
	@go test -run '^$$' -bench . -benchmem ./pricing/... ./payment ./woo/... | tee .cache/bench.txt
	@$(TESTENV) -durable -with redis,postgres go test -run '^$$' -bench . -benchtime 9x ./adapters/redisstore ./adapters/pgstore | tee -a .cache/bench.txt
	@$(TESTENV) -durable -with redis,postgres -in $(LAB) go test -run '^$$' -bench . -benchtime 9x ./rivals | tee -a .cache/bench.txt
	@cd $(LAB) && go run ./cmd/benchtable < $(CURDIR)/.cache/bench.txt

.PHONY: load
load: $(TESTENV) ## Buy ORDERS times, CALLERS at once, from examples/server; say how fast, and whether the books agree
	@$(TESTENV) -durable -with redis,postgres,cc -in $(LAB) go test -count=1 -timeout 30m -v -run TestLoad ./load -orders $(ORDERS) -callers $(CALLERS)

.PHONY: canary
canary: $(TESTENV) ## Look for secrets and addresses in whatever a whole run of the server lets others see
	@$(TESTENV) -with redis,postgres -in $(LAB) go test -count=1 ./canary

.PHONY: crash
crash: $(TESTENV) ## Spoil every call of every story, in memory and on servers (ANKKOR_CRASHES=all: and all pairs of two, a quarter of an hour more)
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go test -count=1 -timeout 300m ./crash

.PHONY: simulate
simulate: ## Live through SEEDS whole shops in simulated time
	@cd $(LAB) && go test -count=1 -timeout 60m -run 'TestSeeds$$' ./simulate -seeds $(SEEDS) -shards 2

.PHONY: kills
kills: $(TESTENV) ## Kill the server and its Postgres at random moments, under load
	@$(TESTENV) -with redis,postgres,cc -in $(LAB) go test -count=1 -timeout 30m -v ./kills

.PHONY: cover
cover: ## Measure coverage across packages, write coverage.out and .cache/cover.html
	go test -coverprofile=coverage.out -coverpkg=./... ./...
	@mkdir -p .cache
	go tool cover -html=coverage.out -o .cache/cover.html
	@go tool cover -func=coverage.out | tail -n 1

.PHONY: vulncheck
vulncheck: $(GOVULNCHECK) ## Look for known vulnerabilities (asks vuln.go.dev)
	$(GOVULNCHECK) ./...

.PHONY: check
check: ## Do what CI does (.ci/run)
	bash .ci/run

.PHONY: clean
clean: ## Remove what make built
	rm -rf .cache coverage.out

$(TESTENV): $(wildcard $(LAB)/testenv/*.go $(LAB)/cmd/testenv/*.go) $(LAB)/go.mod $(LAB)/go.sum
	@cd $(LAB) && go build -buildvcs=false -o $@ ./cmd/testenv

$(GOLANGCI):
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(BIN)/golangci-lint $@

$(GOVULNCHECK):
	GOBIN=$(BIN) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	mv $(BIN)/govulncheck $@
