import EventIO
import Testing

@Suite struct PathNameTests {
  @Test(arguments: [
    ("", "."), ("x", "."), ("x/", "."), ("/x", "/"), ("/x/", "/"), ("/", "/"), ("//", "/"),
    ("a/b", "a"), ("a/b//", "a"), ("a//b", "a"), ("/a/b", "/a"), ("//x", "/"), (".", ".."),
    ("./", "./.."), ("..", "../.."), ("a/..", "a/../.."), ("./x", "."), ("ä/ö.h5", "ä"),
  ])
  func theFolderOfAPathIsWhatIsInFrontOfItsLastPart(_ path: String, _ folder: String) {
    #expect(PathName.folder(path) == folder)
  }
}
