#include "bindings/cpp/made_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "sim/base/check.hpp"
#include "sim/experiment/ranges.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/report/json.hpp"
#include "sim/report/picture_table.hpp"
#include "sim/report/replay.hpp"
#include "sim/report/report.hpp"
#include "sim/report/story.hpp"
#include "sim/report/strip.hpp"
#include "sim/report/table_rows.hpp"
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

using SharedTable = std::shared_ptr<const Table>;

struct RowTakers {
  std::function<void(const RecordRow&)> record;
  RowCollector::Taker invocation;
};

// Makes the run again for its rows. The handlers are not called: their answers were recorded.
Result rows_again(const MadeRun& made, RowTakers take, Pause pause) {
  RecordedHandlers answered(made.handlers);
  RunOptions options;
  options.seed = made.run.result.seed;
  options.handlers = &answered;
  options.recipe = &made.recipe;
  options.progress = pause;
  options.each_record = take.record != nullptr;
  options.take_invocation = std::move(take.invocation);
  Result again = run_scenario(made.source.scenario, options).result;
  TH_CHECK(again.trace_digest == made.run.result.trace_digest);
  if (take.record) {
    std::uint64_t rows = 0;
    again.each_row([&](const RecordRow& row) {
      take.record(row);
      if (pause && ++rows % 4096 == 0) pause(1.0);
    });
  }
  return again;
}

std::uint64_t sum_of(const Result& result, std::uint64_t ConsumerResult::*number) {
  std::uint64_t sum = 0;
  for (const ConsumerResult& each : result.consumers) sum += each.*number;
  return sum;
}

std::uint64_t expected_rows(std::string_view table, std::uint64_t rows) {
  if (rows <= table_rows_max) return rows;
  throw TooManyRows(fmt::format(
      "the table of {} would have {} rows, but a table has at most {}\n"
      "  run a part with a shorter `duration`, or read the rows from the command line, which\n"
      "  writes them one by one: --format json --records, or --trace FILE for all events",
      table, rows, table_rows_max));
}

// The result with the rows of its tables.
Result with_rows(const MadeRun& made, bool deliveries, Pause pause) {
  Result full = made.run.result;
  if (made.has_rows) return full;
  const std::uint64_t rows =
      full.stored + (deliveries ? sum_of(full, &ConsumerResult::deliveries) : 0);
  if (rows > written_rows_max) {
    throw TooManyRows(fmt::format(
        "this run has {} rows of records and deliveries, too many to write them at once (at most "
        "{})\n  run it with tables=False, or write the tables themselves: "
        "pyarrow.table(result.records)",
        rows, written_rows_max));
  }
  RowTakers take{[&](const RecordRow& row) { full.rows.push_back(row); }, {}};
  if (deliveries) {
    take.invocation = [&](InvocationRow&& row, std::vector<DeliveryRow>&& handed) {
      full.invocations.push_back(std::move(row));
      std::move(handed.begin(), handed.end(), std::back_inserter(full.deliveries));
    };
  }
  rows_again(made, std::move(take), std::move(pause));
  return full;
}

Report report_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool ranges,
                 const Pause& pause) {
  Report report;
  report.base = view_of(base);
  if (ranges && can_be_repeated(base)) {
    report.base.ranges = ranges_of(*base.run.scenario, base.run.result, pause);
  }
  for (const MadeRun* each : variants) report.variants.push_back(view_of(*each));
  return report;
}

// Lets the report read results that have the rows of their records. They are returned, since the
// report only points at them.
std::vector<Result> add_rows(Report& report, const MadeRun& base,
                             const std::vector<const MadeRun*>& variants, const Pause& pause) {
  std::vector<Result> results;
  results.reserve(variants.size() + 1);
  report.base.result = &results.emplace_back(with_rows(base, false, pause));
  for (std::size_t i = 0; i < variants.size(); ++i) {
    report.variants[i].result = &results.emplace_back(with_rows(*variants[i], false, pause));
  }
  return results;
}

}  // namespace

std::vector<Override> Source::overrides() const { return parse_overrides(set); }

Source read_source(std::string text, std::string file, std::vector<std::string> set, bool from_file,
                   std::string place, const std::shared_ptr<const AttachedFiles>& attached) {
  Source source{std::move(text), std::move(file), std::move(set),  "",
                nullptr,         from_file,       std::move(place)};
  source.scenario = std::make_shared<const Scenario>(
      read_scenario(source.text, source.file, source.overrides(), attached));
  return source;
}

