#include "sim/scenario/record_ids.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/text.hpp"
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

// The first of them that makes this id. The number in an id is some of its last digits, so only a
// few prefixes are possible.
const GeneratedIds* RecordIds::first_with(const std::vector<GeneratedIds>& all, const ByPrefix& by,
                                          std::string_view id,
                                          bool (GeneratedIds::*fits)(std::string_view) const) {
  std::size_t first = all.size();
  for (std::size_t length = id.size(); length > 0 && is_digit(id[length - 1]); --length) {
    const auto found = by.find(id.substr(0, length - 1));
    if (found == by.end()) continue;
    for (const std::size_t each : found->second) {
      if (each < first && (all[each].*fits)(id)) first = each;
    }
  }
  return first < all.size() ? &all[first] : nullptr;
}

bool RecordIds::add(const std::string& id) {
  if (can_be_made(id)) return false;
  given_.emplace(id, order_.size());
  order_.push_back(id);
  return true;
}

std::optional<std::string> RecordIds::common_with_given(const GeneratedIds& ids) const {
  std::size_t first = order_.size();
  for (auto it = given_.lower_bound(ids.prefix);
       it != given_.end() && it->first.starts_with(ids.prefix); ++it) {
    if (it->second < first && ids.contains(it->first)) first = it->second;
  }
  return first < order_.size() ? std::optional(order_[first]) : std::nullopt;
}

// Two producers can make the same id when the prefix of one is that of the other and some digits.
std::optional<std::string> RecordIds::common_with_generated(const GeneratedIds& ids) const {
  std::vector<std::size_t> related;
  const auto add = [&](const std::vector<std::size_t>& some) {
    related.insert(related.end(), some.begin(), some.end());
  };
  for (auto it = generated_by_prefix_.lower_bound(ids.prefix);
       it != generated_by_prefix_.end() && it->first.starts_with(ids.prefix); ++it) {
    add(it->second);
  }
  const std::string_view prefix = ids.prefix;
  for (std::size_t end = prefix.size(); end > 0 && is_digit(prefix[end - 1]); --end) {
    const auto shorter = generated_by_prefix_.find(prefix.substr(0, end - 1));
    if (shorter != generated_by_prefix_.end()) add(shorter->second);
  }
  std::sort(related.begin(), related.end());
  for (const std::size_t each : related) {
    const GeneratedIds& other = generated_[each];
    const bool other_is_longer = other.prefix.size() > prefix.size();
    const GeneratedIds& longer_ids = other_is_longer ? other : ids;
    const GeneratedIds& shorter_ids = other_is_longer ? ids : other;
    const std::string_view digits =
        std::string_view(longer_ids.prefix).substr(shorter_ids.prefix.size());
    if (auto common = common_id(shorter_ids, longer_ids, digits)) return common;
  }
  return std::nullopt;
}

std::optional<std::string> RecordIds::add(GeneratedIds ids) {
  std::optional<std::string> common = common_with_given(ids);
  if (!common) common = common_with_generated(ids);
  generated_by_prefix_[ids.prefix].push_back(generated_.size());
  generated_.push_back(std::move(ids));
  return common;
}

bool RecordIds::can_be_made(std::string_view id) const {
  return given_.find(id) != given_.end() ||
         first_with(generated_, generated_by_prefix_, id, &GeneratedIds::contains) != nullptr;
}

void RecordIds::add_numbering(std::string producer, std::string prefix, std::uint64_t count) {
  numberings_by_prefix_[prefix].push_back(numberings_.size());
  numberings_.push_back({std::move(producer), std::move(prefix), 0, count});
}

bool RecordIds::fits_a_numbering(std::string_view id) const {
  return first_with(numberings_, numberings_by_prefix_, id, &GeneratedIds::would_contain) !=
         nullptr;
}

std::string RecordIds::suggestion_for(std::string_view id) const {
  constexpr std::size_t compared_max = 1'000;
  if (order_.empty() && generated_.empty()) return "no producer puts any record";
  if (const GeneratedIds* ids =
          first_with(numberings_, numberings_by_prefix_, id, &GeneratedIds::would_contain)) {
    return fmt::format("{} puts {} record{}", quoted(ids->producer), ids->end,
                       ids->end == 1 ? "" : "s");
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
