// Each struct has one list of its members, for reading and for writing. A structured binding takes
// the struct apart, so a forgotten member does not compile. Integers are little-endian, base 128.
#include "sim/run/result_archive.hpp"

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/base/hash.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view magic = "trimhorizon-run\n";
constexpr std::size_t digest_bytes = 32;

[[noreturn]] void broken(const char* what) {
  throw ArchiveError(std::string("these bytes are not a result of trimhorizon: ") + what);
}

// Writes values one after the other, or reads them back: the same calls in both directions.
template <bool Reads>
class Archive {
 public:
  static constexpr bool reading = Reads;
  std::uint32_t version = archive_version;
  std::string written;
  std::string_view left;  // what is still to be read

  template <class... T>
  void operator()(T&... values) {
    (code(values), ...);
  }

 private:
  // Writes the value, or returns the one that it reads.
  std::uint64_t number(std::uint64_t value) {
    if constexpr (!Reads) {
      for (std::uint64_t rest = value; true; rest >>= 7) {
        written.push_back(static_cast<char>(rest < 0x80 ? rest : rest | 0x80));
        if (rest < 0x80) return value;
      }
    }
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (left.empty()) broken("they end too early");
      const auto byte = static_cast<unsigned char>(left.front());
      left.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    broken("a number is too long");
  }
  // The number of elements. Each needs at least one byte, so there cannot be more than bytes.
  std::size_t count(std::size_t size) {
    const std::uint64_t n = number(size);
    if (Reads && n > left.size()) broken("they end too early");
    return n;
  }
  template <class T>
  void code(T& value) {
    if constexpr (std::signed_integral<T>) {  // small negative numbers need few bytes
      const std::uint64_t n =
          number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
      if constexpr (Reads) value = static_cast<T>(n >> 1) ^ -static_cast<T>(n & 1);
    } else if constexpr (std::is_enum_v<T> || std::unsigned_integral<T>) {
      const std::uint64_t n = number(static_cast<std::uint64_t>(value));
      if constexpr (Reads) value = static_cast<T>(n);
    } else {
      members(*this, value);
    }
  }
  void code(unsigned __int128& value) {
    const std::uint64_t high = number(static_cast<std::uint64_t>(value >> 64));
    const std::uint64_t low = number(static_cast<std::uint64_t>(value));
    if constexpr (Reads) value = static_cast<unsigned __int128>(high) << 64 | low;
  }
  void code(std::string& text) {
    const std::size_t n = count(text.size());
    if constexpr (!Reads) {
      written += text;
    } else {
      text.assign(left.substr(0, n));
      left.remove_prefix(n);
    }
  }
  template <class T>
  void code(std::optional<T>& value) {
    const bool is_there = number(value.has_value()) != 0;
    if constexpr (Reads) value = is_there ? std::optional<T>(std::in_place) : std::nullopt;
    if (value) code(*value);
  }
  template <class A, class B>
  void code(std::pair<A, B>& value) {
    code(value.first);
    code(value.second);
  }
  // The number of the alternative, and its value.
  template <class... T>
  void code(std::variant<T...>& value) {
    const std::uint64_t which = number(value.index());
    if constexpr (Reads) {
      if (which >= sizeof...(T)) broken("they contain an unknown alternative");
      std::uint64_t i = 0;
      ((i++ == which ? void(value.template emplace<T>()) : void()), ...);
    }
    std::visit([this](auto& alternative) { this->code(alternative); }, value);
  }
  void code(std::vector<bool>& values) {
    const std::size_t n = count(values.size());
    if constexpr (Reads) values.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      const bool is_set = number(values[i]) != 0;
      if constexpr (Reads) values[i] = is_set;
    }
  }
  template <class T>
  void code(std::vector<T>& values) {
    const std::size_t n = count(values.size());
    if constexpr (Reads) values.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if constexpr (Reads) values.emplace_back();  // one by one: `n` may be a lie
      code(values[i]);
    }
  }
};

// ---- the lists of members ----
// A struct that has these members and no others.
#define TH_ARCHIVED(Struct, ...)  \
  template <class A>              \
  void members(A& a, Struct& v) { \
    auto& [__VA_ARGS__] = v;      \
    a(__VA_ARGS__);               \
  }
TH_ARCHIVED(Duration, us)
TH_ARCHIVED(Instant, us)
template <class A>
void members(A& a, Histogram& v) {
  v.archive_with(a);
}
TH_ARCHIVED(Probability, parts_per_billion)
template <class A, class Tag>
void members(A& a, Id<Tag>& v) {
  a(v.value);
}

