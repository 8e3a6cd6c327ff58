// `--out` and `--trace`: what they write, and what they never write over.
#include "sim/cli/output_file.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "sim/cli/program.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;
namespace fs = std::filesystem;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::size_t files_in(const Folder& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()));
}

std::string refusal(const std::string& path, const std::vector<std::string>& inputs) {
  try {
    OutputFile(path, "--out", inputs);
  } catch (const CommandError& error) {
    return error.what();
  }
  return "written";
}

}  // namespace

TEST_CASE("--out and --trace never overwrite an input, also through a link") {
  const Folder folder("output-inputs");
  folder.write("a.yaml", read_whole(scenario("partial")));
  folder.write("part.json", run_shell("$TH sweep " + loss + " --format json --shard 1/1").out);
  const std::string file = folder / "a.yaml";
  const std::string before = text_of(file);
  fs::create_symlink(file, folder.path / "link.yaml");
  fs::create_hard_link(file, folder.path / "hard.yaml");
  for (const std::string name : {"a.yaml", "link.yaml", "hard.yaml"}) {
    const std::string out = folder / name;
    for (const std::string& input : {file, folder / "link.yaml"}) {
      CHECK(run_trimhorizon({"run", input, "--trace", out}).code == 2);
      CHECK(run_trimhorizon({"explore", input, "--faults", "1", "--out", out}).code == 2);
      CHECK(run_trimhorizon({"sweep", input, "--out", out}).code == 2);
    }
  }
  CHECK(run_trimhorizon({"run", file, "--trace", folder.path.string() + "/./a.yaml"}).err ==
        "trimhorizon: --trace would overwrite " + folder.path.string() +
            "/./a.yaml, which the command reads\n  give the result a name of its own\n");
  CHECK(run_shell("$TH run - --trace " + file + " < " + file).code == 2);
  // The same file, with a path through /proc or /dev.
  const std::string go = "cd " + folder.path.string() + "; ";
  CHECK(run_shell(go + "$TH run a.yaml --trace /proc/self/cwd/a.yaml").code == 2);
  CHECK(run_shell(go + "$TH sweep a.yaml --out /proc/self/cwd/a.yaml").code == 2);
  CHECK(run_shell(go + "$TH run a.yaml --trace /dev/fd/5 5<> a.yaml").code == 2);
  CHECK(run_shell(go + "$TH run - --trace /dev/stdin < a.yaml").code == 2);
  CHECK(text_of(file) == before);
  const std::string part = text_of(folder / "part.json");
  CHECK(run_trimhorizon({"merge", folder / "part.json", "--out", folder / "part.json"}).code == 2);
  CHECK(text_of(folder / "part.json") == part);
}

TEST_CASE("a folder below /dev or /proc is like any other") {
  const Folder folder("output-proc");
  folder.write("a.yaml", read_whole(scenario("partial")));
  const std::string go = "cd " + folder.path.string() + "; ";
  CHECK(run_shell(go + "$TH run a.yaml --trace /proc/self/cwd/t.ndjson").code == 0);
  CHECK(contains(text_of(folder / "t.ndjson"), "\"event\":\"invoke\""));
  if (!fs::is_directory("/dev/shm") || access("/dev/shm", W_OK) != 0) return;
  const std::string shared = "/dev/shm/trimhorizon-" + std::to_string(getpid()) + ".yaml";
  fs::copy_file(folder / "a.yaml", shared);
  CHECK(run_trimhorizon({"run", shared, "--trace", shared}).code == 2);
  CHECK(text_of(shared) == text_of(folder / "a.yaml"));
  fs::remove(shared);
  CHECK(run_trimhorizon({"run", folder / "a.yaml", "--trace", shared}).code == 0);
  CHECK(contains(text_of(shared), "\"event\":\"invoke\""));
  fs::remove(shared);
}

TEST_CASE("a trace goes into a pipe, and never among the result") {
  const Folder folder("output-pipe");
  const std::string run = "$TH run " + scenario("partial") + " --trace ";
  CHECK(contains(run_shell("( " + run + "/dev/fd/3 > /dev/null ) 3>&1 | cat").out,
                 "\"event\":\"invoke\""));
  CHECK(run_shell(run + "/dev/stdout > " + (folder / "out.txt")).code == 2);
  CHECK(contains(run_shell("( " + run + "/dev/stdout; echo $? ) 2>&1 | cat").out, "2\n"));
}

TEST_CASE("every output is written beside its place and renamed") {
  const Folder folder("output-beside");
  folder.write("real.txt", "old");
  fs::permissions(folder.path / "real.txt", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.txt", folder.path / "link.txt");
  {
    OutputFile out(folder / "link.txt", "--out", {});
    out.stream() << "new";
    out.stream().flush();
    CHECK(text_of(folder / "real.txt") == "old");
    CHECK(files_in(folder) == 3);
    out.finish();
  }
  CHECK(files_in(folder) == 2);
  CHECK(text_of(folder / "real.txt") == "new");
  CHECK(fs::is_symlink(folder.path / "link.txt"));
  CHECK(fs::status(folder.path / "real.txt").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  {
    OutputFile out(folder / "real.txt", "--out", {});
    out.stream() << "half";
  }
  CHECK(files_in(folder) == 2);
  CHECK(text_of(folder / "real.txt") == "new");
}

TEST_CASE("a command that fails leaves the old trace, one that is interrupted no half of one") {
  const Folder folder("output-failed");
  folder.write("t", "old");
  CHECK(run_trimhorizon(
            {"run", scenario("partial"), "--set", "BatchSize=no", "--trace", folder / "t"})
            .code == 2);
  CHECK(text_of(folder / "t") == "old");
  for (const int signal : {SIGTERM, SIGQUIT, SIGXFSZ}) {
    const pid_t child = fork();
    if (child == 0) {
      std::signal(signal, SIG_DFL);
      OutputFile out(folder / "t", "--out", {});
      out.stream() << "half";
      out.stream().flush();
      std::raise(signal);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(files_in(folder) == 1);
    CHECK(text_of(folder / "t") == "old");
  }
}

TEST_CASE("what cannot be written is refused before the search, not after it") {
  const Folder folder("output-refused");
  CHECK(refusal(folder / "no/a.txt", {}) ==
        "cannot write " + (folder / "no/a.txt") + ": No such file or directory");
  CHECK(refusal(folder.path.string(), {}) ==
        "cannot write " + folder.path.string() + ": Is a directory");
  CHECK(refusal("-", {}) == "--out needs the name of a file, not `-`");
  fs::create_symlink(folder / "no/where", folder.path / "dangling");
  CHECK(refusal(folder / "dangling", {}) ==
        "cannot write " + (folder / "dangling") + ": No such file or directory");
  // The search would take minutes.
  const ProgramRun run = run_trimhorizon(
      {"explore", loss, "--faults", "40", "--seconds", "300", "--out", "/nowhere/a.yaml"});
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(run.err == "trimhorizon: cannot write /nowhere/a.yaml: No such file or directory\n");
}

TEST_CASE("--trace - is refused, a device is written as it is") {
  const ProgramRun dash = run_trimhorizon({"run", scenario("partial"), "--trace", "-"});
  CHECK(dash.code == 2);
  CHECK(dash.out == "");
  CHECK(dash.err ==
        "trimhorizon: --trace needs the name of a file, not `-`\n"
        "  standard output has the result already\n");
  CHECK(run_trimhorizon({"run", scenario("partial"), "--trace", "/dev/null"}).code == 0);
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(contains(run_shell("$TH run " + scenario("partial") + " --trace /dev/stderr").err,
                 "\"event\":\"invoke\""));
}
