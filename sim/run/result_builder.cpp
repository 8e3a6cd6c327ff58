#include "sim/run/result_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/run/aws_message.hpp"
#include "sim/run/losses.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

template <std::size_t N, class Name>
Counts named_counts(const std::array<std::uint64_t, N>& values, Name name_of) {
  Counts counts;
  for (std::size_t i = 0; i < N; ++i) {
    if (values[i] > 0) counts.emplace_back(std::string(name_of(i)), values[i]);
  }
  return counts;
}

Counts fates_of(const World& world, MappingId id) {
  std::array<std::uint64_t, fate_count> fates{};
  std::uint64_t& pending = fates[static_cast<std::size_t>(Fate::pending)];
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    if (world.shards[s].stream != world.plan->mapping(id).stream) continue;
    const Account* account = world.history.ledger.find(id, {s});
    pending += world.shards[s].log.end() - (account != nullptr ? account->settled() : 0);
    for (std::size_t f = 0; account != nullptr && f < fate_count; ++f) {
      fates[f] += account->fates(static_cast<Fate>(f));
    }
  }
  return named_counts(fates, [](std::size_t i) { return fate_names[i]; });
}

void add_metrics(const World& world, MappingId id, const Losses& losses, MappingResult& result) {
  const MappingMetrics& metrics = world.history.metrics[id.value];
  for (std::size_t c = 0; c < counter_count; ++c) {
    const auto counter = static_cast<Counter>(c);
    std::uint64_t value = metrics.value(counter);
    // Ours: what AWS cannot show is read off the ledger.
    const auto lost = [&](LossCause cause) {
      return losses.by_cause[static_cast<std::size_t>(cause)];
    };
    if (counter == Counter::LostToRetention) value = lost(LossCause::retention);
    if (counter == Counter::LatestGap) value = lost(LossCause::latest_gap);
    if (counter == Counter::Swallowed) value = lost(LossCause::swallowed);
    result.metrics.push_back({std::string(name(counter)), value, std::nullopt});
  }
  const FunctionState& function = world.functions[world.plan->mapping(id).function.value];
  result.metrics.push_back({"ConcurrentExecutions", function.in_flight_most, std::nullopt});
  result.metrics.push_back({"Duration", 0, metrics.duration_us});
  result.metrics.push_back({"IteratorAge", 0, metrics.iterator_age_us});
  if (metrics.iterator_age_us.count() > 0) {
    result.max_iterator_age = microseconds(metrics.iterator_age_us.max());
  }
}

void add_shards(const World& world, MappingId id, MappingResult& result) {
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.mapping != id) continue;
    const RecordLog& log = world.shards[reader.shard.value].log;
    ShardResult shard;
    shard.shard = shard_name(world, reader.shard);
    shard.stored = log.end();
    shard.pending = log.end() - reader.checkpoint;
    // ESM-CHK-02: to be seen here only; AWS shows no checkpoint.
    if (reader.has_checkpoint && reader.checkpoint > log.first()) {
      shard.checkpoint = record_name(world, reader.shard, reader.checkpoint - 1);
    }
    result.shards.push_back(std::move(shard));
  }
}

template <std::size_t N, class Name>
std::vector<std::pair<std::string, std::vector<std::string>>> named_examples(
    const std::array<std::vector<std::string>, N>& examples, Name name_of) {
  std::vector<std::pair<std::string, std::vector<std::string>>> named;
  for (std::size_t i = 0; i < N; ++i) {
    if (!examples[i].empty()) named.emplace_back(std::string(name_of(i)), examples[i]);
  }
  return named;
}

MappingResult mapping_result(const World& world, MappingId id) {
  const MappingPlan& plan = world.plan->mapping(id);
  MappingResult result;
  result.name = plan.name;
  result.stream = world.plan->stream(plan.stream).name;
  result.function = world.plan->function(plan.function).name;
  std::array<std::uint64_t, delivery_reason_count> duplicates{};
  const Ledger& ledger = world.history.ledger;
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    if (ledger.account({i}).mapping() != id) continue;
    const Totals& totals = ledger.totals({i});
    result.invocations += totals.invocations;
    result.deliveries += totals.deliveries;
    result.effects += totals.effects;
    for (std::size_t r = 0; r < delivery_reason_count; ++r) duplicates[r] += totals.duplicates[r];
  }
  for (const std::uint64_t n : duplicates) result.duplicates += n;
  const auto reason_name = [](std::size_t i) { return delivery_reason_names[i]; };
  const auto cause_name = [](std::size_t i) { return loss_cause_names[i]; };
  result.fates = fates_of(world, id);
  result.duplicates_by_cause = named_counts(duplicates, reason_name);
  result.duplicate_examples = named_examples(find_duplicates(world, id), reason_name);
  const Losses losses = find_losses(world, id);
  result.lost = losses.total();
  result.lost_by_cause = named_counts(losses.by_cause, cause_name);
  result.lost_examples = named_examples(losses.examples, cause_name);
  add_metrics(world, id, losses, result);
  add_shards(world, id, result);
  return result;
}

