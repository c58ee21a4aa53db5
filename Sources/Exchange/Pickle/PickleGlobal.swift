/// A class or function that a pickle names; nothing of that name is ever looked up.
struct PickleGlobal: Hashable {
  let module: String
  let name: String

  var text: String { "\(module).\(name)" }

  /// What a call of a global amounts to here.
  enum Meaning {
    case orderedDictionary
    case tensor
    /// A function whose first argument is the result.
    case firstArgument
    /// An object that nobody will look at.
    case opaque
    /// A function that a checkpoint has no reason to call.
    case refused
  }

  /// Functions that checkpoints call for other things than tensors; their results are not needed.
  private static let harmlessFunctions: Set<String> = [
    "_codecs.encode", "copyreg._reconstructor", "copy_reg._reconstructor",
    "collections.defaultdict", "functools.partial",
    "numpy.dtype", "numpy.ndarray", "torch.device",
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "datetime.datetime", "datetime.date", "datetime.timedelta", "types.SimpleNamespace",
    "torch._utils._rebuild_device_tensor_from_numpy", "torch._utils._rebuild_sparse_tensor",
    "torch._utils._rebuild_qtensor", "torch._utils._rebuild_tensor_v3",
    "torch.serialization._get_layout", "torch.random.set_rng_state",
  ]

  /// Modules whose only use in a checkpoint is to run code, read files or reach the network.
  private static let refusedModules: Set<String> = [
    "os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "pty", "commands", "popen2",
    "importlib", "imp", "runpy", "code", "codeop", "ctypes", "pickle", "_pickle", "cPickle",
    "marshal", "shelve", "dill", "cloudpickle", "joblib", "types", "inspect", "gc", "signal",
    "multiprocessing", "threading", "asyncio", "concurrent", "urllib", "urllib2", "http", "httplib",
    "requests", "ftplib", "smtplib", "telnetlib", "webbrowser", "tempfile", "glob", "io",
    "builtins",
    "__builtin__", "operator", "timeit", "trace", "pdb", "bdb", "cProfile", "profile", "doctest",
    "pydoc", "pip", "ensurepip", "venv", "site", "sqlite3", "xmlrpc", "ssl", "platform",
    "linecache",
    "tarfile", "zipfile", "fileinput", "distutils", "setuptools", "idlelib",
    "lib2to3", "test", "antigravity", "this",
  ]

  /// Python's own types of values, in both of its generations.
  private static let valueTypes: Set<String> = [
    "object", "int", "long", "float", "bool", "complex", "str", "unicode", "bytes", "bytearray",
    "list", "tuple", "dict", "set", "frozenset", "slice", "range", "xrange",
  ]

  private var isHarmless: Bool {
    Self.harmlessFunctions.contains(text)
      || ["builtins", "__builtin__"].contains(module) && Self.valueTypes.contains(name)
  }

  /// Whether to name it is reason enough to refuse the file.
  var isRefused: Bool {
    guard !isHarmless else { return false }
    let package = module.prefix { $0 != "." }
    return Self.refusedModules.contains(module) || Self.refusedModules.contains(String(package))
  }

  var isStorageType: Bool {
    ["torch", "torch.cuda", "torch.storage"].contains(module) && name.hasSuffix("Storage")
  }

  /// Python's convention tells classes from functions: classes begin with a capital letter.
  var isNameOfClass: Bool {
    name.split(separator: ".").last?.first?.isUppercase ?? false
  }

  /// What calling it means.
  var meaning: Meaning {
    switch text {
    case "collections.OrderedDict": .orderedDictionary
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor": .tensor
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
      "torch.nn.parameter.Parameter":
      .firstArgument
    case _ where isHarmless: .opaque
    case _ where isNameOfClass && !isRefused: .opaque
    default: .refused
    }
  }
}
