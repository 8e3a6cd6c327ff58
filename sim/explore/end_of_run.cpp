// Judges the properties at the end of a run, from what the monitor has counted.
#include "sim/explore/end_of_run.hpp"

#include <algorithm>
#include <array>

namespace trimhorizon {
namespace {

// What a record has come to in one mapping.
struct Seen {
  std::uint32_t effects = 0;
  bool discarded = false;
  bool gone = false;
  bool pending = false;

  // A copy is gone that the mapping had promised to process, and no other copy replaces it.
  bool lost() const { return gone && !pending && !has_either(); }
  bool has_either() const { return effects > 0 || discarded; }
  bool concerns() const { return gone || pending || has_either(); }
};

Seen seen(const OutcomeMonitor& monitor, std::uint32_t mapping, std::uint32_t record) {
  return {monitor.effects(mapping, record), monitor.discarded(mapping, record),
          monitor.gone(mapping, record), monitor.pending(mapping, record)};
}

bool holds_in(Property property, const Seen& record) {
  switch (property) {
    case Property::no_loss: return !record.lost();
    case Property::all_processed: return record.effects > 0 || !record.concerns();
    case Property::at_most_once: return record.effects <= 1;
    case Property::destination_exclusive: return record.effects == 0 || !record.discarded;
    default: return true;
  }
}

}  // namespace

EndOfRun look_at_end(const OutcomeMonitor& monitor) {
  EndOfRun end;
  end.stored = monitor.stored();
  for (std::uint32_t r = 0; r < monitor.index().records; ++r) {
    std::uint32_t effects = 0;
    bool discarded = false;
    bool lost = false;
    for (std::uint32_t m = 0; m < monitor.consumers(); ++m) {
      if (!monitor.index().reads(m, r)) continue;
      const Seen here = seen(monitor, m, r);
      effects += here.effects;
      discarded = discarded || here.discarded;
      lost = lost || !here.has_either();
    }
    end.effects.push_back(static_cast<std::uint8_t>(std::min<std::uint32_t>(effects, 255)));
    if (discarded) end.discarded.push_back(r);
    if (lost) end.lost.push_back(r);
  }
  return end;
}

bool cannot_recover(Property property) {
  switch (property) {
    case Property::at_most_once:
    case Property::order_first:
    case Property::order_regress:
    case Property::destination_exclusive: return true;
    default: return false;
  }
}

bool holds_for(Property property, const OutcomeMonitor& monitor, std::uint32_t record) {
  if (property == Property::order_first) return !monitor.order_of_first_broken();
  if (property == Property::order_regress) return !monitor.order_regressed();
  for (std::uint32_t m = 0; m < monitor.consumers(); ++m) {
    if (!holds_in(property, seen(monitor, m, record))) return false;
  }
  return true;
}

bool holds(Property property, const OutcomeMonitor& monitor) {
  if (property == Property::order_first) return !monitor.order_of_first_broken();
  if (property == Property::order_regress) return !monitor.order_regressed();
  for (std::uint32_t r = 0; r < monitor.index().records; ++r) {
    if (!holds_for(property, monitor, r)) return false;
  }
  return true;
}

std::vector<std::uint32_t> records_breaking(Property property, const OutcomeMonitor& monitor) {
  if (property == Property::order_first) {
    if (!monitor.order_of_first_broken()) return {};
    return {monitor.first_broken_record()};
  }
  if (property == Property::order_regress) {
    if (!monitor.order_regressed()) return {};
    return {monitor.regressed_record()};
  }
  std::vector<std::uint32_t> records;
  for (std::uint32_t r = 0; r < monitor.index().records; ++r) {
    if (!holds_for(property, monitor, r)) records.push_back(r);
  }
  return records;
}

}  // namespace trimhorizon
