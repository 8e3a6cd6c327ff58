#include "sim/yaml/tree.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <set>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "sim/yaml/surrogates.hpp"
#include "sim/yaml/syntax.hpp"

namespace trimhorizon::reader {
namespace {

// Thrown to stop the parser, because the rest of the file cannot be understood.
using Stop = SyntaxError;

constexpr std::string_view core_tag = "tag:yaml.org,2002:";

// Builds the tree from the events of the parser.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, const Budget& budget, Mistakes& mistakes, std::uint32_t source,
          std::uint32_t offset, bool hides_pairs)
      : text_(text),
        budget_(budget),
        mistakes_(mistakes),
        source_(source),
        offset_(offset),
        hides_pairs_(hides_pairs) {}

  std::optional<Node> take_root() { return std::move(root_); }
  // The place of the last scalar in quotes. When a quote is not closed, this scalar reaches to the
  // end of the file.
  std::optional<std::uint32_t> last_quote() const { return last_quote_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw Stop{place(mark), "a second document begins here; a scenario file has only one",
                 "put it into a file of its own"};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.start = place(mark);
    const bool is_value = open_.empty() || open_.back().key.has_value();
    node.text = std::string(null_word_at(text_, node.start, is_value));
    const bool implicit = node.text.empty();
    if (implicit && !open_.empty() && open_.back().node.is_list()) {
      node.start = item_mark_before(text_, node.start);
    }
    finish(std::move(node), anchor, implicit);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::scalar;
    node.start = skip_properties(text_, place(mark));
    node.in_quotes = tag == "!" || tag == std::string(core_tag) + "str";
    node.tag = local_tag(tag);
    node.text = value;
    const char first = node.start < text_.size() ? text_[node.start] : ' ';
    if (hides_pairs_) node.text = show_surrogate_pairs(value, first == '"');
    const bool reads_quotes = first == '"' || first == '\'';
    if (reads_quotes) node.in_quotes = true;
    if (reads_quotes && node.start >= last_quote_.value_or(0)) last_quote_ = node.start;
    if (!reads_quotes) refuse_del(node);
    finish(std::move(node), anchor, false);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Node::Kind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Node::Kind::mapping, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Stop{place(mark), "this alias is inside the value that it names",
                 "write the value itself here"};
    }
    const Anchored& anchored = found->second;
    charge(place(mark), anchored.nodes, anchored.bytes);
    Node node = anchored.node;
    node.start = place(mark);
    node.alias = true;
    add(std::move(node), node.start, anchored.nodes, anchored.bytes, false);
  }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<Node> key;  // a key whose value has not been read yet
    std::size_t nodes = 1;
    std::size_t bytes = 0;
  };
  struct Anchored {
    Node node;
    std::size_t nodes;
    std::size_t bytes;
  };

  std::uint32_t place(const YAML::Mark& mark) const {
    if (mark.pos < 0) return static_cast<std::uint32_t>(text_.size());
    return std::min(static_cast<std::uint32_t>(mark.pos), static_cast<std::uint32_t>(text_.size()));
  }
  Mark mark_of(std::uint32_t place) const { return {source_, offset_ + place}; }

  // Tags of the types that a plain text can have anyway say nothing new. All others are kept, and
  // refused by whoever reads the value: `!!binary` would mean other bytes than it shows.
  static std::string local_tag(const std::string& tag) {
    static constexpr std::array<std::string_view, 8> plain = {"str",  "int", "float", "bool",
                                                              "null", "seq", "map",   "timestamp"};
    if (tag == "?" || tag == "!") return {};
    if (!tag.starts_with(core_tag)) return tag;
    const std::string name = tag.substr(core_tag.size());
    const bool is_plain = std::find(plain.begin(), plain.end(), name) != plain.end();
    return is_plain ? "" : "!!" + name;
  }

  // YAML allows the character DEL between quotes only.
  void refuse_del(const Node& node) {
    if (node.text.find('\x7f') == std::string::npos) return;
    const std::size_t at = std::min(text_.find('\x7f', node.start), text_.size());
    mistakes_.error(mark_of(static_cast<std::uint32_t>(at)),
                    "the control character 0x7f is not allowed here",
                    "remove it, or put the text into quotes");
  }

  void charge(std::uint32_t at, std::size_t nodes, std::size_t copied_bytes) {
    nodes_ += nodes;
    copied_bytes_ += copied_bytes;
    if (nodes_ > budget_.nodes || copied_bytes_ > budget_.copied_bytes) {
      throw Stop{
          at,
          fmt::format(
              "the file is too large: it has more than {} values, copies of aliases included",
              budget_.nodes),
          "use a producer with `rate` instead of writing every record"};
    }
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    const std::uint32_t at = place(mark);
    if (!open_.empty() && open_.back().node.is_mapping() && !open_.back().key) {
      complex_key(at);
    }
    charge(at, 1, 0);
    if (open_.size() >= budget_.depth) {
      throw Stop{at, fmt::format("nested more than {} levels deep", budget_.depth), ""};
    }
    Open next;
    next.node.kind = kind;
    next.node.flow = style == YAML::EmitterStyle::Flow;
    next.node.start = next.node.flow ? skip_properties(text_, at) : at;
    next.node.tag = local_tag(tag);
    next.anchor = anchor;
    open_.push_back(std::move(next));
  }

  // The parser also treats an unclosed bracket as the beginning of a key.
  [[noreturn]] void complex_key(std::uint32_t at) const {
    if (is_never_closed(text_, at)) {
      throw Stop{at, "this bracket is never closed", "close it, or put the text into quotes"};
    }
    throw Stop{at, "a key must be a word, not a list or a mapping", ""};
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    remember(done.node, done.anchor, done.nodes, done.bytes);
    const bool begins_later = !done.node.flow;
    const std::uint32_t start = done.node.start;
    add(std::move(done.node), start, done.nodes, done.bytes, begins_later);
  }

  void finish(Node node, YAML::anchor_t anchor, bool begins_later) {
    charge(node.start, 1, 0);
    const std::size_t bytes = node.text.size();
    node.at = mark_of(node.start);
    remember(node, anchor, 1, bytes);
    const std::uint32_t start = node.start;
    add(std::move(node), start, 1, bytes, begins_later);
  }

  void remember(const Node& node, YAML::anchor_t anchor, std::size_t nodes, std::size_t bytes) {
    if (anchor == 0) return;
    charge(node.start, nodes, bytes);
    anchors_.insert_or_assign(anchor, Anchored{node, nodes, bytes});
  }

  // Puts a finished node into its parent. A node that begins on a later line gets the place of its
  // key.
  void add(Node node, std::uint32_t start, std::size_t nodes, std::size_t bytes,
           bool begins_later) {
    node.at = mark_of(start);
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    parent.nodes += nodes;
    parent.bytes += bytes;
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (!parent.key) {
      if (node.is_list() || node.is_mapping()) {
        complex_key(start);
      }
      node.kind = Node::Kind::scalar;  // as a key, `null` is an ordinary word
      parent.key = std::move(node);
      return;
    }
    if (begins_later) node.at = parent.key->at;
    const bool is_merge = parent.key->text == "<<" && !parent.key->in_quotes;
    if (is_merge) {
      parent.node.merged = true;
      mistakes_.error(parent.key->at, "`<<` (merge keys) is not supported",
                      "write the keys out, or put an anchor on a whole value and use `*name`");
    } else {
      parent.node.keys.push_back(std::move(*parent.key));
      parent.node.items.push_back(std::move(node));
    }
    parent.key.reset();
  }

  std::string_view text_;
  Budget budget_;
  Mistakes& mistakes_;
  std::uint32_t source_;
  std::uint32_t offset_;
  bool hides_pairs_;  // the parser reads a text without surrogate pairs
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::optional<Node> root_;
  std::optional<std::uint32_t> last_quote_;
  std::size_t nodes_ = 0;
  std::size_t copied_bytes_ = 0;
  int documents_ = 0;
};

