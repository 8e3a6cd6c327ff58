#include "sim/base/parse_time.hpp"

#include <chrono>

namespace trimhorizon {
namespace {

// Takes pieces from the front of the text. Each function fails when the text does not begin as
// wanted.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool accept(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  // Reads the digits of a fraction. The result is in thousandths; all digits after the third must
  // be zeros.
  std::optional<int> thousandths() {
    int value = 0;
    int scale = 100;
    bool any = false;
    while (const std::optional<int> digit = digits(1)) {
      if (scale == 0 && *digit != 0) return std::nullopt;
      value += *digit * scale;
      scale /= 10;
      any = true;
    }
    return any ? std::optional(value) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> read_date_ms(Reader& reader) {
  namespace chrono = std::chrono;
  const std::optional<int> year = reader.digits(4);
  if (!year || !reader.accept("-")) return std::nullopt;
  const std::optional<int> month = reader.digits(2);
  if (!month || !reader.accept("-")) return std::nullopt;
  const std::optional<int> day = reader.digits(2);
  if (!day || *year < 1970) return std::nullopt;
  const chrono::year_month_day date(chrono::year(*year),
                                    chrono::month(static_cast<unsigned>(*month)),
                                    chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const chrono::milliseconds since_1970 = chrono::sys_days(date).time_since_epoch();
  return since_1970.count();
}

std::optional<std::int64_t> read_time_ms(Reader& reader) {
  const std::optional<int> hour = reader.digits(2);
  if (!hour || *hour > 23 || !reader.accept(":")) return std::nullopt;
  const std::optional<int> minute = reader.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t ms = (std::int64_t{*hour} * 60 + *minute) * 60'000;
  if (reader.accept(":")) {
    const std::optional<int> second = reader.digits(2);
    if (!second || *second > 59) return std::nullopt;
    ms += std::int64_t{*second} * 1'000;
    if (reader.accept(".")) {
      const std::optional<int> fraction = reader.thousandths();
      if (!fraction) return std::nullopt;
      ms += *fraction;
    }
  }
  return ms;
}

}  // namespace

std::optional<std::int64_t> parse_wall_time_ms(std::string_view text) {
  Reader reader(text);
  const std::optional<std::int64_t> date_ms = read_date_ms(reader);
  if (!date_ms || reader.at_end()) return date_ms;
  if (!reader.accept("T") && !reader.accept("t") && !reader.accept(" ")) return std::nullopt;
  const std::optional<std::int64_t> time_ms = read_time_ms(reader);
  const bool utc = reader.accept("Z") || reader.accept("z") || reader.accept("+00:00");
  if (!time_ms || !utc || !reader.at_end()) return std::nullopt;
  return *date_ms + *time_ms;
}

}  // namespace trimhorizon
