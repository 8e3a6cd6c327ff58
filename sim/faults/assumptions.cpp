#include "sim/faults/assumptions.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

// "a, b, c" -> {"a", "b", "c"}. The preprocessor made the text, so the commas are always followed
// by one space.
std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    words.push_back(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 2);
  }
  return words;
}

}  // namespace

const std::vector<AssumptionInfo>& assumption_table() {
  static const std::vector<AssumptionInfo> table = {
#define TH_ROW(name, rule, ...) {Assumption::name, #name, rule, words_of(#__VA_ARGS__)},
      TH_ASSUMPTIONS(TH_ROW)
#undef TH_ROW
          {Assumption::retry_backoff, "retry_backoff", "CON-19 ESM-RTY-06", {}},
      {Assumption::throttle_backoff, "throttle_backoff", "CON-19 ESM-RTY-06", {}},
      {Assumption::on_demand_split_delay, "on_demand_split_delay", "KDS-LIM-12", {}},
      {Assumption::poller_failover, "poller_failover", "ESM-POL-17", {}},
      {Assumption::child_start_delay, "child_start_delay", "ESM-POL-20", {}},
      {Assumption::kpl_call_time, "kpl_call_time", "CON-14", {}},
  };
  return table;
}

bool nothing_asks_for(Assumption which) {
  using enum Assumption;
  // These belong to lanes and windows, which are not built yet.
  static constexpr Assumption unasked[] = {lanes, lane_blocks, final_window_failure,
                                           lane_checkpoint};
  return std::find(std::begin(unasked), std::end(unasked), which) != std::end(unasked);
}

bool only_measures(Assumption which) { return which == Assumption::iterator_age; }

void set_assumption(Assumptions& assumptions, Assumption which, std::uint32_t value_index) {
  switch (which) {
#define TH_SET(name, rule, ...) \
  case Assumption::name: assumptions.name = static_cast<assume::name>(value_index); return;
    TH_ASSUMPTIONS(TH_SET)
#undef TH_SET
    default: TH_CHECK(!"this switch has no enumerated values");
  }
}

std::uint32_t get_assumption(const Assumptions& assumptions, Assumption which) {
  switch (which) {
#define TH_GET(name, rule, ...) \
  case Assumption::name: return static_cast<std::uint32_t>(assumptions.name);
    TH_ASSUMPTIONS(TH_GET)
#undef TH_GET
    default: return 0;
  }
}

}  // namespace trimhorizon
