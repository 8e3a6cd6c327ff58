#include "sim/base/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/check.hpp"
#include "sim/base/medium.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t part_bytes = 1 << 16;  // for a sink

constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         c != '"' && c != '\\';
}

// Appends one character that needs an escape. Returns how many bytes of `text` it used.
std::size_t append_escaped(std::string& out, std::string_view text, std::size_t at) {
  const char c = text[at];
  switch (c) {
    case '"': out += "\\\""; return 1;
    case '\\': out += "\\\\"; return 1;
    case '\b': out += "\\b"; return 1;
    case '\f': out += "\\f"; return 1;
    case '\n': out += "\\n"; return 1;
    case '\r': out += "\\r"; return 1;
    case '\t': out += "\\t"; return 1;
    default: break;
  }
  const CodePoint point = decode_utf8(text, at);
  if (point.valid && is_hostile(point.value) && point.value < 0x10000) {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
  } else {
    out += point.valid ? text.substr(at, point.bytes) : std::string_view("\xef\xbf\xbd");
  }
  return point.bytes;
}

// Builds a Json from the events of the parser. The depth budget bounds the path of open containers.
// Pointers into the path stay valid, because only the innermost container grows.
class Builder {
 public:
  using Sax = nlohmann::json;

  bool null() { return put(Json{nullptr}); }
  bool boolean(bool b) { return put(Json{b}); }
  bool number_integer(Sax::number_integer_t n) { return put_number(fmt::format("{}", n)); }
  bool number_unsigned(Sax::number_unsigned_t n) { return put_number(fmt::format("{}", n)); }
  bool number_float(Sax::number_float_t, const std::string& text) { return put_number(text); }
  bool string(std::string& text) { return put(Json{std::move(text)}); }
  bool binary(Sax::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json{Json::Object{}}); }
  bool start_array(std::size_t) { return open(Json{Json::Array{}}); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    std::get<Json::Object>(path_.back()->value).emplace_back(std::move(name), Json{});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
    error_ = error.what();
    // Removes the number of the library's own message.
    const std::size_t where = error_.find("line ");
    if (where != std::string::npos) error_.erase(0, where);
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& error() const { return error_; }

 private:
  bool put_number(std::string text) { return put(Json{Json::Number{std::move(text)}}); }
  bool put(Json&& json) {
    place(std::move(json));
    return true;
  }
  bool open(Json&& container) {
    if (path_.size() >= json_depth_budget) {
      error_ = fmt::format("nested deeper than {} levels", json_depth_budget);
      return false;
    }
    path_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    path_.pop_back();
    return true;
  }
  Json* place(Json&& json) {
    if (path_.empty()) return &(root_ = std::move(json));
    if (auto* array = std::get_if<Json::Array>(&path_.back()->value)) {
      return &array->emplace_back(std::move(json));
    }
    Json& member = std::get<Json::Object>(path_.back()->value).back().second;
    return &(member = std::move(json));
  }

  Json root_;
  std::vector<Json*> path_;
  std::string error_;
};

}  // namespace

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    out += text.substr(at, end - at);
    at = end;
    if (at < text.size()) at += append_escaped(out, text, at);
  }
  out += '"';
}

void JsonWriter::new_line() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(open_.size() * static_cast<std::size_t>(indent_), ' ');
}

// The comma and the line break before an element.
void JsonWriter::next_element() {
  if (!open_.back().empty) out_ += ',';
  open_.back().empty = false;
  if (sink_ && out_.size() >= part_bytes) {
    sink_(out_);
    out_.clear();
  }
  new_line();
}

void JsonWriter::before_value() {
  if (after_key_) {  // the key has the comma of its member
    after_key_ = false;
  } else if (!open_.empty()) {
    TH_CHECK(!open_.back().is_object);
    next_element();
  }
}

void JsonWriter::key(std::string_view name) {
  TH_CHECK(!after_key_ && !open_.empty() && open_.back().is_object);
  next_element();
  append_json_string(out_, name);
  out_ += indent_ == 0 ? ":" : ": ";
  after_key_ = true;
}

void JsonWriter::begin(char bracket) {
  before_value();
  out_ += bracket;
  open_.push_back({bracket == '{'});
}

void JsonWriter::end(char bracket) {
  TH_CHECK(!after_key_ && !open_.empty() && open_.back().is_object == (bracket == '}'));
  const bool was_empty = open_.back().empty;
  open_.pop_back();
  if (!was_empty) new_line();
  out_ += bracket;
}

void JsonWriter::begin_object() { begin('{'); }
void JsonWriter::end_object() { end('}'); }
void JsonWriter::begin_array() { begin('['); }
void JsonWriter::end_array() { end(']'); }

void JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(out_, text);
}

void JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
}

void JsonWriter::write_signed(std::int64_t number) {
  const fmt::format_int digits(number);
  raw({digits.data(), digits.size()});
}

void JsonWriter::write_unsigned(std::uint64_t number) {
  const fmt::format_int digits(number);
  raw({digits.data(), digits.size()});
}

void JsonWriter::value(const Json& json) {
  std::visit(overloaded{
                 [&](std::nullptr_t) { null(); },
                 [&](bool b) { value(b); },
                 [&](const Json::Number& n) { raw(n.text); },
                 [&](const std::string& text) { value(text); },
                 [&](const Json::Array& array) {
                   begin_array();
                   for (const Json& element : array) value(element);
                   end_array();
                 },
                 [&](const Json::Object& object) {
                   begin_object();
                   for (const auto& [name, element] : object) member(name, element);
                   end_object();
                 },
             },
             json.value);
}

const Json* Json::find(std::string_view name) const {
  const Object* members = object();
  if (!members) return nullptr;
  for (auto it = members->rbegin(); it != members->rend(); ++it) {
    if (it->first == name) return &it->second;
  }
  return nullptr;
}

bool operator==(const Json& a, const Json& b) { return a.value == b.value; }

std::variant<Json, std::string> parse_json(std::string_view text) {
  Builder builder;
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.take();
  return builder.error();
}

}  // namespace trimhorizon
