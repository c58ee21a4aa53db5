import ArgumentParser

/// How much is said, and in which form.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  @Flag(help: "Say nothing but results, warnings and errors.")
  var quiet = false

  @Flag(name: .customLong("no-progress"), help: "Show no progress line, not even on a terminal.")
  var hidesProgress = false

  /// Where notes go.
  var diagnostics: Diagnostics { Diagnostics(isQuiet: quiet) }

  /// A line that shows progress, if it is wanted.
  var progressLine: ProgressLine { ProgressLine(isWanted: !quiet && !hidesProgress) }
}
