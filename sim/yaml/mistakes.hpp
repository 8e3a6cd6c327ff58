// All mistakes of a scenario. Reading goes on after a mistake, so that the user sees all of them at
// once. Each has its place in one of the sources: the file, or one `--set PATH=VALUE`.
//
// Always:
//  1. A place is a byte offset. Lines and columns (in characters) are counted only once, at the
//     end.
//  2. The same mistake at the same place is reported once, however many variants meet it.
//  3. A key that is spelled wrong is one mistake: the file is read again with the key that is
//  meant.
//  4. What depends on a wrong value is not judged: is_wrong() tells which values are.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/base/diagnostic.hpp"

namespace trimhorizon::reader {

struct Mark {
  std::uint32_t source = 0;  // 0 is the file
  std::uint32_t offset = 0;  // in bytes, from 0

  friend auto operator<=>(const Mark&, const Mark&) = default;
};

struct LineColumn {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in characters
};

// An unknown key that was reported, and that is read as the key it probably means.
struct ReadAs {
  Mark key;
  std::string name;  // what it means
  Mark value;        // from here to `end`
  Mark end;
  bool of_another_tool = false;  // then what is wrong inside of its value says nothing
};

class Mistakes {
 public:
  // The file is source 0. The texts must outlive this object.
  Mistakes(std::string_view file, std::string_view text);

  // Returns the number of the new source. Its text must outlive this object.
  std::uint32_t add_source(std::string_view name, std::string_view text);
  // The same, and the text is kept as long as this object.
  std::uint32_t keep_source(std::string_view name, std::string text);
  // The text of a source. REQUIRES: number < the number of sources.
  std::string_view source(std::uint32_t number) const { return sources_[number].text; }
  // A place after the end of the text counts as the end.
  LineColumn line_column(Mark mark) const;

  // Notes a mistake. `message` is a sentence without a full stop; `suggestion` may be empty.
  void error(Mark mark, std::string message, std::string suggestion = {});
  // The same for a wrong word that may stand in several places, such as a name that nothing has:
  // the first place has the mistake, and it lists the lines of the others. All with the same
  // `word` are one mistake; without it, all with the same message are.
  void error_of_word(Mark mark, const std::string& message, const std::string& suggestion = {},
                     const std::string& word = {});
  // Was a mistake of this word met in this source?
  bool has_word(std::uint32_t source, const std::string& word) const {
    return words_.contains({source, word});
  }
  // Was a mistake met at this place, while the base or this variant was read? What depends on the
  // value there says nothing then.
  bool is_wrong(Mark mark) const {
    return wrong_.contains(mark) || wrong_in_variant_.contains(mark);
  }
  // The value at this place is wrong because of a mistake that was reported somewhere else.
  void note_wrong(Mark mark) { (variant_.empty() ? wrong_ : wrong_in_variant_).insert(mark); }
  // The text "FILE:LINE:COLUMN: warning: ..." for Scenario::warnings.
  std::string warning(Mark mark, std::string_view message) const;

  // Notes what the unknown key means that was just reported.
  void read_as(ReadAs meant) { read_as_.push_back(std::move(meant)); }
  const std::vector<ReadAs>& all_read_as() const { return read_as_; }
  // Forgets all sources but the file, and all mistakes but those keys: it is read again.
  void begin_again();

  bool any() const { return count_ > 0; }
  std::size_t count() const { return count_; }
  // The search for a similar word costs time. After this many mistakes nobody reads the
  // suggestions.
  bool worth_a_suggestion() const { return count_ < shown_max; }
  // Throws all mistakes as one ScenarioError.
  [[noreturn]] void raise() const;

  // From here until leave_variant(), a variant is read. Mistakes outside of [begin, end) then say
  // which variant they belong to.
  void enter_variant(std::string_view name, Mark begin, Mark end);
  void leave_variant();

 private:
  static constexpr std::size_t shown_max = 100;
  static constexpr std::size_t kept_max = 10'000;

  // How many characters come before a byte of a text. It is counted once, from place to place; so a
  // long line with many mistakes is not read again for each.
  struct Counted {
    std::uint32_t offset = 0;
    std::uint64_t characters = 0;
  };
  struct Source {
    std::string name;
    std::string_view text;
    std::vector<std::uint32_t> line_starts;
    mutable std::vector<Counted> counted = {Counted{}};

    std::uint64_t characters_before(std::uint32_t offset) const;
  };
  struct Mistake {
    Mark mark;
    std::string message;
    std::string suggestion;
    std::vector<Mark> also = {};  // the other places of this word
  };
  std::string other_lines(const Mistake& mistake) const;
  bool is_about_a_guess(Mark mark, const std::string& message, const std::string& suggestion);
  std::string line_text(std::uint32_t source, std::uint32_t line) const;
  Diagnostic diagnostic(const Mistake& mistake) const;

  std::vector<Source> sources_;
  std::deque<std::string> kept_;  // their addresses stay
  std::vector<Mistake> mistakes_;
  std::vector<ReadAs> read_as_;
  std::set<std::tuple<Mark, std::string>> said_;
  std::set<std::string> said_of_sets_;
  std::set<Mark> wrong_;  // where mistakes of the base were met
  std::set<Mark> wrong_in_variant_;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> words_;  // source, word: mistake
  std::size_t count_ = 0;
  std::string variant_;
  Mark variant_begin_;
  Mark variant_end_;
};

// "`a`, `b` or `c`"
std::string listed(const std::vector<std::string_view>& names);
// The text in backquotes, cut to a length that fits into a message.
std::string quoted(std::string_view text);

// The words of two mistakes that are met in many places: "no stream is called `orders`", and that
// there is no stream at all.
std::string word_of_unknown(std::string_view noun, std::string_view name);
std::string word_of_none(std::string_view noun);

}  // namespace trimhorizon::reader
