#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What `llvm-cov export` writes, and so `swift test --enable-code-coverage` and `cargo llvm-cov --json`.
enum LLVMReport {
  private struct Export: Decodable {
    struct Object: Decodable {
      let totals: Totals
    }
    struct Totals: Decodable {
      let lines: Lines
    }
    struct Lines: Decodable {
      let count: Int
      let covered: Int
    }
    let data: [Object]
  }

  /// Adds up the totals of all that was exported.
  static func coverage(in bytes: ArraySlice<UInt8>) throws(LineCoverage.Unusable) -> LineCoverage {
    do {
      let export = try JSONDecoder().decode(Export.self, from: Data(bytes))
      return export.data.reduce(into: LineCoverage(covered: 0, total: 0)) { sum, object in
        sum.covered += object.totals.lines.covered
        sum.total += object.totals.lines.count
      }
    } catch DecodingError.dataCorrupted {
      throw LineCoverage.Unusable(reason: "begins like JSON, but is none: it may be cut off")
    } catch {
      throw LineCoverage.Unusable(reason: "is JSON, but has no data[].totals.lines as llvm-cov writes it")
    }
  }
}
