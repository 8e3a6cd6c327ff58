#include "sim/report/strip.hpp"

#include <array>
#include <utility>

namespace trimhorizon {
namespace {

struct Letter {
  std::string_view fate;
  char letter;
  Paint paint;
};

constexpr std::array<Letter, 7> letters = {{{"processed", '.', Paint::faint},
                                            {"filtered", 'F', Paint::faint},
                                            {"discarded", 'D', Paint::doubt},
                                            {"dropped", 'X', Paint::bad},
                                            {"expired", 'E', Paint::bad},
                                            {"unread", 'G', Paint::bad},
                                            {"pending", '~', Paint::doubt}}};

const Letter* letter_of(std::string_view fate) {
  for (const Letter& each : letters) {
    if (each.fate == fate) return &each;
  }
  return nullptr;
}

template <class Value>
Value of_mapping(const std::vector<std::pair<std::string, Value>>& all, std::string_view mapping) {
  for (const auto& [name, value] : all) {
    if (name == mapping) return value;
  }
  return {};
}

char digit(std::uint64_t n) { return n > 9 ? '+' : static_cast<char>('0' + n); }

}  // namespace

std::vector<std::string> draw_strip(const std::vector<RecordRow>& rows, const std::string& mapping,
                                    const Painter& paint) {
  if (rows.empty() || rows.size() > strip_records_max) return {};
  std::string fates;
  std::string effects;
  std::array<bool, letters.size()> used{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && i % 10 == 0) fates += ' ', effects += ' ';
    const Letter* letter = letter_of(of_mapping(rows[i].fates, mapping));
    if (letter == nullptr) return {};
    used[static_cast<std::size_t>(letter - letters.data())] = true;
    fates += paint(letter->paint, std::string_view(&letter->letter, 1));
    const char n = digit(of_mapping(rows[i].effects, mapping));
    const bool once = n == '1';
    effects += once ? std::string(1, n) : paint(Paint::doubt, std::string_view(&n, 1));
  }
  std::string legend;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (!used[i]) continue;
    legend += "  " + std::string(1, letters[i].letter) + " " + std::string(letters[i].fate);
  }
  const std::string first = cut_middle(clean(rows.front().id), 20);
  const std::string last = cut_middle(clean(rows.back().id), 20);
  return {"  Each record, " + first + (rows.size() > 1 ? " to " + last : "") + ":" + legend,
          "    fate     " + fates, "    effects  " + effects};
}

}  // namespace trimhorizon
