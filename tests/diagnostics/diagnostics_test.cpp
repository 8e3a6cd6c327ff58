// What users read when their file is wrong: each tests/diagnostics/cases/NAME.yaml with the whole
// text of its mistakes in NAME.txt beside it. TH_ACCEPT=1 writes the texts again.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

using namespace trimhorizon;
namespace fs = std::filesystem;

namespace {

const fs::path cases = fs::path(tests::source_dir()) / "tests/diagnostics/cases";

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> bad_files() {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(cases)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The exports beside the bad files, as if those were run in their folder.
std::shared_ptr<const AttachedFiles> exports() {
  const auto files = std::make_shared<AttachedFiles>();
  for (const fs::directory_entry& entry : fs::directory_iterator(cases)) {
    const bool is_export =
        entry.path().extension() == ".csv" || entry.path().extension() == ".json";
    if (is_export) (*files)[entry.path().filename().string()] = text_of(entry.path());
  }
  return files;
}

std::string mistakes_in(const fs::path& file) {
  try {
    read_scenario(text_of(file), file.filename().string(), {}, exports());
    return "";
  } catch (const ScenarioError& error) {
    return std::string(error.what()) + "\n";
  }
}

}  // namespace

TEST_CASE("every bad file gets exactly the words that were approved for it") {
  const std::vector<fs::path> files = bad_files();
  CHECK(files.size() >= 20);
  for (const fs::path& file : files) {
    const std::string said = mistakes_in(file);
    fs::path approved = file;
    approved.replace_extension(".txt");
    INFO(file.filename().string() << " (TH_ACCEPT=1 writes the texts again)");
    CHECK_FALSE(said.empty());
    if (std::getenv("TH_ACCEPT")) std::ofstream(approved, std::ios::binary) << said;
    CHECK(said == text_of(approved));
  }
}

TEST_CASE("every mistake has a place, and a message that is one sentence") {
  for (const fs::path& file : bad_files()) {
    try {
      read_scenario(text_of(file), "f.yaml");
    } catch (const ScenarioError& error) {
      std::pair<std::uint32_t, std::uint32_t> last{0, 0};
      for (const Diagnostic& each : error.diagnostics()) {
        INFO(file.filename().string() << ": " << each.message);
        CHECK(each.file == "f.yaml");
        CHECK((each.line > 0 || file.filename() == "empty.yaml"));
        CHECK(std::pair(each.line, each.column) >= last);
        CHECK_FALSE(each.message.ends_with("."));
        CHECK_FALSE(each.suggestion.ends_with("."));
        last = {each.line, each.column};
      }
    }
  }
}

TEST_CASE("a file that cannot be read says why") {
  try {
    load_scenario("no/such/file.yaml");
    FAIL("it was read");
  } catch (const ScenarioError& error) {
    CHECK(std::string(error.what()) ==
          "no/such/file.yaml: error: cannot be opened: No such file or directory");
  }
  try {
    load_scenario(cases.string());
    FAIL("it was read");
  } catch (const ScenarioError& error) {
    CHECK(error.diagnostics().at(0).message == "cannot be read: Is a directory");
  }
}
