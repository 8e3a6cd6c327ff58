#include "sim/scenario/record_ids.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/producer/numbering.hpp"
#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::size_t digits_max = 15;  // digits of record_numbers_end

// The lowest id that both `a` and `b` can make. The prefix of `b` is the prefix of `a` followed by
// `digits`, so a number of `b` after these digits may be a number of `a`.
std::optional<std::string> common_id(const GeneratedIds& a, const GeneratedIds& b,
                                     std::string_view digits) {
  const std::optional<std::uint64_t> head = record_number(digits);
  if (!digits.empty() && (!head || *head == 0)) return std::nullopt;
  std::uint64_t ten_to_length = 10;
  for (std::size_t length = 1; length + digits.size() <= digits_max; ++length) {
    const std::uint64_t lowest = length == 1 ? 0 : ten_to_length / 10;
    const std::uint64_t base = head.value_or(0) * ten_to_length;
    // All n in [lowest, 10^length) of b give the numbers base + n of a.
    const std::uint64_t first = std::max({lowest, b.first, a.first > base ? a.first - base : 0});
    const std::uint64_t end = std::min({ten_to_length, b.end, a.end > base ? a.end - base : 0});
    if (first < end) return fmt::format("{}{}", b.prefix, first);
    ten_to_length *= 10;
  }
  return std::nullopt;
}

}  // namespace

bool GeneratedIds::contains(std::string_view id) const {
  const std::optional<std::uint64_t> number = record_number(id, prefix);
  return number && first <= *number && *number < end;
}

bool GeneratedIds::would_contain(std::string_view id) const {
  if (!id.starts_with(prefix)) return false;
  const std::string_view digits = id.substr(prefix.size());
  return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos &&
         (digits.size() == 1 || digits[0] != '0');
}

bool RecordIds::add(const std::string& id) {
  if (can_be_made(id)) return false;
  given_.insert(id);
  order_.push_back(id);
  return true;
}

std::optional<std::string> RecordIds::add(GeneratedIds ids) {
  std::optional<std::string> common;
  for (const std::string& id : order_) {
    if (!common && ids.contains(id)) common = id;
  }
  for (const GeneratedIds& other : generated_) {
    const bool other_is_longer = other.prefix.size() > ids.prefix.size();
    const GeneratedIds& longer_ids = other_is_longer ? other : ids;
    const GeneratedIds& shorter_ids = other_is_longer ? ids : other;
    if (common || !longer_ids.prefix.starts_with(shorter_ids.prefix)) continue;
    const std::string_view digits =
        std::string_view(longer_ids.prefix).substr(shorter_ids.prefix.size());
    common = common_id(shorter_ids, longer_ids, digits);
  }
  generated_.push_back(std::move(ids));
  return common;
}

bool RecordIds::can_be_made(std::string_view id) const {
  if (given_.find(id) != given_.end()) return true;
  return std::any_of(generated_.begin(), generated_.end(),
                     [&](const GeneratedIds& ids) { return ids.contains(id); });
}

void RecordIds::add_numbering(std::string producer, std::string prefix, std::uint64_t count) {
  numberings_.push_back({std::move(producer), std::move(prefix), 0, count});
}

bool RecordIds::fits_a_numbering(std::string_view id) const {
  return std::any_of(numberings_.begin(), numberings_.end(),
                     [&](const GeneratedIds& ids) { return ids.would_contain(id); });
}

std::string RecordIds::suggestion_for(std::string_view id) const {
  constexpr std::size_t compared_max = 1'000;
  if (order_.empty() && generated_.empty()) return "no producer puts any record";
  for (const GeneratedIds& ids : numberings_) {
    if (!ids.would_contain(id)) continue;
    return fmt::format("{} puts {} record{}", quoted(ids.producer), ids.end,
                       ids.end == 1 ? "" : "s");
  }
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < std::min(order_.size(), compared_max); ++i) {
    names.push_back(order_[i]);
  }
  const std::string similar = did_you_mean(id, names);
  if (!similar.empty()) return similar;
  std::string text = "records are called ";
  if (!order_.empty()) return text + quoted(order_.front()) + (order_.size() > 1 ? ", …" : "");
  return text + fmt::format("`{}{}`, …", generated_[0].prefix, generated_[0].first);
}

}  // namespace trimhorizon::reader
