import Testing

@testable import Engine

/// Coverage reports in three forms, told apart by what is in them.
@Suite struct CoverageTests {
  private func read(_ text: String) throws -> LineCoverage { try LineCoverage(report: Array(text.utf8)) }

  private func reason(_ text: String) -> String {
    do {
      let coverage = try read(text)
      return "reads as \(coverage.words)"
    } catch let error as LineCoverage.Unusable {
      return error.reason
    } catch {
      return "\(error)"
    }
  }

  @Test func linesOfLCOVCountOnceWhereverTheyAre() throws {
    let text = """
      TN:one
      SF:/a.c
      FN:1,main
      DA:1,2
      DA:2,0,checksum
      DA:3,0
      LF:3
      LH:1
      end_of_record
      TN:two
      SF:/a.c\r
      DA:3,1\r
      DA:4,0\r
      end_of_record\r
      SF:b.c
      LF:10
      LH:9
      end_of_record

      """
    #expect(try read(text) == LineCoverage(covered: 11, total: 14))
    #expect(try read("\u{FEFF}SF:x\nDA:1,1e3\nend_of_record") == LineCoverage(covered: 1, total: 1))
  }

  @Test func totalsOfLLVMAreAddedUp() throws {
    let text = """
      {"data": [{"files": [{"filename": "a", "segments": [[1, 2, 3, true]]}], "totals": {"lines": {"count": 10, "covered": 9,
       "percent": 90.0}}}, {"totals": {"lines": {"count": 5, "covered": 0}}}], "type": "llvm.coverage.json.export", "version": "2.0.1"}
      """
    #expect(try read(text) == LineCoverage(covered: 9, total: 15))
    #expect(reason("{\"data\": [{\"tot") == "begins like JSON, but is none: it may be cut off")
    #expect(reason("{\"total\": {\"lines\": 3}}").hasPrefix("is JSON, but has no data[].totals.lines"))
    #expect(reason("{\"data\": []}").hasPrefix("counts no line at all"))
  }

  @Test func coberturaIsTakenAtItsTotalsElseCounted() throws {
    let lines = """
      <packages><package name="a &amp; b"><classes><class name='A' filename='a.py'>
      <methods><method name="f"><lines><line number="1" hits="0"/></lines></method></methods>
      <lines><line number="1" hits="3"/><line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class>
      <class name="A2" filename="a.py"><methods/><lines><line number="2" hits="1"/><line number="3" hits="0"></line></lines></class>
      </classes></package></packages>
      """
    let head = "<?xml version=\"1.0\" ?>\n<!DOCTYPE coverage [<!ELEMENT a (b>c)>]>\n<!-- a <b> -->\n"
    #expect(try read("\(head)<coverage line-rate=\"0.5\">\(lines)</coverage>\n") == LineCoverage(covered: 2, total: 3))
    let totals = "<coverage lines-valid=\"200\" lines-covered = '181' >\(lines)<![CDATA[<x>]]></coverage>"
    #expect(try read(totals) == LineCoverage(covered: 181, total: 200))
    #expect(reason("<coverage>\(lines)") == "is XML that is cut off or garbled")
    #expect(reason("<coverage lines-valid=\"1\" lines-covered=\"x\"/>") == "is garbled: its totals are no numbers")
    #expect(reason("<report name=\"jacoco\"/>") == "is XML, but no Cobertura report: it is all within <report>")
    #expect(
      reason("<coverage><class filename='f'><line/></class></coverage>").hasPrefix("is garbled: a line of f has no")
    )
  }

  @Test(arguments: [
    "<a", "<a b>", "<a b=>", "<a b=1>", "<a b=\"1>", "<a></b>", "<a/><b/>", "</a>", "<a", "<!-- x", "<?x", "<!D",
    "<a b='1'",
    "<a/", "<a / >", "<![CDATA[", "<", "<>", "<a></a",
  ])
  func whatIsNoXMLIsNotRead(text: String) {
    #expect(reason(text.replacing("a", with: "coverage")) == "is XML that is cut off or garbled", "\(text)")
  }

  @Test(arguments: [
    ("", "is empty"), (" \n\t", "is empty"), ("hello", "is no coverage report"), ("SF:a\nDA:1,1\n", "is cut off"),
    ("SF:a\nDA:x,1\nend_of_record\n", "is garbled at 'DA:x,1'"), ("SF:a\nSF:b\n", "is garbled: a record begins"),
    ("DA:1,1\n", "is garbled at"), ("SF:a\nLF:x\n", "is garbled: a total"), ("TN:\n", "is no coverage report"),
    ("SF:a\nend_of_record\n", "counts no line at all"), ("SF:a\nLF:1\nLH:2\nend_of_record\n", "contradicts itself"),
    ("\u{1}\u{2}", "is empty"), ("%PDF-1.4", "is no coverage report"),
  ])
  func whatSaysNothingIsRefused(text: String, words: String) {
    #expect(reason(text).hasPrefix(words), "\(reason(text))")
  }

  @Test func percentagesAreNotRounded() {
    let almost = LineCoverage(covered: 89_999, total: 100_000)
    #expect(!almost.reaches(90) && almost.reaches(89.999) && almost.words == "89.99 % (89999 of 100000 lines)")
    #expect(
      LineCoverage(covered: 9, total: 10).reaches(90) && LineCoverage(covered: 1, total: 1).words.hasPrefix("100.00 %")
    )
    #expect(LineCoverage(covered: 5, total: 1000).words == "0.50 % (5 of 1000 lines)")
  }

  @Test func aLongReportIsReadInOnePass() throws {
    let files = (0..<200).map { file in
      "SF:src/\(file).c\n" + (1...500).map { "DA:\($0),\($0 % 10)\n" }.joined() + "end_of_record\n"
    }
    #expect(try read(files.joined()) == LineCoverage(covered: 90_000, total: 100_000))
  }
}
