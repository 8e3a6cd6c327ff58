#include "sim/kinesis/sequence_number.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/text.hpp"

namespace trimhorizon {
namespace {

// 192 bits; the lowest word comes first.
using Number = std::array<std::uint64_t, 3>;

// The fields of KDS-SHD-09, counted from the lowest bit. Each is a whole number of hex digits.
struct Field {
  unsigned at;
  unsigned bits;
};
constexpr Field tail_mark{0, 4};  // always 2
constexpr Field shard{4, 32};
constexpr Field arrival{36, 36};
constexpr Field unknown{72, 8};  // 0 in all numbers that anyone has seen
constexpr Field index_field{80, 64};
constexpr Field shard_digit{144, 4};
constexpr Field created{148, 36};
constexpr Field version{184, 4};  // always 2
constexpr unsigned total_bits = 188;

constexpr std::uint64_t version_2 = 2;
constexpr std::uint64_t low_digit = 0xf;

constexpr std::uint64_t mask(unsigned bits) {
  return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

void put(Number& number, Field field, std::uint64_t value) {
  const unsigned word = field.at / 64;
  const unsigned offset = field.at % 64;
  number[word] |= value << offset;
  if (offset + field.bits > 64) number[word + 1] |= value >> (64 - offset);
}

std::uint64_t get(const Number& number, Field field) {
  const unsigned word = field.at / 64;
  const unsigned offset = field.at % 64;
  std::uint64_t value = number[word] >> offset;
  if (offset + field.bits > 64) value |= number[word + 1] << (64 - offset);
  return value & mask(field.bits);
}

// 0|([1-9]\d{0,128})
bool has_the_pattern(std::string_view decimal) {
  constexpr std::size_t most_digits = 129;
  if (decimal.empty() || decimal.size() > most_digits) return false;
  if (decimal[0] == '0' && decimal.size() > 1) return false;
  return std::all_of(decimal.begin(), decimal.end(), is_digit);
}

// nullopt when the number needs more than 192 bits.
std::optional<Number> read_decimal(std::string_view decimal) {
  Number number{};
  for (const char c : decimal) {
    auto carry = static_cast<unsigned __int128>(c - '0');
    for (std::uint64_t& word : number) {
      carry += static_cast<unsigned __int128>(word) * 10;
      word = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    if (carry != 0) return std::nullopt;
  }
  return number;
}

// Divides `number` by 10^19, the highest power of ten that fits into one word. Returns the
// remainder.
std::uint64_t take_nineteen_digits(Number& number) {
  constexpr std::uint64_t divisor = 10'000'000'000'000'000'000u;
  unsigned __int128 rest = 0;
  for (std::size_t i = number.size(); i-- > 0;) {
    const unsigned __int128 part = rest << 64 | number[i];
    number[i] = static_cast<std::uint64_t>(part / divisor);
    rest = part % divisor;
  }
  return static_cast<std::uint64_t>(rest);
}

std::string write_decimal(Number number) {
  const std::uint64_t low = take_nineteen_digits(number);
  const std::uint64_t middle = take_nineteen_digits(number);
  // contains the version, 2, so it is never 0
  const std::uint64_t high = take_nineteen_digits(number);
  return fmt::format("{}{:019}{:019}", high, middle, low);
}

}  // namespace

std::string sequence_number_text(const SequenceFields& fields) {
  TH_CHECK(fields.shard_created_s >= 0 && fields.shard_created_s <= latest_second);
  TH_CHECK(fields.arrival_s >= 0 && fields.arrival_s <= latest_second);
  Number number{};
  put(number, version, version_2);
  put(number, created, static_cast<std::uint64_t>(fields.shard_created_s));
  put(number, shard_digit, fields.shard_number & low_digit);
  put(number, index_field, fields.index);
  put(number, arrival, static_cast<std::uint64_t>(fields.arrival_s));
  put(number, shard, fields.shard_number);
  put(number, tail_mark, version_2);
  return write_decimal(number);
}

std::optional<SequenceFields> parse_sequence_number(std::string_view decimal) {
  if (!has_the_pattern(decimal)) return std::nullopt;
  const std::optional<Number> number = read_decimal(decimal);
  if (!number || number->back() >> (total_bits - 128) != 0) return std::nullopt;

  const SequenceFields fields{
      .shard_created_s = static_cast<std::int64_t>(get(*number, created)),
      .index = get(*number, index_field),
      .arrival_s = static_cast<std::int64_t>(get(*number, arrival)),
      .shard_number = static_cast<std::uint32_t>(get(*number, shard)),
  };
  const bool marked = get(*number, version) == version_2 && get(*number, tail_mark) == version_2;
  const bool same_shard = get(*number, shard_digit) == (fields.shard_number & low_digit);
  if (!marked || !same_shard || get(*number, unknown) != 0) return std::nullopt;
  return fields;
}

int compare_sequence_numbers(std::string_view a, std::string_view b) {
  const auto significant = [](std::string_view text) {
    TH_CHECK(!text.empty() && std::all_of(text.begin(), text.end(), is_digit));
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    return text;
  };
  // KDS-SHD-07: sequence numbers are integers. A comparison as strings is wrong when their lengths
  // differ.
  const std::string_view x = significant(a);
  const std::string_view y = significant(b);
  const bool as_integers = TH_RULE(sequence_numbers_compare_as_integers, true, false);
  if (as_integers && x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  const int order = x.compare(y);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::optional<std::uint64_t> position_of_index(std::uint64_t index) {
  if (index % 7 != 1) return std::nullopt;
  return index / 7;
}

std::string shard_id_text(std::uint32_t shard_number) {
  return fmt::format("shardId-{:012}", shard_number);
}

std::optional<std::uint32_t> parse_shard_id(std::string_view text) {
  constexpr std::string_view prefix = "shardId-";
  constexpr std::size_t digits = 12;
  if (!text.starts_with(prefix) || text.size() != prefix.size() + digits) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text.substr(prefix.size())) {
    if (!is_digit(c)) return std::nullopt;
    number = 10 * number + static_cast<std::uint64_t>(c - '0');
  }
  if (number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

}  // namespace trimhorizon
