// Types that are defined twice under one name, and classes that may be copied by accident.
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <regex>

#include "tests/tidy/checks.hpp"

namespace trimhorizon::tidy {
namespace {

struct Definition {
  std::string name;  // "trimhorizon::views::ShardView"; in an unnamed namespace: with the folder
  std::size_t line = 0;
  std::string body;
  bool is_class = false;
};

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Walks over the braces of a file and keeps the types that stand right in a namespace.
class DefinitionScanner {
 public:
  explicit DefinitionScanner(const SourceFile& file)
      : folder_(folder_of(file.path)), code_(code_only(file.text)) {}

  std::vector<Definition> scan() {
    std::size_t head = 0;  // where the text before the next brace begins
    for (std::size_t at = 0; at < code_.size(); ++at) {
      const char c = code_[at];
      if (c == ';') head = at + 1;
      if (c == '{') {
        open(code_.substr(head, at - head), at);
        head = at + 1;
      }
      if (c == '}') {
        if (!open_.empty()) close(at);
        head = at + 1;
      }
    }
    return found_;
  }

 private:
  struct Scope {
    std::string name;  // of a namespace
    bool is_namespace = false;
    std::optional<std::size_t> definition;  // index into found_
    std::size_t begin = 0;
  };

  void open(const std::string& head, std::size_t at) {
    static const std::regex space(R"(namespace\s*([A-Za-z_:]*)\s*$)");
    static const std::regex type(
        R"((struct|class|enum class|enum|union)\s+([A-Za-z_][\w:]*)[^();=]*$)");
    Scope scope;
    scope.begin = at;
    std::smatch match;
    const bool outside = open_.empty() || open_.back().is_namespace;
    static const std::regex parameters(R"(template\s*<[^{}]*>\s*(?=struct|class|union))");
    const std::string own = std::regex_replace(head, parameters, "");
    if (outside && std::regex_search(head, match, space)) {
      scope.is_namespace = true;
      scope.name = match[1].str().empty() ? "(unnamed in " + folder_ + ")" : match[1].str();
    } else if (outside && std::regex_search(own, match, type)) {
      std::string name;
      for (const Scope& each : open_) name += each.name + "::";
      const auto line = std::count(code_.begin(), code_.begin() + long(at), '\n') + 1;
      scope.definition = found_.size();
      found_.push_back({name + match[2].str(), std::size_t(line), {}, match[1].str() == "class"});
    }
    open_.push_back(scope);
  }

  void close(std::size_t at) {
    const Scope& scope = open_.back();
    if (scope.definition) {
      found_[*scope.definition].body = code_.substr(scope.begin, at - scope.begin);
    }
    open_.pop_back();
  }

  std::string folder_;
  std::string code_;
  std::vector<Scope> open_;
  std::vector<Definition> found_;
};

bool is_product(const std::string& path) {
  return path.starts_with("sim/") || path.starts_with("bindings/cpp/");
}

}  // namespace

Findings check_defined_once(const std::vector<SourceFile>& files) {
  Findings findings;
  std::map<std::string, std::string> first_in;
  for (const SourceFile& file : files) {
    if (!has_extension(file, {".cpp", ".hpp"}) || !is_product(file.path)) continue;
    for (const Definition& each : DefinitionScanner(file).scan()) {
      const auto [it, added] = first_in.try_emplace(each.name, file.path);
      if (added) continue;
      findings.push_back({file.path, each.line, each.name + " is defined in " + it->second + " too",
                          "another name, or a namespace of the folder: one program has one type of "
                          "a name"});
    }
  }
  return findings;
}

Findings check_copies(const SourceFile& file) {
  static const std::regex points(
      R"(\n\s+(const )?[A-Za-z_][\w:<>]*( const)?[*&]\s?[a-z]\w*_( = [^;()]*)?;)");
  Findings findings;
  if (!has_extension(file, {".hpp"}) || !is_product(file.path)) return findings;
  for (const Definition& each : DefinitionScanner(file).scan()) {
    if (!each.is_class || !std::regex_search(each.body, points)) continue;
    const std::string name = each.name.substr(each.name.rfind(':') + 1);
    if (each.body.find(name + "(const " + name + "&) =") != std::string::npos) continue;
    findings.push_back({file.path, each.line, name + " points to something and may be copied",
                        "say what a copy is: " + name + "(const " + name +
                            "&) = delete, or = default with the reason"});
  }
  return findings;
}

}  // namespace trimhorizon::tidy
