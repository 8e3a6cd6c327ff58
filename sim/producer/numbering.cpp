#include "sim/producer/numbering.hpp"

#include <algorithm>

namespace trimhorizon {

std::optional<std::uint64_t> record_number(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value >= record_numbers_end) return std::nullopt;
  }
  return value;
}

std::optional<std::uint64_t> record_number(std::string_view id, std::string_view prefix) {
  if (!id.starts_with(prefix)) return std::nullopt;
  return record_number(id.substr(prefix.size()));
}

std::uint64_t most_records(const GeneratedLoad& load) {
  if (load.records) return *load.records;
  using Wide = unsigned __int128;
  const auto wide = [](std::int64_t n) { return static_cast<Wide>(n); };
  const Instant end = load.rate.front().from + load.lasts.value_or(Duration{});
  Wide sum = 0;  // in millionths of a record
  for (std::size_t i = 0; i < load.rate.size(); ++i) {
    const RateStep& step = load.rate[i];
    const Instant until = i + 1 < load.rate.size() ? std::min(load.rate[i + 1].from, end) : end;
    if (until <= step.from) continue;
    sum += wide(step.events_millionths) * wide((until - step.from).us) / wide(step.per.us);
  }
  Wide records = sum / 1'000'000;
  if (load.arrivals == Arrivals::poisson) records = records * 2 + 1'000;
  return records > record_numbers_end ? record_numbers_end : static_cast<std::uint64_t>(records);
}

}  // namespace trimhorizon
