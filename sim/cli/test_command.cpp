// `trimhorizon test`: finds scenarios, runs each, and goes on when one of them fails.
#include <algorithm>
#include <filesystem>

#include "sim/base/choices.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/base/medium.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/report/tested.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {
namespace {

namespace fs = std::filesystem;

bool is_scenario_file(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// A file itself, or all scenarios below a folder, sorted.
void collect(const std::string& path, std::vector<std::string>& files) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (path != "-" && !fs::exists(path, error)) {
      throw CommandError("no such file or folder: " + path);
    }
    files.push_back(path);
    return;
  }
  std::vector<std::string> found;
  for (fs::recursive_directory_iterator at(path, error), end; at != end && !error;
       at.increment(error)) {
    if (is_scenario_file(at->path()) && !at->is_directory(error)) {
      found.push_back(at->path().generic_string());
    }
  }
  if (error) throw CommandError("cannot read the folder " + path + ": " + error.message());
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return lower(text).find(lower(part)) != std::string::npos;
}

TestedRun tested(const ReportRun& view) {
  TestedRun run{view.name, view.judgement->verdict, {}, {}, view.replay};
  for (const JudgedExpectation& each : view.judgement->expectations) {
    if (each.verdict != Verdict::holds) run.failed.push_back(each);
  }
  for (const InvariantResult& each : view.result->invariants) {
    if (each.holds()) continue;
    run.broken_invariants.push_back(std::string(name(each.invariant)) + ": " +
                                    violation_text(each));
  }
  return run;
}

void run_file(TestedFile& out, const LoadedScenario& loaded, bool no_variants) {
  const std::vector<ScenarioRun> runs = run_chosen(loaded, "", no_variants);
  const Report report = report_of(loaded, runs);
  out.runs.push_back(tested(report.base));
  for (const ReportRun& variant : report.variants) out.runs.push_back(tested(variant));
}

// Does -k leave out a file that cannot be read? Only if its title can be read and does not match.
bool left_out_unread(const std::string& file, const std::string& part) {
  if (contains(fs::path(file).filename().string(), part)) return false;
  const std::optional<std::string> title = title_in_file(file);
  return title && !contains(*title, part);
}

// Nothing when -k leaves it out.
std::optional<TestedFile> test_file(const std::string& file, const TestCommand& command,
                                    Console& console) {
  TestedFile out;
  out.file = file;
  const bool named = contains(fs::path(file).filename().string(), command.contains);
  try {
    const LoadedScenario loaded = load(file, {});
    out.title = loaded.scenario->title;
    if (!named && !contains(out.title, command.contains)) return std::nullopt;
    note_oddities({loaded.scenario.get()}, console);
    run_file(out, loaded, command.no_variants);
  } catch (const ScenarioError& error) {
    if (left_out_unread(file, command.contains)) return std::nullopt;
    out.error = error.what();
  } catch (const DriftError& error) {
    out.error = "DRIFT: " + std::string(error.what()) +
                "\n  the `decisions:` do not belong to this scenario";
    out.runs.clear();
  } catch (const std::exception& error) {
    out.error = "a bug in trimhorizon: " + std::string(error.what()) +
                "\nreplay: trimhorizon run " + for_shell(file);
    out.is_bug = true;
    out.runs.clear();
  }
  return out;
}

// The text ends each failure with its replay line. JSON and JUnit have none: it goes to stderr.
void print_replays(const std::vector<TestedFile>& results, const CommandContext& context) {
  for (const TestedFile& file : results) {
    for (const TestedRun& run : file.runs) {
      note_verdict(run.verdict, name(run.verdict), context.typed(run.replay), context.console);
    }
  }
}

}  // namespace

int execute(const TestCommand& command, CommandContext& context) {
  std::vector<std::string> files;
  for (const std::string& path : command.paths) collect(path, files);
  std::vector<TestedFile> results;
  for (const std::string& file : files) {
    std::optional<TestedFile> one = test_file(file, command, context.console);
    if (one) results.push_back(std::move(*one));
  }
  if (results.empty()) {
    throw CommandError(command.contains.empty() ? "no scenario found"
                                                : "no scenario matches `" + command.contains + "`");
  }
  Console& console = context.console;
  if (command.format == Format::text) {
    for (TestedFile& file : results) {
      for (TestedRun& run : file.runs) run.replay = context.typed(run.replay);
    }
  }
  switch (command.format) {
    case Format::text: console.out(tested_text(results, console.colour_out())); break;
    case Format::json: console.out(tested_json(results)); break;
    case Format::junit: console.out(tested_junit(results)); break;
  }
  if (command.format != Format::text) print_replays(results, context);
  return exit_code(results);
}

}  // namespace trimhorizon