template <class Enum>
Enum known(std::string_view text) {
  const std::optional<Enum> found = member_named<Enum>(text);
  if (!found) broken("they contain an unknown name");
  return *found;
}
// Members of enums are stored by name, because their numbers may change.
template <class A, class Enum>
void by_name(A& a, Enum& v) {
  std::string text(name(v));
  a(text);
  if constexpr (A::reading) v = known<Enum>(text);
}
// Stores only the members that have a value.
template <class A, class Enum, class T>
void members(A& a, PerMember<Enum, T>& v) {
  std::vector<std::pair<std::string, T>> values;
  for (const Enum each : all_of<Enum>) {
    if (v[each] != T{}) values.emplace_back(name(each), v[each]);
  }
  a(values);
  if constexpr (!A::reading) return;
  for (auto& [text, value] : values) v[known<Enum>(text)] = std::move(value);
}
template <class A>
void members(A& a, EnumSet<Situation>& v) {
  std::vector<std::string> texts = names_in(v);
  a(texts);
  if constexpr (!A::reading) return;
  for (const std::string& text : texts) v.add(known<Situation>(text));
}

template <class A, class MetricEnum>
void members(A& a, MetricValue<MetricEnum>& v) {
  auto& [id, counter, samples] = v;
  by_name(a, id);
  a(counter, samples);
}
TH_ARCHIVED(PicturePoint, at, tip, trim_horizon, checkpoint)
TH_ARCHIVED(PictureBar, count, started, ended, first, end, succeeded, partial, cut)
template <class A>
void members(A& a, PictureFate& v) {
  auto& [at, first, end, fate] = v;
  a(at, first, end);
  by_name(a, fate);
}
template <class A>
void members(A& a, ShardPicture& v) {
  auto& [shard, points, bars, bars_left_out, fates, labels] = v;
  a(shard, points, bars, bars_left_out, labels);
  if (a.version >= 5) a(fates);
}
template <class A>
void members(A& a, ShardResult& v) {
  auto& [shard, stored, checkpoint, pending, fates, longest_wait] = v;
  a(shard, stored, checkpoint, pending);
  if (a.version >= 4) a(fates, longest_wait);
}
template <class A>
void members(A& a, LongestBlock& v) {
  auto& [record, position, shard, lasted, attempts, throttles, release, stood] = v;
  a(record, position, shard, lasted, attempts, throttles, release);
  if (a.version >= 4) a(stood);
}
template <class A>
void members(A& a, ConsumerResult& v) {
  auto& [name, stream, function, invocations, deliveries, effects, fates, dropped_with_effect, lost,
         duplicates, duplicates_by_cause, lost_by_cause, max_iterator_age, waits, caught_up,
         metrics, shards, pictures, lost_examples, duplicate_examples, longest_block] = v;
  a(name, stream, function, invocations, deliveries, effects, fates, lost, duplicates,
    duplicates_by_cause, lost_by_cause, max_iterator_age, metrics, shards, pictures, lost_examples,
    duplicate_examples);
  if (a.version >= 4) a(dropped_with_effect, waits, caught_up);
  if (a.version >= 3) return a(longest_block);
  std::optional<std::string> sentence;  // older archives have a sentence here, without its facts
  a(sentence);
}
template <class A>
void members(A& a, LateText& v) {
  std::string text = v.text();
  a(text);
  if constexpr (A::reading) v = text;
}
TH_ARCHIVED(DestinationMessage, json, condition, approximate_invoke_count, true_invoke_count,
            batch_size, shard_id, function_error, has_response_context, records)
