# Plait's tasks: `make demo` shows it at work, `make test` checks it, `make install` puts it on the PATH.

SWIFT ?= swift
# What is installed. On Linux with Swift's own libraries linked in: it starts in half the time, and runs where Swift isn't.
RELEASE = -c release $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)
PREFIX ?= /usr/local
DESTDIR ?=
# The lowest share of the lines of Sources that tests may reach, in percent.
COVERAGE ?= 90
FUZZ_SECONDS ?= 60
# Options of the benchmarks, such as --quick or --only merge,schedule; see `make bench BENCH=--help`.
BENCH ?=
# Tests that start processes and watch them.
PROCESS_TESTS = SupervisorTests|EndToEndTests

.PHONY: demo build test coverage tsan fuzz bench format install clean libraries

# Builds Plait and lets it run a plan of nine achievements in a repository of its own, then shows what that took and saved.
# The repository has an identity of its own and no hooks: the machine's git settings neither help nor disturb.
demo: build
	@set -eu; \
	plait="$$($(SWIFT) build $(RELEASE) --show-bin-path)/plait"; \
	folder=$$(mktemp -d); \
	trap 'rm -rf "$$folder"' EXIT; \
	trap 'exit 130' INT TERM; \
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE; \
	repo="$$folder/repository"; \
	mkdir -p "$$repo/Sources"; \
	printf '# A repository for the demo\n' >"$$repo/README.md"; \
	printf 'print("Hello")\n' >"$$repo/Sources/main.swift"; \
	git -c init.defaultBranch=main init -q "$$repo"; \
	git -C "$$repo" config user.name "Plait Demo"; \
	git -C "$$repo" config user.email demo@plait.invalid; \
	git -C "$$repo" config core.hooksPath /dev/null; \
	git -C "$$repo" config commit.gpgsign false; \
	git -C "$$repo" add -A; \
	git -C "$$repo" commit -q -m "Begin"; \
	status=0; \
	PLAIT_SCALE="$${PLAIT_SCALE:-0.2}" \
	  "$$plait" run Workflows/parallel-execution-automation --repo "$$repo" --jobs 3 || status=$$?; \
	"$$plait" report --repo "$$repo"; \
	exit $$status

build: libraries
	$(SWIFT) build $(RELEASE) --product plait
	$(SWIFT) build $(RELEASE) --product plait-supervisor
	$(SWIFT) build $(RELEASE) --product plait-serve

# Instrumented, so that `coverage` needs no build of its own. In two parts: what only computes would keep all threads from tests
# that watch processes, and those would wait for too long. Each part removes the profiles of the one before.
test: libraries
	$(SWIFT) test --enable-code-coverage --skip '$(PROCESS_TESTS)'
	@bin=$$($(SWIFT) build --show-bin-path); cp "$$bin/codecov/default.profdata" "$$bin/computing.profdata"
	$(SWIFT) test --enable-code-coverage --filter '$(PROCESS_TESTS)'

