#include "bindings/cpp/made_run.hpp"

#include <stdexcept>

#include "sim/experiment/ranges.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/report/json.hpp"
#include "sim/report/replay.hpp"
#include "sim/report/report.hpp"
#include "sim/report/story.hpp"
#include "sim/report/text.hpp"
#include "sim/run/result_archive.hpp"

namespace trimhorizon::bindings {
namespace {

ReportRun view_of(const MadeRun& made) {
  std::vector<std::string> settings = made.source.set;
  if (!made.run.name.empty()) settings.push_back("variant " + made.run.name);
  std::string replay = made.replay;
  if (replay.empty()) {
    replay = replay_line(made.source.file, made.source.set, made.run.result.seed, made.run.name);
  }
  return {made.run.name,
          made.run.scenario.get(),
          &made.run.result,
          &made.run.judgement,
          scenario_digest(*made.run.scenario, settings),
          std::move(replay)};
}

// A run with the user's own functions, or with injected actions, is not made again.
bool can_be_repeated(const MadeRun& made) {
  return made.handlers.own.empty() && made.recipe.injections.empty() &&
         made.run.result.ended != RunEnd::running;
}

Report report_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool ranges) {
  Report report;
  report.base = view_of(base);
  if (ranges && can_be_repeated(base)) {
    report.base.ranges = ranges_of(*base.run.scenario, base.run.result);
  }
  for (const MadeRun* each : variants) report.variants.push_back(view_of(*each));
  return report;
}

}  // namespace

std::vector<Override> Source::overrides() const { return parse_overrides(set); }

Source read_source(std::string text, std::string file, std::vector<std::string> set,
                   bool from_file) {
  Source source{std::move(text), std::move(file), std::move(set), "", nullptr, from_file};
  source.scenario =
      std::make_shared<const Scenario>(read_scenario(source.text, source.file, source.overrides()));
  return source;
}

Source load_source(const std::string& file, std::vector<std::string> set) {
  Source source{"", file, std::move(set), "", nullptr, file != "-"};
  source.scenario = std::make_shared<const Scenario>(load_scenario(file, source.overrides()));
  source.text = source.scenario->source_text;
  return source;
}

Source variant_of(const Source& base, const std::string& name) {
  Source source = base;
  source.variant = name;
  source.scenario = variant_named(*base.scenario, name);
  if (source.scenario == nullptr) {
    throw std::out_of_range("no variant `" + name + "` in " + base.file);
  }
  return source;
}

std::string json_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool rows,
                    bool ranges) {
  return report_json(report_of(base, variants, ranges), rows);
}

std::string text_of(const MadeRun& base, const std::vector<const MadeRun*>& variants) {
  return report_text(report_of(base, variants, true));
}

std::optional<std::string> story_of(const MadeRun& made, const std::string& record,
                                    const std::string& replay,
                                    std::function<void(double)> progress) {
  RecordedHandlers answered(made.handlers);
  RunOptions options;
  options.seed = made.run.result.seed;
  options.progress = std::move(progress);
  if (!made.handlers.own.empty()) options.handlers = &answered;
  options.recipe = &made.recipe;
  const std::optional<RecordLife> life = life_of_record(*made.source.scenario, record, options);
  if (!life) return std::nullopt;
  if (!replay.empty()) return story_text(*life, {false, replay});
  return story_text(*life, {false, explain_line(made.source.file, record, made.source.set,
                                                made.run.result.seed, made.run.name)});
}

std::string bytes_of(const MadeRun& made, bool tables) {
  ArchivedRun run{made.run.result, made.run.judgement, made.handlers, made.recipe};
  if (!tables) {
    run.result.rows.clear();
    run.result.invocations.clear();
    run.result.deliveries.clear();
  }
  return to_bytes(run);
}

std::string digest_of(const RunAgain& again) {
  RecordedHandlers replay(again.handlers);
  RunOptions options;
  options.seed = again.seed;
  options.handlers = &replay;
  options.recipe = &again.recipe;
  return run_scenario(again.scenario, options).result.trace_digest;
}

MadeRun run_from_bytes(Source source, std::string_view bytes, std::string replay) {
  ArchivedRun archived = from_bytes(bytes);
  MadeRun made;
  made.run.name = source.variant;
  made.run.scenario = source.scenario;
  made.run.result = std::move(archived.result);
  made.run.judgement = std::move(archived.judgement);
  made.handlers = std::move(archived.handlers);
  made.recipe = std::move(archived.recipe);
  made.source = std::move(source);
  made.replay = std::move(replay);
  return made;
}

}  // namespace trimhorizon::bindings
