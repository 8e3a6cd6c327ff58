// `trimhorizon sweep` and `trimhorizon merge`: run a grid of settings, and put its parts together.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/cli/output_file.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/experiment/sweep.hpp"
#include "sim/report/sweep_json.hpp"
#include "sim/report/sweep_merge.hpp"
#include "sim/report/sweep_text.hpp"

namespace trimhorizon {
namespace {

std::vector<std::uint64_t> seeds_of(const std::string& text) {
  if (text.empty()) return {};
  auto read = read_seeds(text);
  if (const std::string* wrong = std::get_if<std::string>(&read)) {
    throw CommandError(*wrong, "for example: --seeds 0..99");
  }
  return std::get<std::vector<std::uint64_t>>(std::move(read));
}

std::string read_part(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CommandError("cannot read " + path + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(file), {}};
}

// Prints the runs that failed twice, each with the command line that shows the failure. Their exit
// code replaces that of the verdict.
int report_failures(const SweepHead& head, const std::vector<SweepFailure>& failures,
                    const CommandContext& context) {
  Console& console = context.console;
  constexpr std::size_t shown_max = 10;
  console.err("trimhorizon: " + std::to_string(failures.size()) + " of " +
              std::to_string(head.own_tasks().size()) + " runs failed, twice each\n");
  for (std::size_t i = 0; i < failures.size() && i < shown_max; ++i) {
    std::string settings;
    for (const std::string& each : head.settings_at(head.point_of(failures[i].task))) {
      settings += each + ", ";
    }
    console.err("  " + settings + "seed " + std::to_string(head.seed_of(failures[i].task)) + ": " +
                failures[i].error +
                "\n  replay: " + context.typed(run_line(head, failures[i].task)) + "\n");
  }
  if (failures.size() > shown_max) {
    console.err("  and " + std::to_string(failures.size() - shown_max) + " more\n");
  }
  const bool drift = std::all_of(failures.begin(), failures.end(),
                                 [](const SweepFailure& each) { return each.is_drift; });
  return drift ? 2 : 70;
}

int put_out(const Sweep& sweep, std::optional<OutputFile>& out, Format format,
            const std::vector<std::string>& show, const CommandContext& context) {
  Console& console = context.console;
  const std::string json = !out && format == Format::text ? std::string() : sweep_json(sweep);
  if (out) out->write(json);
  const Verdict verdict = sweep.verdict();
  if (format == Format::json) {
    console.out(json);
    note_verdict(verdict, name(verdict), context.typed(context.replay), console);
  } else {
    console.out(sweep_text(sweep, {console.colour_out(), show, context.typed(context.replay)}));
  }
  return exit_code(verdict);
}

}  // namespace

int execute(const SweepCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  chosen(loaded, command.variant);  // throws if there is no such variant
  std::vector<SweepAxis> axes;
  for (const std::string& each : command.grid) axes.push_back(parse_grid(each));

  Progress progress(context.console);
  const SweepOptions options{command.threads, [&](double part) { progress.show(part); }};
  const SweepBase base{loaded.scenario->source_text, command.file, command.set, command.variant,
                       loaded.scenario->attached};
  SweepPlan plan = plan_sweep(base, std::move(axes), seeds_of(command.seeds), options);
  if (command.shard > 0) plan.head.shard = SweepShard{command.shard, command.shards};
  context.replay = sweep_line(plan.head) + command.more;
  columns_shown({plan.head, {}}, command.show);  // throws if there is no such column
  std::optional<OutputFile> out;
  if (!command.out.empty()) out.emplace(command.out, "--out", std::vector{command.file});

  SweepPart part = run_sweep(plan, options);
  progress.clear();
  if (!part.failures.empty()) return report_failures(plan.head, part.failures, context);
  const Sweep made{std::move(plan.head), std::move(part.runs)};
  return put_out(made, out, command.format, command.show, context);
}

int execute(const MergeCommand& command, CommandContext& context) {
  std::optional<OutputFile> out;
  if (!command.out.empty()) out.emplace(command.out, "--out", command.files);
  std::vector<SweepFile> files;
  for (const std::string& each : command.files) files.push_back({each, read_part(each)});
  auto merged = merge_sweeps(files);
  if (const auto* wrong = std::get_if<std::vector<std::string>>(&merged)) {
    throw CommandError(fmt::format("{}", fmt::join(*wrong, "\ntrimhorizon: ")),
                       "give every part of one sweep, each once");
  }
  const Sweep& sweep = std::get<Sweep>(merged);
  context.replay = sweep_line(sweep.head);
  const bool terminal = context.console.out_is_terminal();
  const Format format = command.format.value_or(terminal ? Format::text : Format::json);
  const int code = put_out(sweep, out, format, command.show, context);
  if (out && terminal && !command.format) {
    context.console.err("the JSON is in " + command.out + "\n");
  }
  return code;
}

}  // namespace trimhorizon
