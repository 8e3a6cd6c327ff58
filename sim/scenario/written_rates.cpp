#include "sim/scenario/written_rates.hpp"

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/format/quantity.hpp"
#include "sim/producer/arrivals.hpp"

namespace trimhorizon {

std::vector<Override> written_rates(const Scenario& scenario, std::uint64_t records) {
  std::vector<Override> settings;
  for (const ProducerEntry& producer : scenario.producers) {
    if (producer.rate_file.empty() || !producer.settings.load) continue;
    const GeneratedLoad& load = *producer.settings.load;
    const std::vector<std::uint64_t> counts = records_by_step(load);
    std::string list;
    std::uint64_t so_far = 0;
    Duration ends;
    for (std::size_t i = 0; i < counts.size() && so_far <= records; ++i) {
      const RateStep& step = load.rate[i];
      TH_CHECK(hours(1).us % step.per.us == 0);  // so that it can be written without a rest
      list += fmt::format("{}{{from: {}, rate: {}/h", list.empty() ? "" : ", ",
                          reader::written(step.from - Instant{}),
                          step.events_millionths / 1'000'000 * (hours(1).us / step.per.us));
      if (step.size_bytes) list += fmt::format(", size: {}B", *step.size_bytes);
      list += "}";
      so_far += counts[i];
      ends = step.from - Instant{} + step.per;
    }
    const std::string path = "producers." + producer.name;
    settings.push_back({path + ".rate", "[" + list + "]"});
    if (load.lasts) {
      settings.push_back({path + ".for", reader::written(std::min(ends, *load.lasts))});
    }
  }
  return settings;
}

}  // namespace trimhorizon
