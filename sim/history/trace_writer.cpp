#include "sim/history/trace_writer.hpp"

#include <algorithm>
#include <ostream>
#include <tuple>

#include "sim/base/format.hpp"
#include "sim/base/json.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t listed_max = 1000;

// Writes one line: the part after time, number and cause. Events without a line are named too, so
// that a new event does not compile until somebody decides.
class Line {
 public:
  Line(const Line&) = delete;
  Line(const World& world, JsonWriter& json) : world_(world), json_(json) {}

  void write(const Put& e) {
    const ProducerPlan& producer = plan().producer(e.producer);
    std::vector<PutEntry> places;
    std::vector<PutEntry> refused;
    for (const PutEntry& each : e.entries) (each.is_stored() ? places : refused).push_back(each);
    event("put");
    json_.member("producer", producer.name);
    json_.member("stream", plan().stream(producer.stream).name);
    json_.member("try", e.tries);
    json_.member("retry", e.again);
    const auto list = [&](std::string_view key, auto text_of) {
      write_ids(key, places.size(), [&](std::uint64_t i) { return text_of(places[i]); });
    };
    list("records", [&](const auto& each) { return producer.record_id(each.number); });
    list("shards", [&](const auto& each) { return shard_name(world_, each.shard); });
    list("sequence_numbers",
         [&](const auto& each) { return sequence_number_of(world_, each.shard, each.position); });
    if (refused.empty()) return;
    const auto failed = [&](std::string_view key, auto text_of) {
      write_ids(key, refused.size(), [&](std::uint64_t i) { return text_of(refused[i]); });
    };
    failed("failed", [&](const auto& each) { return producer.record_id(each.number); });
    failed("errors", [&](const auto& each) { return std::string(name(error_of(each.end))); });
  }

  void write(const PutAnswered& e) {
    event("put_result");
    json_.member("producer", plan().producer(e.producer).name);
    write_records(e.producer, e.entries);
    json_.member("acknowledged", e.acknowledged);
  }

  void write(const PutGivenUp& e) {
    event("put_given_up");
    json_.member("producer", plan().producer(e.producer).name);
    write_records(e.producer, e.entries);
    json_.member("knows", e.knows);
  }

  void write_records(ProducerId id, std::span<const PutEntry> entries) {
    const ProducerPlan& producer = plan().producer(id);
    std::vector<std::uint64_t> numbers;  // each record once, whatever its copies
    for (const PutEntry& each : entries) {
      if (each.copy != PutEntry::Copy::of_last) numbers.push_back(each.number);
    }
    write_ids("records", numbers.size(),
              [&](std::uint64_t i) { return producer.record_id(numbers[i]); });
  }

  void write(const Positioned& e) {
    at_reader("started", e.reader, e.shard);
    json_.member("from", e.from);
  }

  void write(const Read& e) {
    at_reader("poll", e.reader, e.shard);
    write_stored(e.shard, e.records);
  }

  void write(const ReadRefused& e) {
    at_reader("read_refused", e.reader, e.shard);
    json_.member("limit", e.why == ReadRefusal::iterators || e.why == ReadRefusal::trimmed
                              ? "GetShardIterator"
                          : e.why == ReadRefusal::calls ? "calls"
                                                        : "bytes");
    json_.member("holds_up", e.holds_up);
  }

  void write(const ShardFinished& e) { at_reader("shard_end", e.reader, e.shard); }

  void write(const ApiAnswered& e) {
    event("api_call");
    json_.member("stream", plan().stream(e.stream).name);
    json_.member("action", name(e.action));
    if (e.accepted) return;
    json_.member("error", name(e.refusal.error));
    json_.member("reason", sentence(e.refusal.reason));
  }

