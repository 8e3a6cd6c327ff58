// Writes a sweep as JSON and reads it back. What is read comes from a file of the user, so every
// member is checked and each mistake gets a message.
#include "sim/report/sweep_json.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/base/json.hpp"
#include "sim/base/medium.hpp"
#include "sim/base/text.hpp"
#include "sim/report/replay.hpp"
#include "sim/report/sweep_summary.hpp"

namespace trimhorizon {
namespace {

// ---- writing ------------------------------------------------------------------------------------

void write_head(JsonWriter& json, const SweepHead& head) {
  json.member("schema_version", 1);
  json.member("kind", "sweep");
  json.member("version", head.version);
  json.member("edition", head.edition);
  json.object("scenario", [&] {
    json.member("title", head.title);
    json.member("file", head.file);
    json.list("set", head.set);
    json.member("variant", head.variant);
    json.member("digest", head.digest);
  });
  json.list("handlers", head.handlers);
  json.objects("grid", head.axes, [&](const SweepAxis& axis) {
    json.member("path", axis.path);
    json.list("values", axis.values);
  });
  json.member("seeds", seeds_text(head.seeds));
  json.list("mappings", head.mappings);
  if (!head.shard) {
    json.key("shard");
    return json.null();
  }
  json.object("shard", [&] {
    json.member("index", head.shard->index);
    json.member("of", head.shard->of);
  });
}

// Names and kinds of the values of a run, one per line.
void write_columns(JsonWriter& json, const SweepHead& head) {
  const auto column = [&](std::string_view name, std::string_view kind) {
    json.raw(fmt::format("{{\"name\":{},\"kind\":\"{}\"}}", json_string(name), kind));
  };
  json.list("columns", [&] {
    column("point", "integer");
    column("seed", "integer");
    column("verdict", "text");
    column("ended", "text");
    column("broken", "list");
    for (const SweepColumn& each : sweep_columns(head.mappings)) {
      column(each.name, each.is_time ? "microseconds" : "integer");
    }
  });
}

void write_runs(JsonWriter& json, const Sweep& sweep) {
  json.list("runs", [&] {
    for (const SweepRun& run : sweep.runs) {
      const RunEnd end = run.drained ? RunEnd::drained : RunEnd::duration;
      std::string line = fmt::format("[{},{},\"{}\",\"{}\"", sweep.head.point_of(run.task),
                                     sweep.head.seed_of(run.task), name(run.verdict), name(end));
      line += ",[";
      for (std::size_t i = 0; i < run.broken.size(); ++i) {
        line += (i > 0 ? "," : "") + json_string(run.broken[i]);
      }
      line += "]";
      for (const std::optional<std::int64_t>& each : run.values) {
        line += each ? fmt::format(",{}", *each) : ",null";
      }
      json.raw(line + "]");
    }
  });
}

std::string statistic_json(const SweepStatistic& statistic) {
  if (statistic.n == 0) return "{\"n\":0}";
  return fmt::format("{{\"n\":{},\"mean\":{},\"half_width\":{}}}", statistic.n, statistic.mean,
                     statistic.half_width ? fmt::format("{}", *statistic.half_width) : "null");
}

void write_summary(JsonWriter& json, const Sweep& sweep) {
  const std::vector<SweepColumn> columns = sweep_columns(sweep.head.mappings);
  json.objects("summary", summarize(sweep), [&](const SweepPoint& point) {
    json.member("point", point.point);
    json.list("set", sweep.head.settings_at(point.point));
    json.member("runs", point.runs);
    json.member("holds", point.holds);
    json.member("violated", point.violated);
    json.member("undecided", point.undecided);
    json.object("columns", [&] {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        json.key(columns[c].name);
        json.raw(statistic_json(point.columns[c]));
      }
    });
  });
}

// ---- reading ------------------------------------------------------------------------------------

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
T whole_number(const std::string& text) {
  if (const std::optional<T> number = number_in<T>(text)) return *number;
  throw Broken("`" + text + "` must be a whole number");
}

const Json& member(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) throw Broken(fmt::format("it has no `{}`", name));
  return *found;
}

