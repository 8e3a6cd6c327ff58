#include "sim/base/parse_time.hpp"

#include <chrono>
#include <string>

#include "sim/base/text.hpp"

namespace trimhorizon {
namespace {

// Takes pieces from the front of a text, and notes whether all of them were as wanted.
struct Scanner {
  std::string_view rest;
  bool fine = true;

  bool accept(std::string_view wanted) {
    if (!rest.starts_with(wanted)) return false;
    rest.remove_prefix(wanted.size());
    return true;
  }
  void expect(std::string_view wanted) { fine = accept(wanted) && fine; }
  std::string_view all_digits() {
    const std::string_view digits = rest.substr(0, rest.find_first_not_of("0123456789"));
    rest.remove_prefix(digits.size());
    return digits;
  }
  int number(std::size_t digits, int most) {
    const std::string_view text = all_digits();
    const int value = number_in<int>(text).value_or(most + 1);
    fine = fine && text.size() == digits && value <= most;
    return value;
  }
  // Digits after the third must be zeros.
  std::chrono::milliseconds fraction() {
    const std::string digits(all_digits());
    fine = fine && !digits.empty() && digits.find_first_not_of('0', 3) == std::string::npos;
    return std::chrono::milliseconds(number_in<int>((digits + "000").substr(0, 3)).value_or(0));
  }
};

}  // namespace

std::optional<std::int64_t> parse_wall_time_ms(std::string_view text) {
  namespace chrono = std::chrono;
  Scanner in{text};
  const chrono::year year(in.number(4, 9999));
  in.expect("-");
  const chrono::month month(static_cast<unsigned>(in.number(2, 12)));
  in.expect("-");
  const chrono::year_month_day date(year, month, chrono::day(unsigned(in.number(2, 31))));
  if (!in.fine || !date.ok() || year < chrono::year(1970)) return std::nullopt;
  chrono::milliseconds since_1970 = chrono::sys_days(date).time_since_epoch();
  if (in.rest.empty()) return since_1970.count();

  if (!in.accept("T") && !in.accept("t")) in.expect(" ");
  since_1970 += chrono::hours(in.number(2, 23));
  in.expect(":");
  since_1970 += chrono::minutes(in.number(2, 59));
  if (in.accept(":")) {
    since_1970 += chrono::seconds(in.number(2, 59));
    if (in.accept(".")) since_1970 += in.fraction();
  }
  if (!in.accept("Z") && !in.accept("z")) in.expect("+00:00");
  if (!in.fine || !in.rest.empty()) return std::nullopt;
  return since_1970.count();
}

}  // namespace trimhorizon
