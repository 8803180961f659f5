import Testing

@testable import Planning

struct GraphTests {
  @Test func orderLevelsAndPrioritiesAgreeWithBruteForce() {
    var generator = SeededGenerator(seed: 1)
    for round in 0..<60 {
      let count = Int.random(in: 1...14, using: &generator)
      let rows = RandomGraph.acyclic(count, density: 0.3, using: &generator)
      let hours = (0..<count).map { _ in Double(Int.random(in: 1...9, using: &generator)) }
      let plan = RandomGraph.plan(rows, hours: hours)
      let analysis = PlanAnalysis(plan)
      #expect(Set(analysis.order) == Set(0..<Int32(count)), "\(round)")
      let positions = Dictionary(uniqueKeysWithValues: analysis.order.enumerated().map { (Int($1), $0) })
      for (node, row) in rows.enumerated() {
        for dependency in row { #expect((positions[Int(dependency)] ?? .max) < (positions[node] ?? .min)) }
      }
      func longest(_ node: Int) -> Double {
        hours[node] + (rows.indices.filter { rows[$0].contains(Int32(node)) }.map { longest($0) }.max() ?? 0)
      }
      func level(_ node: Int) -> Int32 { (rows[node].map { level(Int($0)) + 1 }.max() ?? 0) }
      for node in rows.indices {
        #expect(analysis.bLevels[node] == longest(node))
        #expect(analysis.levels[node] == level(node))
      }
      #expect(analysis.criticalPath.reduce(0) { $0 + hours[$1] } == analysis.criticalPathHours)
      #expect(zip(analysis.criticalPath, analysis.criticalPath.dropFirst()).allSatisfy { rows[$1].contains(Int32($0)) })
      #expect(analysis.levelWidths.reduce(0, +) == count)
    }
  }

  @Test func theWidestSetAgreesWithTryingAllSets() {
    var generator = SeededGenerator(seed: 2)
    for round in 0..<60 {
      let count = Int.random(in: 1...11, using: &generator)
      let rows = RandomGraph.acyclic(count, density: 0.25, using: &generator)
      let closure = RandomGraph.closure(rows)
      let widest = (0..<1 << count).map { set -> Int in
        let members = (0..<count).filter { set & 1 << $0 != 0 }
        return members.contains { a in members.contains { closure[a][$0] } } ? 0 : members.count
      }.max()
      #expect(PlanAnalysis(RandomGraph.plan(rows)).maxAntichain(RandomGraph.plan(rows)) == widest, "\(round)")
    }
    let large = RandomGraph.plan([[Int32]](repeating: [], count: 50))
    #expect(PlanAnalysis(large).maxAntichain(large, limit: 49) == nil)
  }

  @Test func bottlenecksAgreeWithTheClosure() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<30 {
      let rows = RandomGraph.acyclic(15, density: 0.15, using: &generator)
      let plan = RandomGraph.plan(rows, hours: [Double](repeating: 2, count: 15))
      let closure = RandomGraph.closure(rows)
      let held = rows.indices.map { node in rows.indices.count { closure[$0][node] } }
      let found = PlanAnalysis(plan).bottlenecks(plan, count: 4)
      #expect(found.map(\.heldUp) == held.filter { $0 > 0 }.sorted(by: >).prefix(4).map { $0 })
      for item in found {
        #expect(plan.indices[item.id].map { held[$0] } == item.heldUp)
        #expect(item.hours == Double(item.heldUp) * 2)
      }
    }
    #expect(PlanAnalysis(RandomGraph.plan([[]])).bottlenecks(RandomGraph.plan([[]]), count: 0).isEmpty)
  }

  @Test func bottlenecksOfALargePlanAreFound() {
    // A broom: 30 in a row, then 5,000 that all wait for the last of them.
    let rows = (0..<5030).map { node -> [Int32] in node == 0 ? [] : node < 30 ? [Int32(node - 1)] : [29] }
    let plan = RandomGraph.plan(rows)
    let found = PlanAnalysis(plan).bottlenecks(plan, count: 3)
    #expect(found.map(\.id.text) == ["1.0", "1.1", "1.2"])
    #expect(found.map(\.heldUp) == [5029, 5028, 5027])
  }

  @Test func reachabilityAgreesWithTheClosure() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      let count = Int.random(in: 2...90, using: &generator)
      let rows = RandomGraph.acyclic(count, density: 2.0 / Double(count), using: &generator)
      let graph = DependencyGraph(dependencies: rows)
      let closure = RandomGraph.closure(rows)
      let pairs = rows.indices.flatMap { a in rows.indices.map { (a, $0) } }
      let reachability = Reachability(graph: graph, order: PlanAnalysis.topologicalOrder(of: graph))
      for (pair, relation) in zip(pairs, reachability.relations(of: pairs)) {
        let expected: Reachability.Relation =
          closure[pair.0][pair.1] ? .dependsOn : closure[pair.1][pair.0] ? .isNeededBy : .unrelated
        #expect(relation == expected)
      }
    }
  }

  @Test func cyclesAreRealDifferentAndFoundWheneverThereAreAny() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let rows = RandomGraph.any(Int.random(in: 1...16, using: &generator), density: 0.12, using: &generator)
      let graph = DependencyGraph(dependencies: rows)
      let cycles = CycleFinder.cycles(in: graph, atMost: 100)
      let closure = RandomGraph.closure(rows)
      #expect(cycles.isEmpty == !rows.indices.contains { closure[$0][$0] })
      #expect(Set(cycles).count == cycles.count)
      for cycle in cycles {
        #expect(Set(cycle).count == cycle.count)
        for (node, next) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
          #expect(rows[node].contains(Int32(next)))
        }
      }
      // Every component with a cycle is heard of.
      for node in rows.indices where closure[node][node] {
        #expect(cycles.contains { cycle in closure[cycle[0]][node] && closure[node][cycle[0]] })
      }
    }
  }

  @Test func aGraphKnowsBothDirections() {
    let graph = DependencyGraph(dependencies: [[], [0], [0, 1], []])
    #expect(graph.count == 4 && graph.edgeCount == 3)
    #expect(Array(graph.dependents(of: 0)) == [1, 2])
    #expect(Array(graph.dependencies(of: 2)) == [0, 1])
    #expect(graph.dependents(of: 3).isEmpty)
  }

  @Test func unknownHoursCountAsTheMedian() throws {
    let items = [
      Sample.item("1.1", [], "\"estimated_hours\": 1"), Sample.item("1.2"),
      Sample.item("1.3", [], "\"estimated_hours\": 5"), Sample.item("1.4", [], "\"estimated_hours\": 3"),
    ]
    let analysis = PlanAnalysis(try #require(read(Sample.plan(items)).plan))
    #expect(analysis.neutralHours == 3)
    #expect(analysis.totalHours == 12)
    let none = PlanAnalysis(try #require(read(Sample.plan([])).plan))
    #expect(
      none.totalHours == 0 && none.criticalPathHours == 0 && none.possibleSaving == 0 && none.criticalPath.isEmpty
    )
  }
}