const std::string& text_of(const Json& json, std::string_view name) {
  const std::string* text = member(json, name).string();
  if (text == nullptr) throw Broken(fmt::format("`{}` must be text", name));
  return *text;
}

const Json::Array& array_of(const Json& json, std::string_view name) {
  const Json::Array* array = member(json, name).array();
  if (array == nullptr) throw Broken(fmt::format("`{}` must be a list", name));
  return *array;
}

std::vector<std::string> texts_of(const Json& json, std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& each : array_of(json, name)) {
    if (each.string() == nullptr) throw Broken(fmt::format("`{}` must be a list of texts", name));
    texts.push_back(*each.string());
  }
  return texts;
}

std::uint64_t number_of(const Json& json, std::string_view name) {
  const std::string* number = member(json, name).number();
  if (number == nullptr) throw Broken(fmt::format("`{}` must be a number", name));
  return whole_number<std::uint64_t>(*number);
}

void check_size(const SweepHead& head) {
  std::uint64_t runs = head.seeds.size();
  for (const SweepAxis& axis : head.axes) {
    if (axis.values.empty() || runs * axis.values.size() > sweep_runs_max) {
      throw Broken("the grid is empty or too large for a sweep");
    }
    runs *= axis.values.size();
  }
}

SweepHead head_of(const Json& json) {
  SweepHead head;
  head.version = text_of(json, "version");
  head.edition = json.find("edition") != nullptr ? text_of(json, "edition") : "before 2026-11";
  const Json& scenario = member(json, "scenario");
  head.title = text_of(scenario, "title");
  head.file = text_of(scenario, "file");
  head.set = texts_of(scenario, "set");
  head.variant = text_of(scenario, "variant");
  head.digest = text_of(scenario, "digest");
  head.handlers = texts_of(json, "handlers");
  for (const Json& axis : array_of(json, "grid")) {
    head.axes.push_back({text_of(axis, "path"), texts_of(axis, "values")});
  }
  auto seeds = read_seeds(text_of(json, "seeds"));
  if (std::string* wrong = std::get_if<std::string>(&seeds)) throw Broken(*wrong);
  head.seeds = std::get<std::vector<std::uint64_t>>(std::move(seeds));
  head.mappings = texts_of(json, "mappings");
  const Json& shard = member(json, "shard");
  if (!shard.is_null()) {
    head.shard = SweepShard{number_of(shard, "index"), number_of(shard, "of")};
    if (head.shard->index == 0 || head.shard->index > head.shard->of ||
        head.shard->of > sweep_runs_max) {
      throw Broken(fmt::format("there is no shard {}/{}", head.shard->index, head.shard->of));
    }
  }
  check_size(head);
  return head;
}

Verdict verdict_of(const Json& json) {
  if (json.string() != nullptr) {
    if (const auto verdict = member_named<Verdict>(*json.string())) return *verdict;
  }
  throw Broken("a run has no verdict");
}

std::vector<std::optional<std::int64_t>> values_of(const Json::Array& row, std::size_t from) {
  std::vector<std::optional<std::int64_t>> values;
  for (std::size_t i = from; i < row.size(); ++i) {
    if (row[i].is_null())
      values.emplace_back();
    else if (row[i].number() != nullptr) {
      values.push_back(whole_number<std::int64_t>(*row[i].number()));
    } else {
      throw Broken("a value of a run must be a number");
    }
  }
  return values;
}

std::vector<std::string> broken_of(const Json& json) {
  std::vector<std::string> names;
  for (const Json& each : *json.array()) {
    if (each.string() == nullptr) throw Broken("what a run broke must be a text");
    names.push_back(*each.string());
  }
  return names;
}

const Json::Array& row_of(const Json& json, std::size_t least) {
  if (json.array() == nullptr || json.array()->size() < least) throw Broken("a run must be a list");
  return *json.array();
}