// A stream that reads a text in memory without a copy.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // an input buffer only reads
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == name) return &items[i];
  }
  return nullptr;
}

Node* Node::find(std::string_view name) {
  return const_cast<Node*>(std::as_const(*this).find(name));
}

Node& Node::value_of(const Node& key) {
  if (Node* found = find(key.text)) return *found;
  kind = Kind::mapping;  // `billing:` without a value was read as nothing
  text.clear();
  keys.push_back(key);
  Node& value = items.emplace_back();
  value.at = key.at;
  return value;
}

void Node::erase(std::string_view name) {
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const Node& each) { return each.text == name; });
  if (key == keys.end()) return;
  items.erase(items.begin() + (key - keys.begin()));
  keys.erase(key);
}

Node scalar_node(std::string text, Mark at) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  node.at = at;
  return node;
}

std::optional<Node> parse_yaml(std::string_view text, const Budget& budget, Mistakes& mistakes,
                               std::uint32_t source, std::uint32_t offset) {
  const bool hides_pairs = has_surrogate_pairs(text);
  const std::string without_pairs = hides_pairs ? hide_surrogate_pairs(text) : "";
  Builder builder(text, budget, mistakes, source, offset, hides_pairs);
  const auto report = [&](const SyntaxError& said) {
    mistakes.error({source, offset + said.at}, said.message, said.suggestion);
    return std::nullopt;
  };
  try {
    TextBuffer buffer(hides_pairs ? without_pairs : text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return report(stop);
  } catch (const YAML::Exception& exception) {
    const auto end = static_cast<std::uint32_t>(text.size());
    const auto said_at = static_cast<std::uint32_t>(exception.mark.pos);
    const std::uint32_t at = exception.mark.pos < 0 ? end : std::min(said_at, end);
    return report(explain_syntax_error(exception.msg, text, at));
  }
  if (builder.last_quote() && !closing_quote(text, *builder.last_quote())) {
    return report({*builder.last_quote(), "this quote is never closed",
                   "write the same quote at the end of the text"});
  }
  std::optional<Node> root = builder.take_root();
  if (!root) {
    root.emplace();
    root->at = {source, offset};
  }
  return root;
}

void rename_keys(Node& root, const std::vector<ReadAs>& meant) {
  if (meant.empty()) return;
  for (Node& key : root.keys) {
    const auto found = std::find_if(meant.begin(), meant.end(),
                                    [&](const ReadAs& each) { return each.key == key.at; });
    if (found != meant.end() && !root.find(found->name)) key.text = found->name;
  }
  for (Node& item : root.items) rename_keys(item, meant);
}

std::vector<std::pair<const Node&, const Node&>> entries_of(Mistakes& mistakes,
                                                            const Node& mapping) {
  std::vector<std::pair<const Node&, const Node&>> entries;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    const Node& key = mapping.keys[i];
    if (names.insert(key.text).second) {
      entries.emplace_back(key, mapping.items[i]);
    } else {
      mistakes.error(key.at, fmt::format("{} appears twice", quoted(key.text)),
                     "remove one of them");
    }
  }
  return entries;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing: return "nothing";
    case Node::Kind::list: return "a list";
    case Node::Kind::mapping: return "a mapping";
    case Node::Kind::scalar: break;
  }
  return node.text.empty() ? "an empty text" : quoted(node.text);
}

