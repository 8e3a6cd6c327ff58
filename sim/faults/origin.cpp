#include "sim/faults/origin.hpp"

#include <fmt/format.h>

#include "sim/base/hash.hpp"
#include "sim/base/version.hpp"

namespace trimhorizon {
namespace {

// A found file has its own token in it, and `replay --decisions` takes another one.
std::string without_tokens(std::string_view text) {
  constexpr std::string_view prefix = "th1:";
  constexpr std::string_view base64 =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
  std::string rest;
  while (true) {
    const std::size_t at = text.find(prefix);
    rest += text.substr(0, at);
    if (at == std::string_view::npos) return rest;
    const std::size_t end = text.find_first_not_of(base64, at + prefix.size());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
}

std::array<std::uint32_t, 5> this_program() {
  std::array<std::uint32_t, 5> numbers{};
  std::size_t next = 0;
  bool in_number = false;
  for (const char c : fmt::format("{} {}", version(), edition())) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && in_number) ++next;
    if (digit && next < numbers.size()) {
      numbers[next] = numbers[next] * 10 + static_cast<std::uint32_t>(c - '0');
    }
    in_number = digit;
  }
  return numbers;
}

std::string program_text(const std::array<std::uint32_t, 5>& n) {
  return fmt::format("{}.{}.{} (rules of {}-{:02})", n[0], n[1], n[2], n[3], n[4]);
}

}  // namespace

Origin origin_of(std::string_view text, const std::vector<std::string>& changes,
                 std::uint64_t seed) {
  Digest file;
  file.add_text(without_tokens(text));
  Digest settings;
  settings.add(seed);
  for (const std::string& each : changes) {
    // What may go wrong stands in the token itself; a replay needs no `explore:`.
    if (!each.starts_with("explore.")) settings.add_text(each);
  }
  return {static_cast<std::uint32_t>(file.low()), static_cast<std::uint32_t>(settings.low()),
          this_program()};
}

std::string what_differs(const Origin& recorded, const Origin& now) {
  std::string differ;
  std::string same;
  const auto compare = [&](bool equal, std::string_view what) {
    std::string& list = equal ? same : differ;
    list += (list.empty() ? "" : " and ") + std::string(what);
  };
  compare(recorded.file == now.file, "the file");
  compare(recorded.settings == now.settings, "the settings (--set, --variant, --seed)");
  compare(recorded.program == now.program,
          recorded.program == now.program
              ? "the version"
              : fmt::format("the version (it was {}, this is {})", program_text(recorded.program),
                            program_text(now.program)));
  if (differ.empty()) {
    return "The file, the settings and the version are those of the recorded run.";
  }
  std::string text = fmt::format("What differs from the recorded run: {}.", differ);
  if (!same.empty()) text += fmt::format(" The same: {}.", same);
  return text;
}

}  // namespace trimhorizon
