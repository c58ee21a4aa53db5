import ArgumentParser
import Foundation
import SpikeNet

/// Operations and their energy per sample, layer by layer, in several forms.
struct EnergyReport {
  /// A form that tables of papers and pages have.
  enum TableFormat: String, CaseIterable, ExpressibleByArgument {
    case markdown, latex
  }

  private let counts: OperationCounts
  private let constants: EnergyConstants

  init(_ counts: OperationCounts, _ constants: EnergyConstants) {
    self.counts = counts
    self.constants = constants
  }

  /// The energy of a sample in millijoules.
  var millijoules: Double { constants.millijoules(macs: counts.macs, acs: counts.acs) }

  private func millijoules(_ layer: OperationCounts.Layer) -> Double {
    constants.millijoules(macs: layer.macs, acs: layer.acs)
  }

  /// The keys of the interface, and the layers.
  var members: [ConfigurationValue.Member] {
    [
      .init("macs", .number(counts.macs)), .init("acs", .number(counts.acs)),
      .init("energy_mj", .number(millijoules)),
      .init(
        "energy_constants_pj",
        .section([
          .init("mac", .number(constants.macPicojoules)),
          .init("ac", .number(constants.acPicojoules)),
        ])
      ),
      .init("layers", .list(counts.layers.map(member))),
    ]
  }

  private func member(_ layer: OperationCounts.Layer) -> ConfigurationValue {
    .section([
      .init("name", .text(layer.name)), .init("kind", .text(Self.word(layer.kind))),
      .init("dense", .number(layer.dense)), .init("input_rate", .number(layer.rate)),
      .init("macs", .number(layer.macs)), .init("acs", .number(layer.acs)),
      .init("energy_mj", .number(millijoules(layer))),
    ])
  }

  /// NeuroBench's synaptic operations: multiply-adds with zeros are not counted there.
  var neuroBench: ConfigurationValue {
    .section([
      .init("Effective_MACs", .number(counts.effectiveMACs)),
      .init("Effective_ACs", .number(counts.acs)), .init("Dense", .number(counts.dense)),
    ])
  }

  private static func word(_ kind: LayerCall.Kind) -> String {
    switch kind {
    case .convolution(let kernel, _): "conv \(kernel)×\(kernel)"
    case .linear: "linear"
    case .attention: "attention"
    case .normalization: "norm"
    case .neuron: "neuron"
    case .pooling: "pool"
    }
  }

  private static let header = ["layer", "kind", "rate", "dense", "MACs", "ACs", "energy"]

  /// The unit that all numbers of operations have: the largest that the dense ones reach.
  private var unit: (word: String, count: Double) {
    [("G", 1e9), ("M", 1e6), ("k", 1e3)].first { counts.dense >= $0.1 } ?? ("", 1)
  }

  private func operations(_ count: Double) -> String {
    count == 0 ? "0" : "\(TrainingReport.decimals(count / unit.count, 3)) \(unit.word)"
  }

  private func energy(_ millijoules: Double) -> String {
    let units = [("mJ", 1.0), ("µJ", 1e-3), ("nJ", 1e-6)]
    let unit = units.first { self.millijoules >= $0.1 } ?? ("pJ", 1e-9)
    return "\(TrainingReport.decimals(millijoules / unit.1, 3)) \(unit.0)"
  }

  private var rows: [[String]] {
    counts.layers.map { layer in
      [
        layer.name, Self.word(layer.kind), TrainingReport.decimals(100 * layer.rate, 2) + " %",
        operations(layer.dense), operations(layer.macs), operations(layer.acs),
        energy(millijoules(layer)),
      ]
    }
  }

  private var total: [String] {
    [
      "total", "", "", operations(counts.dense), operations(counts.macs),
      operations(counts.acs), energy(millijoules),
    ]
  }

  /// One line, and a table of the layers.
  var lines: [String] {
    [
      """
      energy \(energy(millijoules)) a sample: \(operations(counts.macs)) MACs at \
      \(constants.macPicojoules) pJ, \(operations(counts.acs)) ACs at \(constants.acPicojoules) pJ; \
      dense \(operations(counts.dense)) operations
      """
    ] + TextTable(header: Self.header, rows: rows + [total]).lines.map { "  " + $0 }
  }

  /// A table for a page or a paper.
  func table(_ format: TableFormat) -> String {
    switch format {
    case .markdown: markdown
    case .latex: latex
    }
  }

  private var markdown: String {
    let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
    let rule = "|---|---|" + String(repeating: "---:|", count: Self.header.count - 2)
    return
      ([line(Self.header), rule] + rows.map(line) + [
        line(total.map { $0.isEmpty ? "" : "**\($0)**" })
      ])
      .joined(separator: "\n")
  }

  private var latex: String {
    let line = { (cells: [String]) in
      cells.map(Self.escaped).joined(separator: " & ") + " \\\\"
    }
    let lines =
      ["\\begin{tabular}{llrrrrr}", "\\hline", line(Self.header), "\\hline"] + rows.map(line)
      + ["\\hline", line(total), "\\hline", "\\end{tabular}"]
    return lines.joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("_", with: "\\_").replacing("%", with: "\\%").replacing("×", with: "$\\times$")
      .replacing("µ", with: "$\\mu$")
  }
}
