// Runs a command, and turns every error into a message and an exit code.
#include "sim/cli/program.hpp"

#include <cstdlib>
#include <new>

#include "sim/base/check.hpp"
#include "sim/base/choices.hpp"
#include "sim/base/medium.hpp"
#include "sim/base/overloaded.hpp"

namespace trimhorizon {
namespace {

constexpr int exit_mistake = 2;
constexpr int exit_bug = 70;

int report_mistake(Console& console, std::string_view message, std::string_view hint) {
  console.err("trimhorizon: " + std::string(message) + "\n");
  if (!hint.empty()) console.err("  " + std::string(hint) + "\n");
  return exit_mistake;
}

int report_own_bug(CommandContext& context, std::string_view what) {
  context.console.err(
      "trimhorizon: a bug in trimhorizon, not in your scenario: " + std::string(what) + "\n");
  if (!context.replay.empty())
    context.console.err("replay: " + context.typed(context.replay) + "\n");
  return exit_bug;
}

int guarded(const Command& command, CommandContext& context) {
  try {
    return std::visit([&](const auto& each) { return execute(each, context); }, command);
  } catch (const ScenarioError& error) {
    context.console.err(std::string(error.what()) + "\n");
    return exit_mistake;
  } catch (const HintedError& error) {
    return report_mistake(context.console, error.what(), error.hint());
  } catch (const DriftError& error) {
    const std::string drift = std::string("DRIFT: ") + error.what();
    return report_mistake(context.console, drift,
                          "`trimhorizon replay` says whether the file, the settings or the version "
                          "differs");
  } catch (const std::bad_alloc&) {
    return report_mistake(context.console, "not enough memory for this run", "");
  } catch (const std::exception& error) {
    return report_own_bug(context, error.what());
  }
}

constexpr std::string_view own_name = "trimhorizon";

}  // namespace

std::string CommandContext::typed(std::string line) const {
  if (line.starts_with(own_name)) line.replace(0, own_name.size(), program);
  return line;
}

std::string program_word(std::string_view called_as) {
  const char* told = std::getenv("TRIMHORIZON_AS");
  if (told != nullptr && *told != '\0') return for_shell(told);
  if (called_as.find('/') == std::string_view::npos) called_as = own_name;
  return for_shell(called_as);
}

int run_program(const std::vector<std::string>& arguments, Console& console,
                std::string_view called_as) {
  const Parsed parsed = parse_command_line(arguments);
  const int code = std::visit(overloaded{
                                  [&](const Command& command) {
                                    CommandContext context{console, "", program_word(called_as)};
                                    return guarded(command, context);
                                  },
                                  [&](const UsageError& error) {
                                    return report_mistake(console, error.message, error.hint);
                                  },
                                  [&](const Answered& answered) {
                                    console.out(answered.text);
                                    return 0;
                                  },
                              },
                              parsed);
  return console.finish(code);
}

}  // namespace trimhorizon
