#include "sim/run/trace_writer.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "sim/base/format.hpp"
#include "sim/base/json.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/run/trace_facts.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t listed_max = 1000;

constexpr std::array<std::string_view, 19> kind_names = {
    "put",           "put_result",  "stored",         "started",
    "poll",          "invoke",      "throttled",      "invoke_result",
    "checkpoint",    "split_batch", "discard",        "destination",
    "expire",        "unread",      "poller_stopped", "poller_started",
    "mapping_state", "reshard",     "fault"};
static_assert(kind_names.size() == static_cast<std::size_t>(TraceKind::fault) + 1);

// One line in the making.
struct Line {
  const TraceEvent& event;
  const World& world;
  JsonWriter& json;

  const Plan& plan() const { return *world.plan; }
  ReaderId reader() const { return {event.who}; }
};

void write_reader(const Line& line) {
  const MappingId mapping = line.world.reader(line.reader()).mapping;
  line.json.member("mapping", line.plan().mapping(mapping).name);
  line.json.member("shard", shard_name(line.world, line.event.shard));
}

// `count` ids, the i-th of which `id_of(i)` gives.
template <class IdOf>
void write_ids(const Line& line, std::string_view key, std::uint64_t count, IdOf id_of) {
  line.json.key(key);
  if (count > listed_max) {
    line.json.begin_object();
    line.json.member("first", id_of(0));
    line.json.member("last", id_of(count - 1));
    line.json.member("count", count);
    line.json.end_object();
    return;
  }
  line.json.begin_array();
  for (std::uint64_t i = 0; i < count; ++i) line.json.value(id_of(i));
  line.json.end_array();
}

// Records of the event's shard; those the log has forgotten have no names any more.
void write_stored(const Line& line, Span span) {
  const Position first =
      std::max(span.first, line.world.shards[line.event.shard.value].log.first());
  write_ids(line, "records", first < span.end ? span.end - first : 0,
            [&](std::uint64_t i) { return record_name(line.world, line.event.shard, first + i); });
}

void write_put(const Line& line) {
  const ProducerPlan& producer = line.plan().producer({line.event.who});
  const std::vector<StoredPlace> places = places_of_put(line.event, line.world);
  line.json.member("producer", producer.name);
  line.json.member("stream", line.plan().stream(producer.stream).name);
  line.json.member("try", line.event.count);
  line.json.member("retry", line.event.flag);
  write_ids(line, "records", places.size(),
            [&](std::uint64_t i) { return producer.record_id(places[i].number); });
  write_ids(line, "shards", places.size(),
            [&](std::uint64_t i) { return shard_name(line.world, places[i].shard); });
  write_ids(line, "sequence_numbers", places.size(), [&](std::uint64_t i) {
    return sequence_number_of(line.world, places[i].shard, places[i].position);
  });
}

void write_put_result(const Line& line) {
  const ProducerPlan& producer = line.plan().producer({line.event.who});
  line.json.member("producer", producer.name);
  write_ids(line, "records", line.event.span.count(),
            [&](std::uint64_t i) { return producer.record_id(line.event.span.first + i); });
  line.json.member("acknowledged", line.event.flag);
}

void write_invoke(const Line& line) {
  write_reader(line);
  line.json.member("invocation", line.event.value);
  write_stored(line, line.event.span);
  line.json.member("attempt", line.event.count);
  line.json.member("reason", name(static_cast<DeliveryReason>(line.event.detail)));
  line.json.member("cold", line.event.flag);
}

void write_invoke_result(const Line& line) {
  const TraceEvent& event = line.event;
  const Outcome& outcome = ended_invocation(event, line.world).outcome;
  write_reader(line);
  line.json.member("invocation", event.value);
  line.json.member("outcome", outcome_name(event));
  std::vector<Position> done;
  const Position first_known = line.world.shards[event.shard.value].log.first();
  for (Position p = std::max(event.span.first, first_known); p < event.span.end; ++p) {
    if (has_effect(outcome, p - event.span.first)) done.push_back(p);
  }
  write_ids(line, "effects", done.size(),
            [&](std::uint64_t i) { return record_name(line.world, event.shard, done[i]); });
  line.json.member("stale", event.flag);
}

void write_checkpoint(const Line& line) {
  const TraceEvent& event = line.event;
  write_reader(line);
  line.json.member("record", record_name(line.world, event.shard, event.span.end - 1));
  line.json.member("sequence_number",
                   sequence_number_of(line.world, event.shard, event.span.end - 1));
  line.json.member("from", event.span.first);
  line.json.member("to", event.span.end);
  write_stored(line, event.span);
  const Ledger& ledger = line.world.history.ledger;
  if (!ledger.on) return;
  line.json.member("fate", name(ledger.account(line.reader()).at(event.span.first).fate));
}

