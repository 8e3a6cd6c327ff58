// How long a line, a file and a function may be.
#include <algorithm>
#include <cctype>

#include "tests/tidy/checks.hpp"

namespace trimhorizon::tidy {
namespace {

constexpr std::size_t columns_max = 100;
constexpr std::size_t file_lines_max = 500;
constexpr std::size_t function_lines_max = 70;

// Finds functions by their braces: what stands before an opening brace says what it opens.
class FunctionScanner {
 public:
  explicit FunctionScanner(const SourceFile& file) : path_(file.path), code_(code_only(file.text)) {
    blank_preprocessor_lines();
  }

  Findings scan() {
    for (at_ = 0; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '\n') ++line_;
      if (c == '{') {
        open();
      } else if (c == '}') {
        close();
      } else if (!in_function()) {
        extend_head(c);
      }
    }
    return findings_;
  }

 private:
  enum class Kind { outer, function, other };  // outer: namespace, class: holds functions
  struct Scope {
    Kind kind;
    std::string head;
    std::size_t head_line;
  };

  bool in_function() const { return !scopes_.empty() && scopes_.back().kind != Kind::outer; }

  void blank_preprocessor_lines() {
    bool inside = false;
    for (std::size_t from = 0; from < code_.size();) {
      const std::size_t to = std::min(code_.find('\n', from), code_.size());
      const std::size_t first = code_.find_first_not_of(" \t", from);
      inside = inside || (first < to && code_[first] == '#');
      const bool goes_on = to > from && code_[to - 1] == '\\';
      if (inside) std::fill(code_.begin() + long(from), code_.begin() + long(to), ' ');
      inside = inside && goes_on;
      from = to + 1;
    }
  }

  void extend_head(char c) {
    if (c == ';') return head_.clear();
    if (head_.empty()) {
      if (std::isspace(static_cast<unsigned char>(c))) return;
      head_line_ = line_;
    }
    head_ += c;
    if (head_ == "public:" || head_ == "private:" || head_ == "protected:") head_.clear();
  }

  void open() {
    scopes_.push_back({in_function() ? Kind::other : kind_of(head_), head_, head_line_});
    head_.clear();
  }

  void close() {
    if (scopes_.empty()) return;
    const Scope scope = scopes_.back();
    scopes_.pop_back();
    if (in_function()) return;
    const std::size_t next = code_.find_first_not_of(" \t\n", at_ + 1);
    if (next < code_.size() && (code_[next] == ',' || code_[next] == '{')) {
      head_ = scope.head;  // a member in a constructor's list: the function is still to come
      head_line_ = scope.head_line;
      return;
    }
    head_.clear();
    const std::size_t length = line_ - scope.head_line + 1;
    if (scope.kind == Kind::function && length > function_lines_max) {
      findings_.push_back({path_, scope.head_line,
                           "a function of " + std::to_string(length) + " lines",
                           "at most 70: name its parts as functions of their own"});
    }
  }

  static std::string without_template(std::string head) {
    while (head.starts_with("template")) {
      std::size_t i = head.find('<');
      int depth = 0;
      for (; i < head.size(); ++i) {
        depth += head[i] == '<' ? 1 : head[i] == '>' ? -1 : 0;
        if (depth == 0) break;
      }
      const std::size_t next = i < head.size() ? head.find_first_not_of(" \t\n", i + 1) : head.npos;
      head = next == head.npos ? "" : head.substr(next);
    }
    return head;
  }

  static Kind kind_of(const std::string& whole) {
    const std::string head = without_template(whole);
    for (const char* word :
         {"namespace", "inline namespace", "class ", "struct ", "union ", "enum "}) {
      if (head.starts_with(word)) return Kind::outer;
    }
    if (head.find('(') == head.npos) return head.starts_with("extern") ? Kind::outer : Kind::other;
    int depth = 0;
    bool assigned = false;  // `= ` outside parentheses: a value, unless it is a lambda
    for (const char c : head) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      assigned |= c == '=' && depth == 0;
    }
    if (depth != 0) return Kind::other;
    const bool is_value =
        assigned && head.find("operator") == head.npos && head.find("](") == head.npos;
    return is_value ? Kind::other : Kind::function;
  }

  std::string path_;
  std::string code_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::string head_;
  std::size_t head_line_ = 1;
  std::vector<Scope> scopes_;
  Findings findings_;
};

}  // namespace

Findings check_sizes(const SourceFile& file) {
  Findings findings;
  if (!has_extension(file, {".cpp", ".hpp", ".py", ".pyi", ".js"})) return findings;
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t columns = columns_of(lines[i]);
    if (columns <= columns_max) continue;
    findings.push_back({file.path, i + 1, "a line of " + std::to_string(columns) + " columns",
                        "at most 100: break it, or name a part of it"});
  }
  if (lines.size() > file_lines_max) {
    findings.push_back({file.path, 0, "a file of " + std::to_string(lines.size()) + " lines",
                        "at most 500: one thing a file"});
  }
  return findings;
}

Findings check_function_lengths(const SourceFile& file) {
  if (!has_extension(file, {".cpp", ".hpp"})) return {};
  return FunctionScanner(file).scan();
}

}  // namespace trimhorizon::tidy