bool is_wrong(const Mistakes& mistakes, const Node& node) {
  const auto wrong = [&](const Node& each) { return is_wrong(mistakes, each); };
  return mistakes.is_wrong(node.at) || std::any_of(node.keys.begin(), node.keys.end(), wrong) ||
         std::any_of(node.items.begin(), node.items.end(), wrong);
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1 + node.keys.size();
  for (const Node& item : node.items) count += count_nodes(item);
  return count;
}

Mark end_of(const Node& node, std::string_view source_text) {
  if (node.alias) return {node.at.source, end_of_alias(source_text, node.at.offset)};
  if (node.is_nothing() && node.text.empty()) return node.at;
  // `at.offset - start` would be wrong, because the `at` of a block is its key. So the end is found
  // from the children.
  const auto mark_at = [&](std::uint32_t offset) { return Mark{node.at.source, offset}; };
  if (node.is_scalar() || node.is_nothing()) {
    return mark_at(end_of_scalar(source_text, node.at.offset, node.text, node.in_quotes));
  }
  std::uint32_t end = node.at.offset + (node.flow ? 1 : 0);
  // The last of its values that is not from a `--set`.
  std::size_t count = node.items.size();
  while (count > 0 && node.items[count - 1].at.source != node.at.source) --count;
  if (count > 0) {
    const Node& last = node.items[count - 1];
    end = std::max(end, end_of(last, source_text).offset);
    if (last.flow && !last.alias) ++end;  // after its bracket
    if (node.is_mapping() && last.is_nothing()) {
      end = std::max(end, end_of(node.keys[count - 1], source_text).offset);
    }
  }
  return mark_at(node.flow ? closing_bracket(source_text, end) : end);
}

}  // namespace trimhorizon::reader