const std::string& number_at(const Json::Array& row, std::size_t i) {
  if (row[i].number() == nullptr) throw Broken("a run has no number");
  return *row[i].number();
}

std::vector<SweepRun> runs_of(const Json& json, const SweepHead& head) {
  const std::size_t columns = sweep_columns(head.mappings).size();
  const std::vector<std::uint64_t> own = head.own_tasks();
  std::size_t next = 0;
  std::vector<SweepRun> runs;
  for (const Json& each : array_of(json, "runs")) {
    const Json::Array& row = row_of(each, 4);
    const auto point = whole_number<std::uint64_t>(number_at(row, 0));
    const auto seed = whole_number<std::uint64_t>(number_at(row, 1));
    // Runs are in order, so this one is among those not yet read.
    while (next < own.size() &&
           (head.point_of(own[next]) != point || head.seed_of(own[next]) != seed)) {
      ++next;
    }
    if (next == own.size()) {
      throw Broken(fmt::format(
          "the run of point {}, seed {} does not belong here, or is out of order", point, seed));
    }
    // Sweeps that were written before 2026-12 do not say what a run broke.
    const bool says_broken = row.size() > 4 && row[4].array() != nullptr;
    SweepRun run{own[next++], verdict_of(row[2]), true, values_of(row, says_broken ? 5 : 4)};
    if (says_broken) run.broken = broken_of(row[4]);
    if (row[3].string() == nullptr) throw Broken("a run has no end");
    run.drained = *row[3].string() == name(RunEnd::drained);
    if (run.values.size() != columns) {
      throw Broken(fmt::format("a run has {} values instead of {}", run.values.size(), columns));
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::string sweep_json(const Sweep& sweep) {
  std::string out;
  JsonWriter json(out, 1);
  json.object([&] {
    write_head(json, sweep.head);
    json.member("verdict", name(sweep.verdict()));
    json.member("missing", sweep.missing());
    write_columns(json, sweep.head);
    write_runs(json, sweep);
    if (!sweep.head.shard) {
      json.member("confidence", "95 % of the mean, Student's t");
      write_summary(json, sweep);
    }
    json.member("replay", sweep_line(sweep.head));
  });
  return out + "\n";
}

std::variant<Sweep, std::string> read_sweep(std::string_view text) {
  const std::variant<Json, std::string> parsed = parse_json(text);
  if (const std::string* wrong = std::get_if<std::string>(&parsed)) return "not JSON: " + *wrong;
  const Json& json = std::get<Json>(parsed);
  const Json* kind = json.find("kind");
  if (kind == nullptr || kind->string() == nullptr || *kind->string() != "sweep") {
    return "JSON, but not written by `trimhorizon sweep`";
  }
  try {
    if (number_of(json, "schema_version") != 1) return "written by a later version";
    Sweep sweep{head_of(json), {}};
    sweep.runs = runs_of(json, sweep.head);
    if (number_of(json, "missing") != sweep.missing())
      throw Broken("some of its runs were removed");
    return sweep;
  } catch (const Broken& broken) {
    return "damaged: " + std::string(broken.what());
  }
}

std::string sweep_line(const SweepHead& head) {
  std::string line = command_line("sweep", head.file, head.set, std::nullopt, head.variant);
  for (const SweepAxis& axis : head.axes) line += " --grid " + for_shell(grid_text(axis));
  line += " --seeds " + seeds_text(head.seeds);
  if (head.handlers.empty()) return line;
  return fmt::format("{}  # in Python, with your handlers of {}", line,
                     fmt::join(head.handlers, ", "));
}

std::string run_line(const SweepHead& head, std::uint64_t task) {
  std::vector<std::string> set = head.set;
  for (std::string& each : head.settings_at(head.point_of(task))) set.push_back(std::move(each));
  return replay_line(head.file, set, head.seed_of(task), head.variant);
}

}  // namespace trimhorizon
