// JSON: a writer that appends to a string, and a parsed value. A parsed number keeps its text,
// because a sequence number has 56 digits.
//
// Always:
//  1. The writer makes valid UTF-8: broken bytes become U+FFFD.
//  2. Members keep their order; the writer never sorts or drops one.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trimhorizon {

struct Json;

class JsonWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  JsonWriter(const JsonWriter&) = delete;
  // Appends to `out`, which must outlive the writer. `indent` is the number of spaces for each
  // level; 0: all on one line.
  // With a `sink`, a long text goes there in parts, and `out` holds what is left.
  explicit JsonWriter(std::string& out, int indent = 0, Sink sink = {})
      : out_(out), indent_(indent), sink_(std::move(sink)) {}

  // REQUIRES: calls of begin and end match, and each value of an object comes after its key().
  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(const Json& json);
  template <std::integral T>
  void value(T number) {
    if constexpr (std::same_as<T, bool>) {
      raw(number ? "true" : "false");
    } else if constexpr (std::signed_integral<T>) {
      write_signed(number);
    } else {
      write_unsigned(number);
    }
  }
  void null() { raw("null"); }
  // Writes the value, or null when there is none.
  template <class T>
  void value(const std::optional<T>& what) {
    what ? value(*what) : null();
  }
  void raw(std::string_view json);  // appends a value that is already JSON

  // Writes key(name), then value(what).
  template <class T>
  void member(std::string_view name, const T& what) {
    key(name);
    value(what);
  }

  // Writes an object or an array; `inside` writes its content.
  template <class F>
  requires std::invocable<F>
  void object(F inside) {
    begin_object();
    inside();
    end_object();
  }
  template <class F>
  void object(std::string_view name, F inside) {
    key(name);
    object(inside);
  }
  template <class F>
  requires std::invocable<F>
  void list(F inside) {
    begin_array();
    inside();
    end_array();
  }
  template <class F>
  requires std::invocable<F>
  void list(std::string_view name, F inside) {
    key(name);
    list(inside);
  }
  // Writes a list; each item is a value.
  template <class Range>
  requires requires(const Range& items) { items.begin(); }
  void list(std::string_view name, const Range& items) {
    list(name, [&] {
      for (const auto& item : items) value(item);
    });
  }

  // Writes a list; each item is an object whose content `inside(item)` writes.
  template <class Range, class F>
  requires requires(const Range& items) { items.begin(); }
  void objects(std::string_view name, const Range& items, F inside) {
    list(name, [&] {
      for (const auto& item : items) object([&] { inside(item); });
    });
  }

  bool complete() const { return open_.empty(); }

 private:
  struct Open {  // an object or an array that is not ended
    bool is_object;
    bool empty = true;
  };

  void before_value();
  void next_element();
  void begin(char bracket);
  void end(char bracket);
  void new_line();
  void write_signed(std::int64_t number);
  void write_unsigned(std::uint64_t number);

  std::string& out_;
  int indent_;
  Sink sink_;
  std::vector<Open> open_;
  bool after_key_ = false;
};

// The text in quotes and escaped; or the same appended to `out`.
std::string json_string(std::string_view text);
void append_json_string(std::string& out, std::string_view text);

struct Json {
  struct Number {
    std::string text;
    friend bool operator==(const Number&, const Number&) = default;
  };
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  std::variant<std::nullptr_t, bool, Number, std::string, Array, Object> value = nullptr;

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
  const bool* boolean() const { return std::get_if<bool>(&value); }
  const std::string* number() const {
    const auto* n = std::get_if<Number>(&value);
    return n ? &n->text : nullptr;
  }
  const std::string* string() const { return std::get_if<std::string>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const Object* object() const { return std::get_if<Object>(&value); }
  // The member with this name, or null. When several have the name, the last one, as most readers
  // do.
  const Json* find(std::string_view name) const;

  friend bool operator==(const Json& a, const Json& b);
};

// Deeper nesting is an error, because a deep recursion could use up the stack.
inline constexpr int json_depth_budget = 64;

// The value, or a message: "line 1, column 5: ...". Never throws for a wrong text.
std::variant<Json, std::string> parse_json(std::string_view text);

}  // namespace trimhorizon
