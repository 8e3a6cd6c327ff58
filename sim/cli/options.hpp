// A command line as plain values. command_line.cpp makes them, so that only it needs CLI11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

enum class Format : std::uint8_t { text, json, junit };

// Which scenario is meant, as most commands take it.
struct ScenarioArguments {
  std::string file;                   // "-": standard input
  std::optional<std::uint64_t> seed;  // instead of the file's
  std::vector<std::string> set;       // PATH=VALUE
  std::string variant;                // only this one
  std::string more = {};  // the other options that were given, as words of a shell: " --out a.json"
};

struct RunCommand : ScenarioArguments {  // without a file the built-in scenario
  Format format = Format::text;
  bool records = false;
  std::string trace;  // file to write, or empty
  bool no_variants = false;
};

struct TestCommand {
  std::vector<std::string> paths;
  std::string contains;  // -k
  Format format = Format::text;
  bool no_variants = false;
};

struct ValidateCommand {
  std::vector<std::string> files;
};

struct ExplainCommand : ScenarioArguments {
  std::string record;
};

struct DiffCommand {
  std::string file;  // empty: `a` and `b` are files
  std::string a;
  std::string b;  // `base` when only one setting is given
  std::optional<std::uint64_t> seed;
  Format format = Format::text;
  std::string more = {};  // as of a scenario
};

struct ExploreCommand : ScenarioArguments {
  ExploreRequest request;  // with the seed of the command line
  bool outcomes = false;
  bool details = false;  // all that was looked at, and what was not
  Format format = Format::text;
  std::string out;  // file to write, or empty
};

struct ReplayCommand : ScenarioArguments {
  std::string decisions;  // empty: those of the file
};

struct SweepCommand : ScenarioArguments {  // without a seed of its own
  std::vector<std::string> grid;           // PATH=VALUE,VALUE,…
  std::string seeds;                       // "0..99,200"; empty: the file's
  std::uint32_t threads = 0;               // 0: all cores
  std::uint64_t shard = 0;                 // from 1; 0: all of it
  std::uint64_t shards = 0;
  std::string out;  // file for the JSON, or empty
  Format format = Format::text;
  std::vector<std::string> show;  // columns of the text; empty: the most interesting
};

struct MergeCommand {
  std::vector<std::string> files;
  std::string out;
  std::optional<Format> format;  // nothing: JSON, but text on a terminal
  std::vector<std::string> show;
};

struct SchemaCommand {
  bool keys = false;  // the page of all keys instead
};

using Command =
    std::variant<RunCommand, TestCommand, ValidateCommand, ExplainCommand, ExploreCommand,
                 ReplayCommand, DiffCommand, SweepCommand, MergeCommand, SchemaCommand>;

// The command line is wrong: exit 2.
struct UsageError {
  std::string message;  // one sentence
  std::string hint;     // "did you mean `--seed`?", or where to read on
};

// `--help`, `--version`: the text for stdout.
struct Answered {
  std::string text;
};

using Parsed = std::variant<Command, UsageError, Answered>;

// Arguments without the program's own name.
Parsed parse_command_line(const std::vector<std::string>& arguments);

}  // namespace trimhorizon
