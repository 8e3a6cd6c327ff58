// `trimhorizon diff`: runs two settings on the same traffic and prints both results in columns.
#include "sim/base/medium.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/experiment/diff.hpp"
#include "sim/report/compare.hpp"

namespace trimhorizon {
namespace {

// `more` are its other options.
std::string diff_line(const DiffCommand& command, std::uint64_t seed, const std::string& more) {
  std::string operands;
  bool like_option = false;
  for (const std::string* each : {&command.file, &command.a, &command.b}) {
    if (each->empty()) continue;
    like_option = like_option || each->starts_with('-');
    operands += " " + for_shell(*each);
  }
  const std::string options = " --seed " + std::to_string(seed) + more;
  return "trimhorizon diff" + (like_option ? options + " --" + operands : operands + options);
}

// How to run one side alone.
std::string side_line(const DiffCommand& command, const Scenario& base, const std::string& side,
                      std::uint64_t seed) {
  if (command.file.empty()) return replay_line(side, {}, seed, "");
  if (side == "base") return replay_line(command.file, {}, seed, "");
  if (variant_named(base, side) != nullptr) return replay_line(command.file, {}, seed, side);
  return replay_line(command.file, split_settings(side), seed, "");
}

}  // namespace

int execute(const DiffCommand& command, CommandContext& context) {
  std::shared_ptr<const Scenario> base;
  if (!command.file.empty()) base = load(command.file, {}).scenario;
  const DiffSides sides = diff_sides(base, command.a, command.b);
  std::vector<const Scenario*> read = {sides.a.get(), sides.b.get()};
  if (base != nullptr) read.insert(read.begin(), base.get());
  note_oddities(read, context.console);
  if (!sides.same_traffic) {
    context.console.err(
        "trimhorizon: note: the two files put different records; this alone may cause "
        "differences\n");
  }
  const std::uint64_t seed = command.seed.value_or(sides.a->seed);
  context.replay = diff_line(command, seed, command.more);

  Progress progress(context.console);
  RunOptions options;
  options.seed = seed;
  options.progress = [&](double part) { progress.show(part / 2); };
  const ScenarioRun a = run_side(sides.a, command.a, options);
  options.progress = [&](double part) { progress.show(0.5 + part / 2); };
  const ScenarioRun b = run_side(sides.b, command.b, options);
  progress.clear();

  const auto view = [&](const ScenarioRun& run) {
    return view_of(run, scenario_digest(*run.scenario, {run.name}),
                   side_line(command, base ? *base : *run.scenario, run.name, seed));
  };
  const CompareOptions how{context.console.colour_out(), command.format == Format::json
                                                             ? diff_line(command, seed, "")
                                                             : context.typed(context.replay)};
  const auto print = command.format == Format::json ? compare_json : compare_text;
  context.console.out(print(view(a), view(b), how));
  return exit_code(worse(a.judgement.verdict, b.judgement.verdict));
}

}  // namespace trimhorizon