std::vector<InvariantResult> invariant_results(const World& world) {
  std::vector<InvariantResult> results;
  for (std::size_t i = 0; i < invariant_count; ++i) {
    const PropertyState& state = world.history.properties.of[i];
    const auto invariant = static_cast<Invariant>(i);
    InvariantResult result{std::string(name(invariant)),
                           std::string(sentence(invariant)),
                           state.violations == 0,
                           state.checks,
                           {}};
    if (state.violations > 0) {
      result.first_violation =
          fmt::format("{} times, first at {} in {}, position {}", state.violations,
                      duration_text(state.first.at - Instant{0}),
                      reader_name(world, state.first.reader), state.first.position);
    }
    results.push_back(std::move(result));
  }
  return results;
}

RecordRow record_row(const World& world, ShardId shard_id, Position p) {
  const Shard& shard = world.shards[shard_id.value];
  const RecordId record = shard.log.record(p);
  RecordRow row;
  row.id = world.plan->record_id(record);
  row.producer = world.plan->producer(record.producer()).name;
  row.key = world.plan->keys[shard.log.key(p).value].name;
  row.shard = shard_name(world, shard_id);
  row.sequence_number = sequence_number_of(world, shard_id, p);
  row.arrival_us = shard.log.arrival(p).us;
  for (std::uint32_t m = 0; m < world.plan->mappings.size(); ++m) {
    const MappingPlan& mapping = world.plan->mappings[m];
    if (mapping.stream != shard.stream) continue;
    const Account* account = world.history.ledger.find({m}, shard_id);
    const RecordHistory history = account != nullptr ? account->at(p) : RecordHistory{};
    row.fates.emplace_back(mapping.name, std::string(name(history.fate)));
    row.deliveries.emplace_back(mapping.name, history.deliveries);
    row.effects.emplace_back(mapping.name, history.effects);
  }
  return row;
}

// Every stored record, by arrival, then as its producers number it.
std::vector<RecordRow> record_rows(const World& world, const std::function<void()>& breathe) {
  struct Place {
    Instant arrival;
    RecordId record;
    ShardId shard;
    Position position;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const RecordLog& log = world.shards[s].log;
    for (Position p = log.first(); p < log.end(); ++p) {
      places.push_back({log.arrival(p), log.record(p), {s}, p});
    }
  }
  std::sort(places.begin(), places.end());
  std::vector<RecordRow> rows;
  rows.reserve(places.size());
  for (const Place& place : places) {
    rows.push_back(record_row(world, place.shard, place.position));
    if (breathe && rows.size() % 4096 == 0) breathe();
  }
  return rows;
}

std::vector<RecordRow> watched_rows(const World& world, const std::vector<std::string>& ids) {
  std::vector<RecordRow> rows;
  if (ids.empty()) return rows;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const RecordLog& log = world.shards[s].log;
    for (Position p = log.first(); p < log.end(); ++p) {
      const std::string id = record_name(world, {s}, p);
      if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
        rows.push_back(record_row(world, {s}, p));
      }
    }
  }
  return rows;
}

std::vector<DestinationResult> destination_results(const World& world) {
  std::vector<DestinationResult> results;
  for (std::uint32_t d = 0; d < world.destinations.size(); ++d) {
    DestinationResult result{world.plan->destinations[d].name, {}, world.destinations[d].left_out};
    for (const Message& message : world.destinations[d].messages) {
      result.messages.push_back(destination_message(world, message));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

Result build_result(const Simulation& simulation, const ResultOptions& options) {
  const World& world = simulation.world();
  Result result;
  result.seed = world.plan->seed;
  result.ended = ended_name(simulation.ended());
  result.simulated = world.now - Instant{0};
  result.trace_digest = simulation.trace_digest();
  result.produced = world.history.produced;
  result.stored = world.history.stored;
  result.events = world.history.steps;
  for (const ProducerState& producer : world.producers) {
    result.never_accepted += producer.never_accepted;
  }
  for (std::uint32_t m = 0; m < world.plan->mappings.size(); ++m) {
    result.mappings.push_back(mapping_result(world, {m}));
    result.lost += result.mappings.back().lost;
    result.duplicates += result.mappings.back().duplicates;
  }
  result.destinations = destination_results(world);
  result.invariants = invariant_results(world);
  for (std::size_t s = 0; s < situation_count; ++s) {
    if ((world.history.situations >> s & 1u) != 0) {
      result.situations.emplace_back(situation_names[s]);
    }
  }
  result.assumptions_met = world.history.met;
  result.watched = watched_rows(world, options.watched);
  if (options.rows) result.rows = record_rows(world, options.breathe);
  return result;
}

}  // namespace trimhorizon
