#include "sim/yaml/mistakes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/utf8.hpp"

namespace trimhorizon::reader {

Mistakes::Mistakes(std::string_view file, std::string_view text) { add_source(file, text); }

std::uint32_t Mistakes::add_source(std::string_view name, std::string_view text) {
  Source& source = sources_.emplace_back(Source{std::string(name), text, {0}, {Counted{}}});
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    source.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::uint32_t Mistakes::keep_source(std::string_view name, std::string text) {
  return add_source(name, kept_.emplace_back(std::move(text)));
}

std::uint64_t Mistakes::Source::characters_before(std::uint32_t offset) const {
  constexpr std::uint32_t stretch = 1024;
  while (counted.back().offset + stretch <= offset) {
    Counted next = counted.back();
    for (const std::uint32_t end = next.offset + stretch; next.offset < end; ++next.characters) {
      next.offset += decode_utf8(text, next.offset).bytes;
    }
    counted.push_back(next);
  }
  const auto after = std::upper_bound(
      counted.begin(), counted.end(), offset,
      [](std::uint32_t place, const Counted& each) { return place < each.offset; });
  const Counted& last = *(after - 1);
  return last.characters + count_code_points(text.substr(last.offset, offset - last.offset));
}

LineColumn Mistakes::line_column(Mark mark) const {
  const Source& source = sources_[mark.source];
  const auto size = static_cast<std::uint32_t>(source.text.size());
  const std::uint32_t offset = std::min(mark.offset, size);
  const auto next = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  const std::uint32_t start = *(next - 1);
  LineColumn place;
  place.line = static_cast<std::uint32_t>(next - source.line_starts.begin());
  place.column = static_cast<std::uint32_t>(source.characters_before(offset) -
                                            source.characters_before(start)) +
                 1;
  return place;
}

void Mistakes::begin_again() {
  std::erase_if(mistakes_, [&](const Mistake& each) {
    return std::none_of(read_as_.begin(), read_as_.end(),
                        [&](const ReadAs& key) { return key.key == each.mark; });
  });
  said_.clear();
  for (const Mistake& each : mistakes_) said_.insert({each.mark, each.message});
  said_of_sets_.clear();
  wrong_.clear();
  words_.clear();
  count_ = mistakes_.size();
  sources_.erase(sources_.begin() + 1, sources_.end());
  kept_.clear();
  leave_variant();
}

// Is this about the value of a key that is only guessed? When the value as a whole does not fit,
// the mistake of the key says so too: only both together say what to write.
bool Mistakes::is_about_a_guess(Mark mark, const std::string& message,
                                const std::string& suggestion) {
  for (const ReadAs& guess : read_as_) {
    if (guess.of_another_tool && guess.value < mark && mark < guess.end) return true;
    if (mark != guess.value) continue;
    const auto of_key = std::find_if(mistakes_.begin(), mistakes_.end(),
                                     [&](const Mistake& each) { return each.mark == guess.key; });
    if (of_key == mistakes_.end()) continue;
    said_.insert({mark, message});
    const std::string more =
        fmt::format(" {}{}{}", message, suggestion.empty() ? "" : ": ", suggestion);
    // The file may be read several times.
    if (of_key->suggestion.find(more) == std::string::npos) of_key->suggestion += more;
    return true;
  }
  return false;
}

void Mistakes::error(Mark mark, std::string message, std::string suggestion) {
  note_wrong(mark);
  if (said_.contains({mark, message}) || is_about_a_guess(mark, message, suggestion)) return;
  if (!variant_.empty() && (mark < variant_begin_ || !(mark < variant_end_))) {
    // The base has already reported what is wrong here, if in other words.
    if (wrong_.contains(mark)) return;
    // A variant may move a mistake of a `--set` to another place. The base has already reported it.
    if (mark.source != 0 && said_of_sets_.contains(message)) return;
    message += fmt::format(" (in variant {})", quoted(variant_));
    if (said_.contains({mark, message})) return;
  }
  if (mark.source != 0) said_of_sets_.insert(message);
  ++count_;
  if (mistakes_.size() >= kept_max) return;
  said_.insert({mark, message});
  mistakes_.push_back({mark, std::move(message), std::move(suggestion)});
}

void Mistakes::error_of_word(Mark mark, const std::string& message, const std::string& suggestion,
                             const std::string& word) {
  const std::string& same = word.empty() ? message : word;
  const auto first = words_.find({mark.source, same});
  if (first == words_.end()) {
    const std::size_t before = mistakes_.size();
    error(mark, message, suggestion);
    if (mistakes_.size() > before) words_[{mark.source, same}] = before;
    return;
  }
  note_wrong(mark);
  Mistake& known = mistakes_[first->second];
  if (mark == known.mark || !said_.insert({mark, same}).second) return;
  if (mark < known.mark && message == known.message) std::swap(mark, known.mark);
  known.also.push_back(mark);
}

// "the same in lines 5, 8 and 9"; empty when there are none.
std::string Mistakes::other_lines(const Mistake& mistake) const {
  constexpr std::size_t listed_max = 6;
  std::set<std::uint32_t> lines;
  for (const Mark mark : mistake.also) lines.insert(line_column(mark).line);
  lines.erase(line_column(mistake.mark).line);
  if (lines.empty()) return {};
  std::string text = lines.size() == 1 ? "the same in line " : "the same in lines ";
  std::size_t told = 0;
  for (const std::uint32_t line : lines) {
    if (told == listed_max) return text + fmt::format(" and {} more", lines.size() - told);
    const bool last = told + 1 == lines.size();
    text += fmt::format("{}{}", told == 0 ? "" : last ? " and " : ", ", line);
    told += 1;
  }
  return text;
}

std::string Mistakes::warning(Mark mark, std::string_view message) const {
  const LineColumn place = line_column(mark);
  return fmt::format("{}:{}:{}: warning: {}", sources_[mark.source].name, place.line, place.column,
                     message);
}

std::string Mistakes::line_text(std::uint32_t source, std::uint32_t line) const {
  const std::uint32_t start = sources_[source].line_starts[line - 1];
  const std::string_view rest = sources_[source].text.substr(start);
  return std::string(rest.substr(0, rest.find('\n')));
}

Diagnostic Mistakes::diagnostic(const Mistake& mistake) const {
  const LineColumn place = line_column(mistake.mark);
  Diagnostic out;
  out.file = sources_[mistake.mark.source].name;
  out.message = mistake.message;
  out.suggestion = mistake.suggestion;
  const std::string more = other_lines(mistake);
  if (!more.empty()) out.suggestion += out.suggestion.empty() ? more : "; " + more;
  if (sources_[mistake.mark.source].text.empty()) return out;  // no line to show
  out.line = place.line;
  out.column = place.column;
  if (mistake.mark.source != 0) out.excerpt = line_text(mistake.mark.source, place.line);
  return out;
}

void Mistakes::raise() const {
  std::vector<Mistake> sorted = mistakes_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Mistake& a, const Mistake& b) { return a.mark < b.mark; });
  std::vector<Diagnostic> diagnostics;
  for (const Mistake& mistake : sorted) {
    if (diagnostics.size() == shown_max) {
      Mistake rest{mistake.mark, fmt::format("and {} more mistakes", count_ - shown_max), ""};
      diagnostics.push_back(diagnostic(rest));
      break;
    }
    diagnostics.push_back(diagnostic(mistake));
  }
  throw ScenarioError(std::move(diagnostics), sources_[0].text);
}

void Mistakes::enter_variant(std::string_view name, Mark begin, Mark end) {
  variant_ = std::string(name);
  variant_begin_ = begin;
  variant_end_ = end;
}

void Mistakes::leave_variant() {
  variant_.clear();
  wrong_in_variant_.clear();
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += fmt::format("`{}`", names[i]);
  }
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_bytes = 40;
  if (text.size() <= shown_bytes) return fmt::format("`{}`", text);
  std::size_t at = 0;
  while (at < shown_bytes) at += decode_utf8(text, at).bytes;
  return fmt::format("`{}...`", text.substr(0, at));
}

std::string word_of_unknown(std::string_view noun, std::string_view name) {
  return fmt::format("no {} is called {}", noun, quoted(name));
}

std::string word_of_none(std::string_view noun) { return fmt::format("no {} at all", noun); }

}  // namespace trimhorizon::reader
