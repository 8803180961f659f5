/// A run as OpenTelemetry spans, in the JSON form of OTLP, with the attributes of the CI/CD conventions.
///
/// The run is a pipeline run, each achievement a task run; below it are its attempts and their stages. Identifiers come
/// from the run's id alone, so that the same run gives the same trace whenever it is written.
package enum OTLPTrace {
  /// Renders `chart` as one JSON object with one `resourceSpans`, as collectors take it from a file or over HTTP.
  package static func render(_ chart: RunChart) throws -> String {
    let version = chart.report.plaitVersion
    let resource = [
      OTLPSpan.Attribute("service.name", .text("plait")), OTLPSpan.Attribute("service.version", .text(version)),
    ]
    let scope = ScopeSpans(scope: Scope(name: "plait", version: version), spans: OTLPSpanBuilder(chart: chart).spans)
    return try JSONText.compact(
      Document(resourceSpans: [ResourceSpans(resource: Resource(attributes: resource), scopeSpans: [scope])])
    )
  }

  private struct Document: Encodable { let resourceSpans: [ResourceSpans] }

  private struct ResourceSpans: Encodable {
    let resource: Resource
    let scopeSpans: [ScopeSpans]
  }

  private struct Resource: Encodable { let attributes: [OTLPSpan.Attribute] }

  private struct ScopeSpans: Encodable {
    let scope: Scope
    let spans: [OTLPSpan]
  }

  private struct Scope: Encodable {
    let name: String
    let version: String
  }
}