Source load_source(const std::string& file, std::vector<std::string> set) {
  Source source{"", file, std::move(set), "", nullptr, file != "-"};
  source.scenario = std::make_shared<const Scenario>(load_scenario(file, source.overrides()));
  source.text = source.scenario->source_text;
  std::error_code unknown;
  if (source.from_file) source.place = std::filesystem::canonical(file, unknown).string();
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

std::shared_ptr<const Table> records_of(const MadeRun& made, Pause pause) {
  if (made.has_rows) return records_table(made.run.result);
  auto writer = records_writer(made.run.result);
  writer.expect(expected_rows("records", made.run.result.stored));
  rows_again(made, {[&](const RecordRow& row) { writer.add(row); }, {}}, std::move(pause));
  return writer.table();
}

std::shared_ptr<const Table> invocations_of(const MadeRun& made, Pause pause) {
  if (made.has_rows) return invocations_table(made.run.result);
  auto writer = invocations_writer();
  const std::uint64_t rows = sum_of(made.run.result, &ConsumerResult::invocations);
  writer.expect(expected_rows("invocations", rows));
  const auto take = [&](InvocationRow&& row, std::vector<DeliveryRow>&&) { writer.add(row); };
  rows_again(made, {{}, take}, std::move(pause));
  return writer.table();
}

std::shared_ptr<const Table> deliveries_of(const MadeRun& made, Pause pause) {
  if (made.has_rows) return deliveries_table(made.run.result);
  auto writer = deliveries_writer();
  const std::uint64_t rows = sum_of(made.run.result, &ConsumerResult::deliveries);
  writer.expect(expected_rows("deliveries", rows));
  const auto take = [&](InvocationRow&&, std::vector<DeliveryRow>&& handed) {
    for (const DeliveryRow& row : handed) writer.add(row);
  };
  rows_again(made, {{}, take}, std::move(pause));
  return writer.table();
}

ShardHistory history_of(const MadeRun& made, const std::string& mapping, const std::string& shard,
                        Pause pause) {
  ShardHistory history(mapping, shard);
  expected_rows("records", made.run.result.stored);
  if (!made.has_rows) {
    const auto take = [&](InvocationRow&& row, std::vector<DeliveryRow>&& handed) {
      history.add(row, handed);
    };
    rows_again(made, {[&](const RecordRow& row) { history.add(row); }, take}, std::move(pause));
    return history;
  }
  const Result& result = made.run.result;
  auto next = result.deliveries.begin();
  for (const InvocationRow& row : result.invocations) {
    const auto end = next + static_cast<std::ptrdiff_t>(row.records.size());
    history.add(row, {next, end});
    next = end;
  }
  for (const RecordRow& row : result.rows) history.add(row);
  return history;
}

std::shared_ptr<const Table> positions_of(const MadeRun& made, Pause pause) {
  for (const ConsumerResult& each : made.run.result.consumers) {
    if (!each.pictures.empty()) return positions_table(made.run.result);
  }
  if (made.has_rows || made.run.result.stored == 0) return positions_table(made.run.result);
  const auto ignore = [](InvocationRow&&, std::vector<DeliveryRow>&&) {};
  return positions_table(rows_again(made, {{}, ignore}, std::move(pause)));
}

std::string json_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool rows,
                    bool ranges, const Pause& pause) {
  Report report = report_of(base, variants, ranges, pause);
  const auto each = rows ? add_rows(report, base, variants, pause) : std::vector<Result>{};
  return report_json(report, rows);
}

std::string text_of(const MadeRun& base, const std::vector<const MadeRun*>& variants,
                    const Pause& pause) {
  Report report = report_of(base, variants, true, pause);
  const auto each = shows_each_record(*base.source.scenario)
                        ? add_rows(report, base, variants, pause)
                        : std::vector<Result>{};
  return report_text(report);
}

std::optional<std::string> story_of(const MadeRun& made, const std::string& record,
                                    const std::string& replay, Pause pause) {
  RecordedHandlers answered(made.handlers);
  RunOptions options;
  options.seed = made.run.result.seed;
  options.progress = std::move(pause);
  if (!made.handlers.own.empty()) options.handlers = &answered;
  options.recipe = &made.recipe;
  const std::optional<RecordLife> life = life_of_record(*made.source.scenario, record, options);
  if (!life) return std::nullopt;
  if (!replay.empty()) return story_text(*life, {false, replay});
  return story_text(*life, {false, explain_line(made.source.file, record, made.source.set,
                                                made.run.result.seed, made.run.name)});
}

std::string bytes_of(const MadeRun& made, bool tables, Pause pause) {
  Result result = tables ? with_rows(made, true, std::move(pause)) : made.run.result;
  if (!tables) result.rows.clear();
  return to_bytes({std::move(result), made.run.judgement, made.handlers, made.recipe});
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
  made.has_rows = true;
  made.source = std::move(source);
  made.replay = std::move(replay);
  return made;
}

}  // namespace trimhorizon::bindings
