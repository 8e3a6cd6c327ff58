// The only file that knows CLI11: it is expensive to compile.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>

#include "sim/base/diagnostic.hpp"
#include "sim/base/medium.hpp"
#include "sim/base/text.hpp"
#include "sim/base/version.hpp"
#include "sim/cli/help.hpp"
#include "sim/cli/options.hpp"
#include "sim/run/sweep.hpp"

namespace trimhorizon {
namespace {

const std::string see_help = "`trimhorizon --help` lists the commands";

std::string see_help_of(std::string_view command) {
  return "see `trimhorizon " + std::string(command) + " --help`";
}

// What CLI11 fills while it reads; one set of members serves all commands.
struct Raw {
  bool help = false, version = false, no_variants = false;
  std::vector<std::string> operands;
  std::string seed, format, contains, faults, seconds, states, random, threads, decisions, shard,
      show;
  ScenarioArguments scenario;  // all but its file and its seed
  SweepCommand sweep;
  ExploreCommand explore;
  RunCommand run;
  SchemaCommand schema;
};

// Each option, the commands that take it, and where its value goes.
void add_options_of(std::string_view command, CLI::App& app, Raw& raw) {
  const auto takes = [&](std::initializer_list<std::string_view> commands) {
    return std::find(commands.begin(), commands.end(), command) != commands.end();
  };
  const auto option = [&](const char* name, std::string& value,
                          std::initializer_list<std::string_view> commands) {
    if (takes(commands)) app.add_option(name, value);
  };
  // One value each time it appears, or it would swallow the files after it.
  const auto repeated = [&](const char* name, std::vector<std::string>& values,
                            std::initializer_list<std::string_view> commands) {
    if (takes(commands)) app.add_option(name, values)->type_size(1)->allow_extra_args(false);
  };
  const auto flag = [&](const char* name, bool& value,
                        std::initializer_list<std::string_view> commands) {
    if (takes(commands)) app.add_flag(name, value);
  };
  option("--seed", raw.seed, {"run", "explain", "explore", "replay", "diff"});
  option("--format", raw.format, {"run", "test", "explore", "diff", "sweep", "merge"});
  repeated("--set", raw.scenario.set, {"run", "explain", "explore", "replay", "sweep"});
  option("--variant", raw.scenario.variant, {"run", "explain", "explore", "replay", "sweep"});
  flag("--no-variants", raw.no_variants, {"run", "test"});
  flag("--records", raw.run.records, {"run"});
  option("--trace", raw.run.trace, {"run"});
  option("-k", raw.contains, {"test"});
  option("--faults", raw.faults, {"explore"});
  option("--seconds", raw.seconds, {"explore"});
  option("--states", raw.states, {"explore"});
  option("--random", raw.random, {"explore"});
  flag("--outcomes", raw.explore.outcomes, {"explore"});
  flag("--details", raw.explore.details, {"explore"});
  flag("--assumptions", raw.explore.request.assumptions, {"explore"});
  option("--threads", raw.threads, {"explore", "sweep"});
  option("--decisions", raw.decisions, {"replay"});
  flag("--keys", raw.schema.keys, {"schema"});
  repeated("--grid", raw.sweep.grid, {"sweep"});
  option("--seeds", raw.sweep.seeds, {"sweep"});
  option("--shard", raw.shard, {"sweep"});
  option("--show", raw.show, {"sweep", "merge"});
  option("--out", command == "explore" ? raw.explore.out : raw.sweep.out,
         {"explore", "sweep", "merge"});
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

UsageError unknown(const std::string& word, const CLI::App* command) {
  std::vector<std::string> names;
  if (command == nullptr) {
    for (const std::string_view each : command_names) names.emplace_back(each);
  } else {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& each : option->get_lnames()) names.push_back("--" + each);
    }
  }
  const std::string_view written = std::string_view(word).substr(0, word.find('='));
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string hint = did_you_mean(written, candidates);
  if (hint.empty()) hint = command != nullptr ? see_help_of(command->get_name()) : see_help;
  if (is_option(word)) return {"unknown option `" + std::string(written) + "`", hint};
  if (command == nullptr) {
    const auto has = [&](const char* part) { return word.find(part) != std::string::npos; };
    const bool is_file = has(".y") || has("/");
    if (is_file) hint = "did you mean `trimhorizon run " + word + "`?";
    return {"unknown command `" + word + "`", hint};
  }
  return {"too many arguments: `" + word + "`", hint};
}

struct Failure {
  UsageError error;
};

// Without the `_` between digits: 1_000 is 1000.
std::string plain_digits(std::string text) {
  const bool between_digits =
      !text.starts_with('_') && !text.ends_with('_') && text.find("__") == std::string::npos;
  if (between_digits) std::erase(text, '_');
  return text;
}

// A whole number up to `most`; nothing when the option was not given.
std::optional<std::uint64_t> number_of(const std::string& text, std::string_view option,
                                       std::uint64_t most) {
  if (text.empty()) return std::nullopt;
  const auto number = number_in<std::uint64_t>(plain_digits(text));
  if (number && *number <= most) return number;
  throw Failure{{std::string(option) + " must be a whole number up to " + std::to_string(most) +
                     ", not `" + text + "`",
                 "for example: " + std::string(option) + " 3"}};
}

double seconds_of(const Raw& raw) {
  if (raw.seconds.empty()) return 0;
  const bool digits = raw.seconds.find_first_not_of("0123456789.") == std::string::npos;
  const auto seconds = number_in<double>(raw.seconds);
  if (digits && seconds && *seconds > 0) return *seconds;
  throw Failure{{"--seconds must be a number above 0, not `" + raw.seconds + "`",
                 "for example: --seconds 60"}};
}

std::optional<std::uint64_t> seed_of(const Raw& raw) {
  if (raw.seed.empty()) return std::nullopt;
  if (const auto seed = number_in<std::uint64_t>(plain_digits(raw.seed))) return seed;
  throw Failure{
      {"the seed must be a whole number, not `" + raw.seed + "`", "for example: --seed 42"}};
}

Format format_of(const Raw& raw, bool junit) {
  if (raw.format.empty() || raw.format == "text") return Format::text;
  if (raw.format == "json") return Format::json;
  if (junit && raw.format == "junit") return Format::junit;
  throw Failure{{"unknown format `" + raw.format + "`",
                 junit ? "one of: text, junit, json" : "one of: text, json"}};
}

void want_operands(const Raw& raw, std::string_view command, std::size_t least, std::size_t most,
                   std::string_view what) {
  if (raw.operands.size() < least) {
    throw Failure{{std::string(command) + " needs " + std::string(what), see_help_of(command)}};
  }
  if (raw.operands.size() > most) {
    throw Failure{{"too many arguments: `" + raw.operands[most] + "`; " + std::string(command) +
                       " takes " + std::string(what),
                   see_help_of(command)}};
  }
}

// The first operand is the scenario.
ScenarioArguments scenario_of(const Raw& raw) {
  ScenarioArguments scenario = raw.scenario;
  if (!raw.operands.empty()) scenario.file = raw.operands[0];
  scenario.seed = seed_of(raw);
  return scenario;
}

std::uint32_t threads_of(const Raw& raw) {
  return static_cast<std::uint32_t>(number_of(raw.threads, "--threads", 1024).value_or(0));
}

Command run_command(Raw& raw) {
  want_operands(raw, "run", 0, 1, "one FILE");
  RunCommand run = raw.run;
  static_cast<ScenarioArguments&>(run) = scenario_of(raw);
  run.no_variants = raw.no_variants;
  run.format = format_of(raw, false);
  if (run.records && run.format == Format::text) {
    throw Failure{{"--records works only with JSON: it adds a row for each stored record",
                   "add --format json"}};
  }
  if (run.no_variants && !run.variant.empty()) {
    throw Failure{{"--variant and --no-variants cannot be used together", "remove one of them"}};
  }
  return run;
}

Command test_command(Raw& raw) {
  want_operands(raw, "test", 1, SIZE_MAX, "at least one PATH");
  return TestCommand{raw.operands, raw.contains, format_of(raw, true), raw.no_variants};
}

Command explain_command(Raw& raw) {
  want_operands(raw, "explain", 2, 2, "a FILE and a RECORD");
  return ExplainCommand{scenario_of(raw), raw.operands[1]};
}

Command explore_command(Raw& raw) {
  want_operands(raw, "explore", 1, 1, "one FILE");
  ExploreCommand explore = raw.explore;
  static_cast<ScenarioArguments&>(explore) = scenario_of(raw);
  explore.format = format_of(raw, false);
  ExploreRequest& request = explore.request;
  request.seed = explore.seed;
  request.faults = number_of(raw.faults, "--faults", 100);
  request.seconds = seconds_of(raw);
  request.states = number_of(raw.states, "--states", 4'000'000'000).value_or(0);
  request.random = number_of(raw.random, "--random", 1'000'000'000).value_or(0);
  request.threads = threads_of(raw);
  if (!explore.out.empty() && explore.seed.value_or(0) > INT64_MAX) {
    throw Failure{{"the scenario that --out writes cannot have so large a seed",
                   "the largest is " + std::to_string(INT64_MAX)}};
  }
  return explore;
}

Command replay_command(Raw& raw) {
  want_operands(raw, "replay", 1, 1, "one FILE");
  return ReplayCommand{scenario_of(raw), raw.decisions};
}

bool is_file_name(const std::string& word) {
  if (std::filesystem::exists(word)) return true;
  const bool yaml = word.ends_with(".yaml") || word.ends_with(".yml");
  return yaml && word.find('=') == std::string::npos;
}

// Two words are two files, or a file and what to change in it.
Command diff_command(Raw& raw) {
  want_operands(raw, "diff", 2, 3, "FILE A, FILE A B, or two files");
  DiffCommand diff{"", "", "", seed_of(raw), format_of(raw, false), raw.scenario.more};
  const bool files = raw.operands.size() == 2 && is_file_name(raw.operands[1]);
  if (!files) diff.file = raw.operands[0];
  const bool alone = !files && raw.operands.size() == 2;
  diff.a = files ? raw.operands[0] : alone ? "base" : raw.operands[1];
  diff.b = raw.operands.back();
  return diff;
}

// "3/8": part 3 of 8.
void read_shard(const std::string& text, SweepCommand& sweep) {
  if (text.empty()) return;
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    sweep.shard = number_in<std::uint64_t>(text.substr(0, slash)).value_or(0);
    sweep.shards = number_in<std::uint64_t>(text.substr(slash + 1)).value_or(0);
  }
  if (sweep.shards > sweep_runs_max) sweep.shards = 0;  // no sweep has so many parts
  if (sweep.shard >= 1 && sweep.shard <= sweep.shards) return;
  throw Failure{
      {"--shard must be I/N (part I of N), not `" + text + "`", "for example: --shard 3/8"}};
}

std::vector<std::string> show_of(const Raw& raw, Format format) {
  if (!raw.show.empty() && format == Format::json) {
    throw Failure{{"--show works only with text; the JSON has all columns", "add --format text"}};
  }
  std::vector<std::string> names;
  for (std::size_t at = 0; at < raw.show.size();) {
    const std::size_t comma = std::min(raw.show.find(',', at), raw.show.size());
    names.push_back(raw.show.substr(at, comma - at));
    at = comma + 1;
  }
  return names;
}

Command sweep_command(Raw& raw) {
  want_operands(raw, "sweep", 1, 1, "one FILE");
  SweepCommand sweep = raw.sweep;
  static_cast<ScenarioArguments&>(sweep) = scenario_of(raw);
  sweep.format = format_of(raw, false);
  sweep.show = show_of(raw, sweep.format);
  sweep.threads = threads_of(raw);
  read_shard(raw.shard, sweep);
  return sweep;
}

Command merge_command(Raw& raw) {
  want_operands(raw, "merge", 1, SIZE_MAX, "at least one PART");
  std::optional<Format> format;
  if (!raw.format.empty()) format = format_of(raw, false);
  if (!format && !raw.show.empty()) format = Format::text;
  return MergeCommand{raw.operands, raw.sweep.out, format,
                      show_of(raw, format.value_or(Format::text))};
}

Command command_of(std::string_view name, Raw& raw) {
  if (name == "run") return run_command(raw);
  if (name == "test") return test_command(raw);
  if (name == "explain") return explain_command(raw);
  if (name == "explore") return explore_command(raw);
  if (name == "replay") return replay_command(raw);
  if (name == "diff") return diff_command(raw);
  if (name == "sweep") return sweep_command(raw);
  if (name == "merge") return merge_command(raw);
  if (name == "schema") {
    want_operands(raw, "schema", 0, 0, "no arguments");
    return raw.schema;
  }
  want_operands(raw, "validate", 1, SIZE_MAX, "at least one FILE");
  return ValidateCommand{raw.operands};
}

bool is_command(const std::string& word) {
  return std::find(command_names.begin(), command_names.end(), word) != command_names.end();
}

// The command line does not begin with a command: an option, or a word that is not one.
Parsed parse_without_command(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return UsageError{"no command", see_help};
  const std::string& word = arguments[0];
  const bool help = word == "-h" || word == "--help" || word == "help";
  if (help && arguments.size() == 1) return Answered{std::string(help_text(""))};
  if (help && is_command(arguments[1])) return Answered{std::string(help_text(arguments[1]))};
  if (word == "--version") {
    return Answered{"trimhorizon " + std::string(version()) + " (" + std::string(build()) + ")\n"};
  }
  return unknown(help ? arguments[1] : word, nullptr);
}

// No value may be empty: an empty value means that the option was not given.
void refuse_empty(const CLI::App& app, const std::vector<std::string>& operands) {
  const auto refuse = [&](const std::vector<std::string>& values, const std::string& name) {
    if (std::find(values.begin(), values.end(), "") == values.end()) return;
    throw Failure{{name + " is empty", see_help_of(app.get_name())}};
  };
  refuse(operands, "an argument");
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) refuse(option->results(), option->get_name());
  }
}