void write_discard(const Line& line) {
  const MappingPlan& mapping = line.plan().mapping(line.world.reader(line.reader()).mapping);
  write_reader(line);
  write_stored(line, line.event.span);
  line.json.member("why", name(static_cast<LossCause>(line.event.detail)));
  line.json.member("invocations", line.event.count);
  line.json.key("destination");
  if (line.event.flag) {
    line.json.value(line.plan().destinations[mapping.on_failure.value].name);
  } else {
    line.json.null();
  }
}

// A fault of the one table of sites, and what it struck.
void write_site(const Line& line) {
  const auto site = static_cast<Site>(line.event.detail);
  line.json.member("fault", info(site).name);
  if (site == Site::ack_lost || site == Site::ack_lost_late) {
    const ProducerPlan& producer = line.plan().producer({line.event.who});
    line.json.member("producer", producer.name);
    write_ids(line, "records", line.event.span.count(),
              [&](std::uint64_t i) { return producer.record_id(line.event.span.first + i); });
    return;
  }
  write_reader(line);
}

// An entry of the timeline, in the words of the scenario file.
void write_action(const Line& line) {
  const TimelineAction& action = line.plan().timeline[line.event.value];
  JsonWriter& json = line.json;
  switch (action.kind) {
    case ActionKind::throttle:
    case ActionKind::outage:
      json.member("fault", action.kind == ActionKind::throttle ? "throttle" : "outage");
      json.member("function", line.plan().function(action.function).name);
      break;
    case ActionKind::crash_poller:
      json.member("fault", "crash_poller");
      json.member("mapping", line.plan().mapping(action.mapping).name);
      json.member("shard", shard_id_text(action.shard_number));
      break;
    case ActionKind::lose_acknowledgements:
      json.member("fault", "lose_acknowledgements");
      json.member("producer", line.plan().producer(action.producer).name);
      break;
    case ActionKind::fail_destination:
      json.member("fault", "fail_destination");
      json.member("destination", line.plan().destinations[action.destination.value].name);
      break;
    case ActionKind::update_event_source_mapping:
      json.member("fault", "UpdateEventSourceMapping");
      json.member("mapping", line.plan().mapping(action.mapping).name);
      json.member("Enabled", action.enabled);
      break;
  }
  if (action.lasts) json.member("for", duration_text(*action.lasts));
}

void write_details(const Line& line) {
  const TraceEvent& event = line.event;
  JsonWriter& json = line.json;
  switch (event.kind) {
    case TraceKind::put: write_put(line); return;
    case TraceKind::put_result: write_put_result(line); return;
    case TraceKind::invoke: write_invoke(line); return;
    case TraceKind::invoke_result: write_invoke_result(line); return;
    case TraceKind::checkpoint: write_checkpoint(line); return;
    case TraceKind::discard: write_discard(line); return;
    case TraceKind::fault: event.flag ? write_action(line) : write_site(line); return;
    case TraceKind::mapping_state:
      json.member("mapping", line.plan().mapping({event.who}).name);
      json.member("enabled", event.flag);
      return;
    case TraceKind::started:
      write_reader(line);
      json.member("from", event.span.first);
      return;
    case TraceKind::throttled:
      write_reader(line);
      write_stored(line, event.span);
      json.member("in_a_row", event.count);
      return;
    case TraceKind::split_batch:
      write_reader(line);
      write_stored(line, event.span);
      json.member("first_half", event.count);
      return;
    case TraceKind::destination:
      write_reader(line);
      json.member("destination", line.plan().destinations[event.value].name);
      json.member("delivered", event.flag);
      write_stored(line, event.span);
      return;
    case TraceKind::stored:
      json.member("producer", line.plan().producer({event.who}).name);
      write_stored(line, event.span);
      return;
    case TraceKind::poll:
    case TraceKind::expire:
    case TraceKind::unread:
      write_reader(line);
      write_stored(line, event.span);
      return;
    case TraceKind::poller_stopped:
    case TraceKind::poller_started: write_reader(line); return;
    case TraceKind::reshard: return;
  }
}

void append_line(const TraceEvent& event, const World& world, std::string& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("t", event.at.us);
  json.member("n", event.number);
  json.member("cause", event.cause);
  json.member("event", kind_names[static_cast<std::size_t>(event.kind)]);
  write_details({event, world, json});
  json.end_object();
}

}  // namespace

void TraceWriter::on(const TraceEvent& event, const World& world) {
  line_.clear();
  append_line(event, world, line_);
  line_ += '\n';
  out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
}

std::string trace_line(const TraceEvent& event, const World& world) {
  std::string line;
  append_line(event, world, line);
  return line;
}

}  // namespace trimhorizon
