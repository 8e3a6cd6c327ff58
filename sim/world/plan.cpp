#include "sim/world/plan.hpp"

namespace trimhorizon {
namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

std::int64_t Plan::wall_ms(Instant t) const { return epoch_ms + floor_div(t.us, 1000); }

std::string ProducerPlan::record_id(std::uint64_t number) const {
  if (number < records.size()) return records[number].id;
  return settings.ids + std::to_string(number);
}

std::int64_t ProducerPlan::data_bytes(std::uint64_t number) const {
  if (number < records.size()) return static_cast<std::int64_t>(records[number].data.size());
  return settings.load->size_bytes;
}

std::string ProducerPlan::data(std::uint64_t number) const {
  if (number < records.size()) return records[number].data;
  std::string text = record_id(number);
  if (static_cast<std::int64_t>(text.size()) < settings.load->size_bytes) {
    text.resize(static_cast<std::size_t>(settings.load->size_bytes), ' ');
  }
  return text;
}

}  // namespace trimhorizon