  void write(const BareReadAnswered& e) {
    const BareRead& read = *plan().timeline[e.entry].read;
    event("get_records");
    json_.member("stream", plan().stream(e.stream).name);
    json_.member("shard", shard_id_text(read.shard_number));
    if (!read.name.empty()) json_.member("name", read.name);
    if (!e.accepted) {
      json_.member("error", name(e.refusal.error));
      json_.member("reason", sentence(e.refusal.reason));
      return;
    }
    write_stored(e.shard, e.records);
    json_.member("MillisBehindLatest", e.millis_behind_latest);
    json_.member("last", e.last);
  }

  void write(const ShardsCut& e) {
    event("reshard");
    json_.member("stream", plan().stream(e.stream).name);
    const auto list = [&](std::string_view key, const std::array<ShardId, 2>& shards) {
      write_ids(key, shards[1].valid() ? 2 : 1,
                [&](std::uint64_t i) { return shard_name(world_, shards[i]); });
    };
    list("closed", e.parents);
    list("opened", e.children);
  }

  void write(const Delivered& e) {
    at_reader("invoke", e.reader, e.batch.shard);
    json_.member("invocation", e.call.value);
    json_.member("request_id", request_id(plan(), e.request));
    write_stored(e.batch.shard, e.batch.span);
    json_.member("attempt", e.attempt);
    json_.member("reason", name(e.reason));
    json_.member("cold", e.cold);
  }

  void write(const Ended& e) {
    at_reader("invoke_result", e.reader, e.batch.shard);
    json_.member("invocation", e.call.value);
    json_.member("outcome", name(outcome_of(e.ruling, e.end)));
    std::vector<Position> done;
    const Position known = world_.shard(e.batch.shard).log.first();
    for (const Span& run : e.worked) {
      for (Position p = std::max(run.first, known); p < run.end; ++p) done.push_back(p);
    }
    write_ids("effects", done.size(),
              [&](std::uint64_t i) { return record_name(world_, e.batch.shard, done[i]); });
    json_.member("stale", e.stale);
  }

  void write(const Throttled& e) {
    at_reader("throttled", e.reader, e.batch.shard);
    write_stored(e.batch.shard, e.batch.span);
    json_.member("in_a_row", e.in_a_row);
    json_.member("why", name(e.why));
  }

  void write(const TooLarge& e) {
    at_reader("too_large", e.reader, e.batch.shard);
    write_stored(e.batch.shard, e.batch.span);
    json_.member("attempt", e.attempt);
  }

  void write(const SplitInTwo& e) {
    at_reader("split_batch", e.reader, e.first.shard);
    write_stored(e.first.shard, {e.first.span.first, e.second.span.end});
    json_.member("first_half", e.first.count);
  }

  void write(const GaveUp& e) {
    at_reader("discard", e.reader, e.what.batch.shard);
    write_stored(e.what.batch.shard, e.what.batch.span);
    json_.member("why", name(e.what.why));
    json_.member("invocations", e.what.invocations());
    json_.member("attempts", e.what.attempts);
    json_.key("destination");
    e.to.valid() ? json_.value(plan().destinations[e.to.value].name) : json_.null();
  }

  void write(const MessageSent& e) {
    at_reader("destination", e.reader, e.what.batch.shard);
    json_.member("destination", plan().destinations[e.to.value].name);
    json_.member("delivered", e.taken);
    write_stored(e.what.batch.shard, e.what.batch.span);
  }

  void write(const Settled& e) {
    if (e.fate == Fate::expired || e.fate == Fate::unread) {
      at_reader(e.fate == Fate::expired ? "expire" : "unread", e.reader, e.shard);
      return write_stored(e.shard, e.records);
    }
    const Position last = e.records.end - 1;
    at_reader("checkpoint", e.reader, e.shard);
    json_.member("record", record_name(world_, e.shard, last));
    json_.member("sequence_number", sequence_number_of(world_, e.shard, last));
    json_.member("from", e.records.first);
    json_.member("to", e.records.end);
    write_stored(e.shard, e.records);
    json_.member("fate", name(e.fate));
  }

