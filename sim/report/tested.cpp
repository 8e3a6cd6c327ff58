// Prints what `trimhorizon test` found, as text, JSON and JUnit XML.
#include "sim/report/tested.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sim/base/medium.hpp"
#include "sim/base/version.hpp"
#include "sim/report/json.hpp"
#include "sim/report/page.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string failure_words(const JudgedExpectation& each) {
  const std::string found = each.verdict == Verdict::undecided ? "never occurred" : each.actual;
  std::string text = each.name + ": wanted " + each.wanted + ", found " + found;
  if (!each.why.empty()) text += " (" + each.why + ")";
  return text;
}

void add_run(Page& page, const TestedRun& run) {
  if (run.verdict == Verdict::holds) return;
  if (!run.variant.empty()) page.item("    ", "variant " + clean(run.variant));
  for (const JudgedExpectation& each : run.failed) {
    page.item("    " + mark(each.verdict, page.paint) + " ", failure_words(each));
  }
  for (const std::string& each : run.broken_invariants) {
    page.item("    " + mark(Verdict::violated, page.paint) + " ", "invariant " + each);
  }
  page.line("      " + run.replay);
}

std::string summary(const TestedCounts& counts, std::size_t files) {
  std::vector<std::string> parts;
  const auto part = [&](std::uint64_t n, std::string_view words) {
    if (n > 0) parts.push_back(std::to_string(n) + " " + std::string(words));
  };
  part(counts.held, "held");
  part(counts.violated, "violated");
  part(counts.undecided, "undecided");
  part(counts.errors, "not run");
  return counted(files, "scenario") + ": " + listed(parts);
}

void add_case(std::string& out, const TestedFile& file, const TestedRun& run) {
  const std::string variant = run.variant.empty() ? "base" : run.variant;
  out += "    <testcase classname=\"" + for_xml(file.file) + "\" name=\"" + for_xml(variant) + "\"";
  if (run.verdict == Verdict::holds) {
    out += "/>\n";
    return;
  }
  std::string details;
  for (const JudgedExpectation& each : run.failed) details += failure_words(each) + "\n";
  for (const std::string& each : run.broken_invariants) details += "invariant " + each + "\n";
  details += "replay: " + run.replay;
  out += ">\n      <failure type=\"" + std::string(name(run.verdict)) + "\" message=\"" +
         for_xml(details.substr(0, details.find('\n'))) + "\">" + for_xml(details) +
         "</failure>\n" + "    </testcase>\n";
}

// The counts of one file, or of all files.
std::string junit_attributes(std::span<const TestedFile> files) {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  for (const TestedFile& file : files) {
    const bool is_error = !file.error.empty();
    errors += is_error ? 1 : 0;
    tests += is_error ? 1 : file.runs.size();
    for (const TestedRun& run : file.runs) failures += run.verdict != Verdict::holds ? 1 : 0;
  }
  return fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests, failures, errors);
}

}  // namespace

Verdict TestedFile::verdict() const {
  Verdict worst = Verdict::holds;
  for (const TestedRun& run : runs) worst = worse(worst, run.verdict);
  return worst;
}

TestedCounts count_tested(const std::vector<TestedFile>& files) {
  TestedCounts counts;
  for (const TestedFile& file : files) {
    const Verdict verdict = file.verdict();
    if (!file.error.empty())
      ++counts.errors;
    else if (verdict == Verdict::holds)
      ++counts.held;
    else if (verdict == Verdict::violated)
      ++counts.violated;
    else
      ++counts.undecided;
  }
  return counts;
}

int exit_code(const std::vector<TestedFile>& files) {
  Verdict worst = Verdict::holds;
  bool any_error = false;
  for (const TestedFile& file : files) {
    if (file.is_bug) return 70;
    any_error = any_error || !file.error.empty();
    worst = worse(worst, file.verdict());
  }
  return any_error ? 2 : exit_code(worst);
}

std::string tested_text(const std::vector<TestedFile>& files, bool colour) {
  Page page{"", Painter(colour)};
  for (const TestedFile& file : files) {
    const bool ran = file.error.empty();
    const std::string first =
        "  " + (ran ? mark(file.verdict(), page.paint) : page.paint(Paint::bad, "!")) + " ";
    std::string words = clean(file.file);
    if (file.runs.size() > 1) {
      words += " (" + counted(file.runs.size() - 1, "variant") + ")";
    }
    page.line(first + words);
    if (!ran) {
      // The lines of a diagnostic must not be wrapped: its caret marks a column.
      std::size_t at = 0;
      while (at < file.error.size()) {
        const std::size_t end = std::min(file.error.find('\n', at), file.error.size());
        page.line("    " + clean(std::string_view(file.error).substr(at, end - at)));
        at = end + 1;
      }
    }
    for (const TestedRun& run : file.runs) add_run(page, run);
  }
  page.line();
  page.line(summary(count_tested(files), files.size()));
  for (const TestedFile& file : files) {
    for (const TestedRun& run : file.runs) {
      if (run.verdict == Verdict::holds) continue;
      page.line("replay: " + run.replay);
      return page.text;
    }
  }
  return page.text;
}

std::string tested_json(const std::vector<TestedFile>& files) {
  std::string out;
  JsonWriter json(out, 1);
  const TestedCounts counts = count_tested(files);
  const auto write_failed = [&](const JudgedExpectation& each) {
    write_judged(json, each);
    json.member("verdict", name(each.verdict));
    if (!each.why.empty()) json.member("why", each.why);
  };
  const auto write_tested = [&](const TestedRun& run) {
    json.member("variant", run.variant);
    json.member("verdict", name(run.verdict));
    json.objects("failed", run.failed, write_failed);
    json.list("broken_invariants", run.broken_invariants);
    json.member("replay", run.replay);
  };
  json.object([&] {
    json.member("schema_version", 1);
    json.member("edition", edition());
    json.member("held", counts.held);
    json.member("violated", counts.violated);
    json.member("undecided", counts.undecided);
    json.member("errors", counts.errors);
    json.objects("scenarios", files, [&](const TestedFile& file) {
      json.member("file", file.file);
      json.member("title", file.title);
      json.member("verdict", file.error.empty() ? name(file.verdict()) : "error");
      if (!file.error.empty()) json.member("error", file.error);
      json.objects("runs", file.runs, write_tested);
    });
  });
  return out + "\n";
}

std::string tested_junit(const std::vector<TestedFile>& files) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trimhorizon\"" +
                    junit_attributes(files) + ">\n";
  for (const TestedFile& file : files) {
    out +=
        "  <testsuite name=\"" + for_xml(file.file) + "\"" + junit_attributes({&file, 1}) + ">\n";
    if (!file.error.empty()) {
      out += "    <testcase classname=\"" + for_xml(file.file) + "\" name=\"read\">\n" +
             "      <error message=\"" + for_xml(file.error.substr(0, file.error.find('\n'))) +
             "\">" + for_xml(file.error) + "</error>\n    </testcase>\n";
    }
    for (const TestedRun& run : file.runs) add_case(out, file, run);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace trimhorizon