TH_ARCHIVED(DestinationResult, name, messages, left_out)
template <class A>
void members(A& a, InvariantResult& v) {
  auto& [invariant, checks, violations, at, reader, position] = v;
  by_name(a, invariant);
  if (a.version >= 3) return a(checks, violations, at, reader, position);
  std::string sentence, first_violation;
  bool holds = true;
  a(sentence, holds, checks, first_violation);
  if (!holds) broken("an older version stored a broken invariant only in words");
}
template <class A>
void members(A& a, RecordRow& v) {
  auto& [id, producer, key, shard, sequence_number, arrival_us, consumers] = v;
  std::vector<std::pair<std::string, std::string>> fates;
  std::vector<std::pair<std::string, std::uint64_t>> deliveries, effects;
  std::vector<std::optional<std::int64_t>> settled;
  for (const auto& [consumer, fate, delivered, effect, settled_us] : consumers) {
    fates.emplace_back(consumer, name(fate));
    deliveries.emplace_back(consumer, delivered);
    effects.emplace_back(consumer, effect);
    settled.push_back(settled_us);
  }
  a(id, producer, key, shard, sequence_number, arrival_us, fates, deliveries, effects);
  if (a.version >= 4) {
    a(settled);
  } else {
    settled.resize(fates.size());
  }
  const auto fits = [&](const auto& list) { return list.size() == fates.size(); };
  if (!fits(deliveries) || !fits(effects) || !fits(settled)) broken("a row is too short");
  if constexpr (!A::reading) return;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    consumers.push_back({fates[i].first, known<Fate>(fates[i].second), deliveries[i].second,
                         effects[i].second, settled[i]});
  }
}
template <class A>
void members(A& a, InvocationRow& v) {
  auto& [number, mapping, function, shard, started_us, ended_us, attempt, records, outcome,
         request_id] = v;
  a(number, mapping, function, shard, started_us, ended_us, attempt, records);
  by_name(a, outcome);
  a(request_id);
}
TH_ARCHIVED(DeliveryRow, id, mapping, shard, sequence_number, invocation, attempt, position, effect)
template <class A>
void members(A& a, LimitExceeded& v) {
  auto& [stream, shard, limit, rate, allowed, refused] = v;
  a(stream, shard);
  by_name(a, limit);
  a(rate, allowed);
  if (a.version >= 7) a(refused);
}
// Before version 4 the switches were bits, in the order of this list.
template <class A>
void members(A& a, AssumptionsMet& v) {
  using enum Assumption;
  static constexpr Assumption old_order[] = {split,
                                             split_when,
                                             age_scope,
                                             bisect_with_report,
                                             partial_progress,
                                             lanes,
                                             lane_blocks,
                                             iterator_age,
                                             never_invoked_count,
                                             final_window_failure,
                                             put_rounding,
                                             child_shards,
                                             child_start,
                                             odd_split,
                                             oversized_record,
                                             in_flight_at_disable,
                                             lane_checkpoint,
                                             read_record_limit,
                                             age_boundary,
                                             malformed_report,
                                             mixed_identifiers,
                                             consolidate_failures,
                                             read_throttle,
                                             trimmed_position,
                                             retry_backoff,
                                             throttle_backoff,
                                             poller_failover};
  if (a.version < 4) {
    std::uint32_t bits = 0;
    a(bits);
    for (std::size_t i = 0; i < std::size(old_order); ++i) {
      if ((bits >> i & 1) != 0) v.add(old_order[i]);
    }
    return;
  }
  std::vector<std::string> texts = names_in(v);
  a(texts);
  if constexpr (!A::reading) return;
  for (const std::string& text : texts) v.add(known<Assumption>(text));
}
template <class A>
void members(A& a, ProducerResult& v) {
  auto& [name, stream, produced, never_accepted, believed_stored] = v;
  a(name, stream, produced);
  if (a.version >= 7) a(never_accepted, believed_stored);
}
TH_ARCHIVED(ListedShard, id, parent, adjacent, first_hash_key, last_hash_key,
            starting_sequence_number, ending_sequence_number, open, stored, user_records)
TH_ARCHIVED(AcrossConsumers, nobody, several)
TH_ARCHIVED(ShardLife, number, opened, closed, parents, stored)
template <class A>
void members(A& a, OrderExample& v) {
  auto& [why, key, record, earlier, shard, other] = v;
  by_name(a, why);
  a(key, record, earlier, shard, other);
}
TH_ARCHIVED(StreamResult, name, metrics, listed, across, lives, stored_again, order_lost,
            order_examples)