# `swift test` names the profiles by a pattern in the environment; the plait that end-to-end tests start inherits it, so its
# profiles are merged with those of the tests. Profiles are read by the llvm-cov of the same toolchain, and by no other.
coverage: test
	@set -eu; \
	bin=$$($(SWIFT) build --show-bin-path); \
	resources=$$($(SWIFT) -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p'); \
	cov="$$resources/../../bin/llvm-cov"; \
	[ -x "$$cov" ] || cov=$$(xcrun --find llvm-cov 2>/dev/null || command -v llvm-cov) || { \
	  echo "error: no llvm-cov beside swift or on the PATH; it comes with the Swift toolchain." >&2; exit 69; }; \
	tests="$$bin/plaitPackageTests.xctest"; \
	[ ! -d "$$tests" ] || tests="$$tests/Contents/MacOS/plaitPackageTests"; \
	"$${cov%cov}profdata" merge -o "$$bin/codecov/all.profdata" "$$bin/computing.profdata" "$$bin/codecov/default.profdata"; \
	"$$cov" report "$$tests" -object "$$bin/plait" -object "$$bin/plait-supervisor" -object "$$bin/plait-serve" -instr-profile "$$bin/codecov/all.profdata" --sources Sources \
	  >"$$bin/codecov/report.txt"; \
	awk -v wanted=$(COVERAGE) ' \
	  $$1 == "TOTAL" { lines = $$8; missed = $$9 } \
	  NF > 9 && $$1 != "TOTAL" && $$1 != "Filename" { printf "%8s  %s\n", $$10, $$1 } \
	  END { \
	    if (!lines) { print "error: the coverage report is empty."; exit 1 } \
	    reached = 100 * (lines - missed) / lines; \
	    printf "coverage: %.2f %% of %d lines (at least %s %% wanted)\n", reached, lines, wanted; \
	    exit (reached < wanted) \
	  }' "$$bin/codecov/report.txt"

# Data races in the part that is concurrent, in a build folder of its own.
tsan: libraries
	$(SWIFT) test --scratch-path .build-tsan --sanitize=thread --filter EngineTests

# Throws spoiled plans at the reader for a while; the sample plans are what it starts from. Swift's own backtrace is off: it
# would end the process before the fuzzer has written the input that broke it to .build-fuzz/crash-….
fuzz: libraries
	PLAIT_FUZZ=1 $(SWIFT) build --scratch-path .build-fuzz --product PlanFuzz
	@set -eu; \
	mkdir -p .build-fuzz/corpus; \
	for plan in Workflows/*/parallel.json Workflows/*/*/parallel.json; do \
	  cp "$$plan" ".build-fuzz/corpus/$$(basename "$$(dirname "$$plan")").json"; \
	done; \
	SWIFT_BACKTRACE=enable=no "$$(PLAIT_FUZZ=1 $(SWIFT) build --scratch-path .build-fuzz --show-bin-path)/PlanFuzz" \
	  -max_total_time=$(FUZZ_SECONDS) -timeout=10 -artifact_prefix=.build-fuzz/ .build-fuzz/corpus

# Measures the release beside what else would do the same; Docs/Performance.md says what and how. In a build folder of its own,
# where the table and the Python environments of other programs stay too.
bench: libraries
	@for product in plait plait-supervisor PlaitBench; do \
	  PLAIT_BENCH=1 $(SWIFT) build $(RELEASE) --scratch-path .build-bench --product $$product >&2 || exit; \
	done
	@"$$(PLAIT_BENCH=1 $(SWIFT) build $(RELEASE) --scratch-path .build-bench --show-bin-path)/PlaitBench" \
	  --peers .build-bench/peers --output .build-bench/measurements.md $(BENCH)

format:
	$(SWIFT) format -i -r Sources Tests

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/plait" "$(DESTDIR)$(PREFIX)/bin/plait"
	install -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/plait-supervisor" "$(DESTDIR)$(PREFIX)/bin/plait-supervisor"
	install -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/plait-serve" "$(DESTDIR)$(PREFIX)/bin/plait-serve"

clean:
	rm -rf .build .build-tsan .build-fuzz .build-bench

# What a build needs besides itself: Swift, which is only asked for, and three C libraries, which are installed when
# pkg-config doesn't know them. On macOS SQLite is part of the system.
libraries:
	@set -eu; \
	version=$$($(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1); \
	echo "$${version:-0.0}" | awk -F. '{ exit !($$1 > 6 || ($$1 == 6 && $$2 >= 2)) }' || { \
	  echo "error: Swift 6.2 or later is needed, and $${version:-none} is here; see https://www.swift.org/install." >&2; \
	  exit 69; }; \
	wanted="libgit2 libcmark-gfm sqlite3"; \
	[ "$$(uname -s)" != Darwin ] || wanted="libgit2 libcmark-gfm"; \
	if pkg-config --exists $$wanted 2>/dev/null; then exit 0; fi; \
	sudo=; \
	[ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	if command -v apt-get >/dev/null; then \
	  $$sudo apt-get update -q </dev/null || true; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -q -y libgit2-dev libcmark-gfm-dev libsqlite3-dev pkg-config </dev/null || true; \
	elif command -v dnf >/dev/null; then \
	  $$sudo dnf install -y libgit2-devel cmark-gfm-devel sqlite-devel pkgconf-pkg-config </dev/null || true; \
	elif command -v brew >/dev/null; then \
	  brew install libgit2 cmark-gfm pkgconf </dev/null || true; \
	fi; \
	pkg-config --exists $$wanted 2>/dev/null || { \
	  echo "error: pkg-config doesn't find $$wanted; install their development packages (Debian: libgit2-dev" \
	    "libcmark-gfm-dev libsqlite3-dev pkg-config) and run make again." >&2; \
	  exit 69; }
