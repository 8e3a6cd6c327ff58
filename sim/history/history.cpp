#include "sim/history/history.hpp"

#include "sim/world/world.hpp"

namespace trimhorizon {

void History::on(const Happened& event, const World& world) {
  std::visit(
      [&]<class Event>(const Event& e) {
        digest.on(event, e);
        ledger.on(e, world);
        metrics.on(e, world);
        invariants.on(e, world, &ledger);
        situations.on(e, world);
        traffic.on(e, world);
        streams.on(event, e, world);
        if constexpr (std::is_same_v<Event, MessageSent>) letters.on(e, world);
        if constexpr (std::is_same_v<Event, Settled>) latency.on(e, world);
        if constexpr (std::is_same_v<Event, Put>) {
          stored += e.stored();
          // What KPL takes is counted by its producer: each call may have a record again.
          const bool by_kpl = world.producers[e.producer.value].kpl.has_value();
          if (e.tries == 1 && !by_kpl) produced += e.records();
        }
      },
      event.what);
}

void History::on_run(const PutRun& run, const World& world) {
  digest.on_run(run);
  invariants.on_run(run, world);
  traffic.on_run(run, world);
  streams.on_run(run, world);
  produced += run.calls.size();
  stored += run.calls.size();
}

}  // namespace trimhorizon