template <class A>
void members(A& a, ApiCallRow& v) {
  auto& [at, action, stream, error, reason, in_force, timeline] = v;
  bool is_refused = error.has_value();
  a(at, action, stream, in_force, timeline, is_refused);
  by_name(a, reason);
  if (!is_refused) return;
  if constexpr (A::reading) error.emplace();
  by_name(a, *error);
}
template <class A>
void members(A& a, ReadRow& v) {
  auto& [at, name, stream, shard, timeline, error, reason, records, behind, last, children,
         trimmed] = v;
  bool is_refused = error.has_value();
  a(at, name, stream, shard, timeline, records, behind, last, children, trimmed, is_refused);
  by_name(a, reason);
  if (!is_refused) return;
  if constexpr (A::reading) error.emplace();
  by_name(a, *error);
}
TH_ARCHIVED(FirstDelivery, record, consumer, at)
TH_ARCHIVED(ConsumerThen, name, backlog, oldest, metrics)
TH_ARCHIVED(Snapshot, at, before, streams, consumers)
template <class A>
void members(A& a, Result& v) {
  auto& [seed, ended, simulated, trace_digest, produced, producers, never_accepted, stored, lost,
         lost_without_consumer, duplicates, streams, consumers, api_calls, reads, destinations,
         invariants, situations, assumptions_met, events, limits_exceeded, edition, watched,
         first_deliveries, snapshots, rows, each_row, invocations, deliveries] = v;
  a(seed);
  by_name(a, ended);
  a(simulated, trace_digest, produced, never_accepted, stored, lost, duplicates, consumers,
    destinations, invariants, situations, assumptions_met, events, watched, rows, invocations,
    deliveries);
  if (a.version >= 4) {
    a(limits_exceeded, edition);
  } else {
    edition = "before 2026-11";
  }
  if (a.version >= 6) a(producers);
  if (a.version >= 7) a(streams, api_calls, first_deliveries, snapshots);
  if (a.version >= 8) a(reads, lost_without_consumer);
}
TH_ARCHIVED(JudgedExpectation, name, wanted, actual, actual_number, verdict, why)
TH_ARCHIVED(Judgement, verdict, expectations)
template <class A>
void members(A& a, Answer& v) {
  auto& [kind, any_valid, any_invalid, lowest, named] = v;
  a(kind, any_valid, any_invalid, lowest);
  if (a.version >= 4) a(named);
}
template <class A>
void members(A& a, Outcome& v) {
  auto& [end, duration, effects_until, without_effect, answer, swallowed, outage, failed_at] = v;
  static_cast<void>(outage);     // decided without the function, so it is not recorded
  static_cast<void>(failed_at);  // a user's own function never sets it
  a(end, duration, effects_until, without_effect, answer, swallowed);
}
TH_ARCHIVED(RecordedOutcome, number, outcome)
// The members of version 1. Since version 2, modelled_until is at the end of the archive.
template <class A>
void members(A& a, HandlerRecord& v) {
  auto& [own, outcomes, modelled_until] = v;
  a(own, outcomes);
}
TH_ARCHIVED(SplitShardCall, shard, new_starting_hash_key)
TH_ARCHIVED(MergeShardsCall, shard, adjacent)
TH_ARCHIVED(UpdateShardCountCall, target)
TH_ARCHIVED(UpdateStreamModeCall, mode)
TH_ARCHIVED(IncreaseRetentionCall, hours)
TH_ARCHIVED(DecreaseRetentionCall, hours)
TH_ARCHIVED(RegisterConsumerCall, name)
TH_ARCHIVED(DeregisterConsumerCall, name)
TH_ARCHIVED(ApiCall, stream, action)
TH_ARCHIVED(FailureRates, internal_failure, unavailable, throttling, throughput_exceeded,
            expired_iterator)
TH_ARCHIVED(StreamFailures, stream, put, get)
TH_ARCHIVED(BareRead, stream, shard_number, from, record, sequence_number, timestamp_ms, limit,
            name)
template <class A>
void members(A& a, TimelineAction& v) {
  auto& [at, lasts, kind, function, mapping, shard_number, producer, probability, destination,
         enabled, call, failures, read] = v;
  a(at, lasts, kind, function, mapping, shard_number, producer, probability, destination, enabled);
  if (a.version >= 7) a(call, failures);
  if (a.version >= 8) a(read);
}
TH_ARCHIVED(Injection, after_steps, action)
TH_ARCHIVED(Stop, after_steps, now)
TH_ARCHIVED(Recipe, injections, stop)
TH_ARCHIVED(ArchivedRun, result, judgement, handlers, recipe)

#undef TH_ARCHIVED

std::string digest_of(std::string_view bytes) {
  Digest digest;
  digest.add_text(bytes);
  return digest.hex();
}

}  // namespace

std::string to_bytes(const ArchivedRun& run) {
  Archive<false> out;
  out.written = magic;
  auto& read_only = const_cast<ArchivedRun&>(run);  // writing changes no value
  out(out.version, read_only, read_only.handlers.modelled_until);
  return out.written + digest_of(out.written);
}

ArchivedRun from_bytes(std::string_view bytes) {
  if (bytes.size() < magic.size() + digest_bytes || bytes.substr(0, magic.size()) != magic) {
    broken("they begin with something else");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - digest_bytes);
  if (digest_of(body) != bytes.substr(body.size())) broken("a byte has changed");
  Archive<true> in;
  in.left = body.substr(magic.size());
  in(in.version);
  if (in.version > archive_version) {
    throw ArchiveError("this result was written by a newer version of trimhorizon");
  }
  ArchivedRun run;
  in(run);
  if (in.version >= 2) in(run.handlers.modelled_until);
  if (!in.left.empty()) broken("there are more bytes after the end");
  return run;
}

}  // namespace trimhorizon
