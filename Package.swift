// swift-tools-version: 6.2
// The manifest states the borders of the house; Docs/Architecture.md says why they run where they do.
// - A module exists only for a border that the compiler should guard.
// - Cross-module access is `package`; nothing is `public`.
// - PLAIT_STRICT=1 turns every warning of our own targets into an error (what CI builds with).
// - PLAIT_FUZZ=1 adds the fuzz target and PLAIT_BENCH=1 the benchmarks; neither is part of an ordinary build.

import PackageDescription

let fuzzes = Context.environment["PLAIT_FUZZ"] != nil
let benches = Context.environment["PLAIT_BENCH"] != nil
let strict = Context.environment["PLAIT_STRICT"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
// By its modules and not as a whole: the umbrella product builds five more that nothing here uses.
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
  name: "plait",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "plait", targets: ["plait"]),
    .executable(name: "plait-supervisor", targets: ["plait-supervisor"]),
    .executable(name: "plait-serve", targets: ["plait-serve"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    // Without its default trait: that one adds Foundation to the path of every worker's start.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CLibgit2",
      pkgConfig: "libgit2",
      providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]
    ),
    .systemLibrary(
      name: "CMarkdown",
      pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev"]), .brew(["cmark-gfm"])]
    ),
    library("Git", ["CLibgit2", "CProcess", system]),
    .target(
      name: "Planning",
      // The fuzzer can only follow code that was compiled for it.
      swiftSettings: settings + (fuzzes ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])
    ),
    library("Methodology", ["Planning", "CMarkdown", system]),
    library("Recording", ["Planning", grdb]),
    library(
      "Engine",
      ["CProcess", "Planning", "Git", "Recording", "Methodology", subprocess, system, heap, deque, logging]
    ),
    library("Reporting", ["Planning", "Recording"]),
    .executableTarget(
      name: "plait",
      dependencies: [
        "CProcess", "Planning", "Git", "Methodology", "Recording", "Engine", "Reporting", system, logging,
        argumentParser,
      ],
      swiftSettings: settings
    ),
    .target(name: "CProcess"),
    // One process per worker: without Foundation, and in a release with everything linked in, so that it starts at once.
    .executableTarget(
      name: "plait-supervisor",
      dependencies: ["CProcess"],
      swiftSettings: settings,
      linkerSettings: [
        // lld, because gold warns of a dlopen that a static program never calls.
        .unsafeFlags(
          ["-static-executable", "-use-ld=lld"],
          .when(platforms: [.linux], configuration: .release)
        )
      ]
    ),
    library("Serving", ["Planning", "Recording", "Reporting"]),
    // A program of its own, so that plait neither waits for an HTTP library at its build nor carries it.
    .executableTarget(
      name: "plait-serve",
      dependencies: ["Engine", "Planning", "Recording", "Reporting", "Serving", system, flyingSocks, argumentParser],
      swiftSettings: settings
    ),
    .target(
      name: "TestSupport",
      dependencies: ["Planning", "Recording", system, subprocess],
      path: "Tests/TestSupport",
      swiftSettings: settings
    ),
    tests("PlanningTests", ["Planning"]),
    tests("GitTests", ["Git"]),
    tests("MethodologyTests", ["Methodology", "Planning"]),
    tests("RecordingTests", ["Recording", "Planning"]),
    tests("EngineTests", ["Engine", "Planning", "Git", "Recording"]),
    tests("ReportingTests", ["Reporting", "Planning", "Recording"]),
    tests("ServingTests", ["Serving", "Planning", "Recording", "Reporting"]),
    // Not dependent on the supervisor: its linker settings would become those of the test bundle. Both suites start the
    // built program, which every build of the package makes.
    tests("SupervisorTests", []),
    tests("EndToEndTests", ["plait", "Recording"]),
  ] + extraTargets
)

/// Targets behind a switch, so that an ordinary build never pays for them.
var extraTargets: [Target] {
  var targets: [Target] = []
  if fuzzes {
    targets.append(
      .executableTarget(
        name: "PlanFuzz",
        dependencies: ["Planning"],
        path: "Tests/PlanFuzz",
        swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
      )
    )
  }
  if benches {
    targets.append(
      .executableTarget(
        name: "PlaitBench",
        dependencies: ["Planning", "Git", "Recording", "Engine", "Reporting", system, argumentParser],
        path: "Tests/PlaitBench",
        swiftSettings: settings
      )
    )
  }
  return targets
}