  void write(const MappingSwitched& e) {
    event("mapping_state");
    json_.member("mapping", plan().mapping(e.mapping).name);
    json_.member("enabled", e.enabled);
    if (e.polls_on) json_.member("polls_on", true);
  }

  void write(const FaultStruck& e) {
    event("fault");
    json_.member("fault", info(e.site).name);
    write_reader(e.reader, e.shard);
  }

  // An entry of the timeline, in the words of the file format.
  void write(const TimelineActed& e) {
    const TimelineAction& action = plan().timeline[e.index];
    event("fault");
    json_.member("fault", name(action.kind));
    switch (action.kind) {
      case ActionKind::throttle:
      case ActionKind::outage:
        json_.member("function", plan().function(action.function).name);
        break;
      case ActionKind::crash_poller:
        json_.member("mapping", plan().mapping(action.mapping).name);
        json_.member("shard", shard_id_text(action.shard_number));
        break;
      case ActionKind::lose_acknowledgements:
        json_.member("producer", plan().producer(action.producer).name);
        break;
      case ActionKind::fail_destination:
        json_.member("destination", plan().destinations[action.destination.value].name);
        break;
      case ActionKind::update_event_source_mapping:
        json_.member("mapping", plan().mapping(action.mapping).name);
        json_.member("Enabled", action.enabled);
        break;
      case ActionKind::api_call:
        json_.member("action", name(action.call->action_name()));
        json_.member("stream", plan().stream(action.call->stream).name);
        break;
      case ActionKind::get_records:
        json_.member("stream", plan().stream(action.read->stream).name);
        break;
      case ActionKind::stream_failures:
        json_.member("stream", plan().stream(action.failures->stream).name);
        break;
    }
    if (action.lasts) json_.member("for", duration_text(*action.lasts));
  }

  // Quiet events have no line.
  template <class Event>
  requires is_quiet<Event>
  void write(const Event&) {}

 private:
  const Plan& plan() const { return *world_.plan; }
  void event(std::string_view name) { json_.member("event", name); }
  void write_reader(ReaderId reader, ShardId shard) {
    json_.member("mapping", plan().name(world_.reader(reader).consumer));
    json_.member("shard", shard_name(world_, shard));
  }
  void at_reader(std::string_view name, ReaderId reader, ShardId shard) {
    event(name);
    write_reader(reader, shard);
  }

  // Writes `count` ids; id_of(i) gives the i-th one.
  template <class IdOf>
  void write_ids(std::string_view key, std::uint64_t count, IdOf id_of) {
    if (count > listed_max) {
      return json_.object(key, [&] {
        json_.member("first", id_of(0));
        json_.member("last", id_of(count - 1));
        json_.member("count", count);
      });
    }
    json_.list(key, [&] {
      for (std::uint64_t i = 0; i < count; ++i) json_.value(id_of(i));
    });
  }

  // Writes the ids of records of a shard. Records that the log has forgotten have no ids.
  void write_stored(ShardId shard, Span span) {
    const Position first = std::max(span.first, world_.shard(shard).log.first());
    write_ids("records", first < span.end ? span.end - first : 0,
              [&](std::uint64_t i) { return record_name(world_, shard, first + i); });
  }

  const World& world_;
  JsonWriter& json_;
};

void append_line(const Happened& event, const World& world, std::string& out) {
  JsonWriter json(out);
  json.object([&] {
    json.member("t", event.at.us);
    json.member("n", event.number.value);
    json.member("cause", event.cause.value);
    Line line(world, json);
    std::visit([&](const auto& e) { line.write(e); }, event.what);
  });
}

}  // namespace

void TraceWriter::on(const Happened& event, const World& world) {
  if (!event.number.valid()) return;
  line_.clear();
  append_line(event, world, line_);
  line_ += '\n';
  out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
}

std::string trace_line(const Happened& event, const World& world) {
  std::string line;
  append_line(event, world, line);
  return line;
}

}  // namespace trimhorizon
