// `trimhorizon explain`: prints the life of one record, or which records there are.
#include <fmt/format.h>

#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/history/life_collector.hpp"
#include "sim/producer/numbering.hpp"
#include "sim/report/story.hpp"

namespace trimhorizon {
namespace {

// The ids that the producers use, for the hint.
std::string ids_hint(const Scenario& scenario) {
  std::string text;
  for (const ProducerEntry& producer : scenario.producers) {
    const std::string& prefix = producer.settings.ids;
    text += (text.empty() ? "" : "; ") + producer.name + " puts ";
    if (producer.settings.put.empty() && !producer.settings.load) {
      text += "nothing";
      continue;
    }
    if (producer.settings.put.empty()) {
      const std::uint64_t most = most_records(*producer.settings.load);
      text += prefix + "0";
      if (most > 1) text += " to " + prefix + std::to_string(most - 1);
      continue;
    }
    const std::string& first = producer.settings.put.front().records.front().id;
    const std::string& last = producer.settings.put.back().records.back().id;
    text += first == last ? first : first + " … " + last;
  }
  return text;
}

std::optional<RecordLife> life_of(const Scenario& scenario, const ExplainCommand& command,
                                  const RunOptions& options) {
  try {
    return life_of_record(scenario, command.record, options);
  } catch (const AmbiguousPlace& place) {
    throw CommandError("several streams have a record at `" + command.record + "`",
                       fmt::format("write `{}`", fmt::join(place.candidates(), "` or `")));
  }
}

}  // namespace

int execute(const ExplainCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  const std::shared_ptr<const Scenario> scenario = chosen(loaded, command.variant);
  context.replay = explain_line(command.file, command.record, command.set,
                                command.seed.value_or(scenario->seed), command.variant);

  Progress progress(context.console);
  RunOptions options;
  options.seed = command.seed;
  options.progress = [&](double fraction) { progress.show(fraction); };
  const std::optional<RecordLife> life = life_of(*scenario, command, options);
  progress.clear();
  if (!life) {
    throw CommandError("no record `" + command.record + "` in " + command.file,
                       ids_hint(*scenario));
  }
  context.console.out(
      story_text(*life, {context.console.colour_out(), context.typed(context.replay)}));
  return 0;
}

}  // namespace trimhorizon
