internal import Reporting

/// All that can be asked of the server, and what it answers.
package struct Site: Sendable {
  /// What goes back over the connection.
  package enum Answer: Sendable {
    /// All of it.
    case whole([UInt8])
    /// This, and then what the feed gives until its end.
    case stream([UInt8], Feed)
  }

  private let admission: Admission
  private let shelf: RunShelf
  private let repository: String

  /// A site of the runs around `surroundings`, for those whom `admission` lets in.
  package init(_ surroundings: any Surroundings, admission: Admission) {
    self.admission = admission
    shelf = RunShelf(surroundings)
    repository = surroundings.repository
  }

  /// The address to open.
  package var address: String { "http://127.0.0.1:\(admission.port)\(link(.index))" }

  /// The answer to `request`. Never throws: what fails is an answer, too.
  package func answer(_ request: Request) async -> Answer {
    let isHeadOnly = request.method == "HEAD"
    func whole(_ response: Response) -> Answer { .whole(response.bytes(isHeadOnly: isHeadOnly)) }
    if let refusal = admission.refusal(of: request) { return whole(Response(refusal)) }
    guard let route = Route(path: request.path) else { return whole(Response(.noPage)) }
    do {
      guard let feed = try await feed(route) else { return whole(try await page(route)) }
      return isHeadOnly ? whole(.stream) : .stream(Response.stream.bytes(), feed)
    } catch let error as MissingRun {
      return whole(Response(.noRun(error.run)))
    } catch {
      return whole(Response(.failed("\(error)")))
    }
  }

  private struct MissingRun: Error { let run: String }

  private func link(_ route: Route) -> String { "/\(admission.token.text)\(route.path)" }

  // MARK: Pages

  private func page(_ route: Route) async throws -> Response {
    switch route {
    case .run(let run), .runEvents(let run):
      guard let view = try await shelf.view(of: run) else { throw MissingRun(run: run) }
      let page = HTMLReport.page(
        view.chart,
        logs: view.logs,
        live: view.isOver ? nil : link(.runEvents(run)),
        home: link(.index)
      )
      return Response(page: page, policy: HTMLReport.policy(isLive: !view.isOver))
    case .index, .indexEvents:
      let page = HTMLRuns.page(try await list(), live: link(.indexEvents))
      return Response(page: page, policy: HTMLReport.policy(isLive: true))
    }
  }

  private func list() async throws -> HTMLRuns { HTMLRuns(try await shelf.list().runs, of: repository, link: runLink) }

  private func runLink(_ run: String) -> String? { Route.isName(run) ? link(.run(run)) : nil }

  // MARK: Feeds

  /// The feed behind a route; nil when it is a page's.
  private func feed(_ route: Route) async throws -> Feed? {
    switch route {
    case .index, .run: return nil
    case .indexEvents: return Feed { try await look(seen: $0) }
    case .runEvents(let run):
      guard try await shelf.mark(of: run) != nil else { throw MissingRun(run: run) }
      return Feed { try await look(at: run, seen: $0) }
    }
  }

  private func look(at run: String, seen: [RunMark]?) async throws -> Feed.Sight {
    guard let mark = try await shelf.mark(of: run) else { return .gone }
    if seen == [mark] { return .same }
    guard let view = try await shelf.view(of: run) else { return .gone }
    return .changed(to: [view.mark], main: HTMLReport.main(view.chart, logs: view.logs), isOver: view.isOver)
  }

  private func look(seen: [RunMark]?) async throws -> Feed.Sight {
    if let seen, try await shelf.marks() == seen { return .same }
    let (marks, runs) = try await shelf.list()
    return .changed(to: marks, main: HTMLRuns(runs, of: repository, link: runLink).main, isOver: false)
  }
}