// The options that say how the result looks and where it goes, and how many processors may be used.
// The other options are part of every line that repeats a run.
std::string more_options(const CLI::App& app) {
  constexpr std::array<std::string_view, 10> names = {
      "--format",  "--no-variants", "--records", "--trace", "--outcomes",
      "--details", "--threads",     "--shard",   "--show",  "--out"};
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || std::find(names.begin(), names.end(), name) == names.end()) {
      continue;
    }
    words += " " + name;
    if (option->get_items_expected_max() == 0) continue;  // a flag
    const std::string word = for_shell(option->results().front());
    words += (word.starts_with('-') ? "=" : " ") + word;
  }
  return words;
}

// The first word is a command. All other words belong to it, even if they name a command too.
Parsed parse(std::vector<std::string> arguments) {
  if (arguments.empty() || !is_command(arguments[0])) return parse_without_command(arguments);
  Raw raw;
  CLI::App app("", arguments[0]);
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", raw.help);
  app.add_flag("--version", raw.version);
  app.add_option("operands", raw.operands);
  add_options_of(app.get_name(), app, raw);

  // After `--` nothing is an option.
  const auto mark = std::find(arguments.begin(), arguments.end(), "--");
  const std::vector<std::string> plain(mark == arguments.end() ? mark : mark + 1, arguments.end());
  std::vector<std::string> backwards(std::make_reverse_iterator(mark),
                                     std::make_reverse_iterator(arguments.begin() + 1));
  app.parse(std::move(backwards));  // CLI11 takes them in reverse order
  raw.operands.insert(raw.operands.end(), plain.begin(), plain.end());
  refuse_empty(app, raw.operands);

  if (raw.help) return Answered{std::string(help_text(app.get_name()))};
  if (raw.version) return parse_without_command({"--version"});
  if (!app.remaining().empty()) return unknown(app.remaining().front(), &app);
  raw.scenario.more = more_options(app);
  return command_of(app.get_name(), raw);
}

}  // namespace

Parsed parse_command_line(const std::vector<std::string>& arguments) {
  try {
    return parse(arguments);
  } catch (const Failure& failure) {
    return failure.error;
  } catch (const CLI::ParseError& error) {
    return UsageError{error.what(), see_help};
  }
}

}  // namespace trimhorizon
