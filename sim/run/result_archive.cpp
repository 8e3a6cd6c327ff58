// One list of members per struct serves both directions; taking a struct apart by a structured
// binding makes a forgotten member a compile error. Integers are little-endian base 128.
#include "sim/run/result_archive.hpp"

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/hash.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view magic = "trimhorizon-run\n";
constexpr std::size_t digest_bytes = 32;

[[noreturn]] void broken(const char* what) {
  throw ArchiveError(std::string("these bytes are no result of trimhorizon: ") + what);
}

class Packer {
 public:
  std::string bytes;

  template <class... T>
  void operator()(T&... values) {
    (put(values), ...);
  }

 private:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
    bytes.push_back(static_cast<char>(value));
  }
  template <class T>
  void put(T& value) {
    if constexpr (std::is_enum_v<T>) {
      number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::signed_integral<T>) {  // small negatives stay small
      number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
    } else if constexpr (std::unsigned_integral<T>) {
      number(value);
    } else {
      members(*this, value);
    }
  }
  void put(unsigned __int128& value) {
    number(static_cast<std::uint64_t>(value >> 64));
    number(static_cast<std::uint64_t>(value));
  }
  void put(std::string& text) {
    number(text.size());
    bytes += text;
  }
  template <class T>
  void put(std::optional<T>& value) {
    number(value.has_value());
    if (value) put(*value);
  }
  template <class A, class B>
  void put(std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  void put(std::vector<bool>& values) {
    number(values.size());
    for (const bool each : values) number(each);
  }
  template <class T>
  void put(std::vector<T>& values) {
    number(values.size());
    for (T& each : values) put(each);
  }
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) broken("they end too early");
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    broken("a number is too long");
  }
  std::size_t count() {  // every element takes a byte at least
    const std::uint64_t n = number();
    if (n > bytes_.size()) broken("they end too early");
    return n;
  }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(number());
    } else if constexpr (std::signed_integral<T>) {
      const std::uint64_t n = number();
      value = static_cast<T>(static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1));
    } else if constexpr (std::unsigned_integral<T>) {
      value = static_cast<T>(number());
    } else {
      members(*this, value);
    }
  }
  void get(unsigned __int128& value) {
    const std::uint64_t high = number();
    value = static_cast<unsigned __int128>(high) << 64 | number();
  }
  void get(std::string& text) {
    const std::size_t n = count();
    text.assign(bytes_.substr(0, n));
    bytes_.remove_prefix(n);
  }
  template <class T>
  void get(std::optional<T>& value) {
    value.reset();
    if (number() != 0) get(value.emplace());
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  void get(std::vector<bool>& values) {
    values.resize(count());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = number() != 0;
  }
  template <class T>
  void get(std::vector<T>& values) {
    const std::size_t n = count();
    values.clear();
    for (std::size_t i = 0; i < n; ++i) get(values.emplace_back());
  }

  std::string_view bytes_;
};

// ---- the lists of members ----
template <class A>
void members(A& a, Duration& v) {
  a(v.us);
}
template <class A>
void members(A& a, Instant& v) {
  a(v.us);
}
template <class A>
void members(A& a, Histogram& v) {
  v.archive_with(a);
}
template <class A>
void members(A& a, Probability& v) {
  a(v.parts_per_billion);
}
template <class A, class Tag>
void members(A& a, Id<Tag>& v) {
  a(v.value);
}

template <class A>
void members(A& a, Metric& v) {
  auto& [id, counter, samples] = v;
  std::string name(info(id).name);  // numbers of metrics may change, their names do not
  a(name, counter, samples);
  const std::optional<MetricId> known = metric_called(name);
  if (!known) broken("there is no such metric");
  id = *known;
}
template <class A>
void members(A& a, PicturePoint& v) {
  auto& [at, tip, trim_horizon, checkpoint] = v;
  a(at, tip, trim_horizon, checkpoint);
}
template <class A>
void members(A& a, PictureBar& v) {
  auto& [count, started, ended, first, end, succeeded, partial, cut] = v;
  a(count, started, ended, first, end, succeeded, partial, cut);
}
template <class A>
void members(A& a, ShardPicture& v) {
  auto& [shard, points, bars, bars_left_out, labels] = v;
  a(shard, points, bars, bars_left_out, labels);
}
template <class A>
void members(A& a, ShardResult& v) {
  auto& [shard, stored, checkpoint, pending] = v;
  a(shard, stored, checkpoint, pending);
}
template <class A>
void members(A& a, MappingResult& v) {
  auto& [name, stream, function, invocations, deliveries, effects, fates, lost, duplicates,
         duplicates_by_cause, lost_by_cause, max_iterator_age, metrics, shards, pictures,
         lost_examples, duplicate_examples, longest_block] = v;
  a(name, stream, function, invocations, deliveries, effects, fates, lost, duplicates,
    duplicates_by_cause, lost_by_cause, max_iterator_age, metrics, shards, pictures, lost_examples,
    duplicate_examples, longest_block);
}
template <class A>
void members(A& a, DestinationMessage& v) {
  auto& [json, condition, approximate_invoke_count, true_invoke_count, batch_size, shard_id,
         function_error, has_response_context, records] = v;
  a(json, condition, approximate_invoke_count, true_invoke_count, batch_size, shard_id,
    function_error, has_response_context, records);
}
template <class A>
void members(A& a, DestinationResult& v) {
  auto& [name, messages, left_out] = v;
  a(name, messages, left_out);
}
template <class A>
void members(A& a, InvariantResult& v) {
  auto& [name, sentence, holds, checks, first_violation] = v;
  a(name, sentence, holds, checks, first_violation);
}
template <class A>
void members(A& a, RecordRow& v) {
  auto& [id, producer, key, shard, sequence_number, arrival_us, fates, deliveries, effects] = v;
  a(id, producer, key, shard, sequence_number, arrival_us, fates, deliveries, effects);
}
template <class A>
void members(A& a, InvocationRow& v) {
  auto& [number, mapping, function, shard, started_us, ended_us, attempt, records, outcome,
         request_id] = v;
  a(number, mapping, function, shard, started_us, ended_us, attempt, records, outcome, request_id);
}
template <class A>
void members(A& a, DeliveryRow& v) {
  auto& [id, mapping, shard, sequence_number, invocation, attempt, position, effect] = v;
  a(id, mapping, shard, sequence_number, invocation, attempt, position, effect);
}
template <class A>
void members(A& a, AssumptionsMet& v) {
  a(v.bits);
}
template <class A>
void members(A& a, Result& v) {
  auto& [seed, ended, simulated, trace_digest, produced, never_accepted, stored, lost, duplicates,
         mappings, destinations, invariants, situations, assumptions_met, events, watched, rows,
         invocations, deliveries] = v;
  a(seed, ended, simulated, trace_digest, produced, never_accepted, stored, lost, duplicates,
    mappings, destinations, invariants, situations, assumptions_met, events, watched, rows,
    invocations, deliveries);
}
template <class A>
void members(A& a, JudgedExpectation& v) {
  auto& [name, wanted, actual, actual_number, verdict, why] = v;
  a(name, wanted, actual, actual_number, verdict, why);
}
template <class A>
void members(A& a, Judgement& v) {
  auto& [verdict, expectations] = v;
  a(verdict, expectations);
}
template <class A>
void members(A& a, Answer& v) {
  auto& [kind, any_valid, any_invalid, lowest] = v;
  a(kind, any_valid, any_invalid, lowest);
}
template <class A>
void members(A& a, Outcome& v) {
  auto& [end, duration, effects_until, without_effect, answer, swallowed, failed_at] = v;
  static_cast<void>(failed_at);  // a function of the user's own never says it
  a(end, duration, effects_until, without_effect, answer, swallowed);
}
template <class A>
void members(A& a, RecordedOutcome& v) {
  a(v.number, v.outcome);
}
// Of version 1; modelled_until stands at the end since version 2.
template <class A>
void members(A& a, HandlerRecord& v) {
  auto& [own, outcomes, modelled_until] = v;
  a(own, outcomes);
}
template <class A>
void members(A& a, TimelineAction& v) {
  auto& [at, lasts, kind, function, mapping, shard_number, producer, probability, destination,
         enabled] = v;
  a(at, lasts, kind, function, mapping, shard_number, producer, probability, destination, enabled);
}
template <class A>
void members(A& a, Injection& v) {
  a(v.after_steps, v.action);
}
template <class A>
void members(A& a, Stop& v) {
  a(v.after_steps, v.now);
}
template <class A>
void members(A& a, Recipe& v) {
  a(v.injections, v.stop);
}
template <class A>
void members(A& a, ArchivedRun& v) {
  auto& [result, judgement, handlers, recipe] = v;
  a(result, judgement, handlers, recipe);
}

std::string digest_of(std::string_view bytes) {
  Digest digest;
  digest.add_text(bytes);
  return digest.hex();
}

}  // namespace

std::string to_bytes(const ArchivedRun& run) {
  Packer writer;
  writer.bytes = magic;
  std::uint32_t version = archive_version;
  auto& read_only = const_cast<ArchivedRun&>(run);  // a Writer only reads
  writer(version, read_only, read_only.handlers.modelled_until);
  return writer.bytes + digest_of(writer.bytes);
}

ArchivedRun from_bytes(std::string_view bytes) {
  if (bytes.size() < magic.size() + digest_bytes || bytes.substr(0, magic.size()) != magic) {
    broken("they begin with something else");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - digest_bytes);
  if (digest_of(body) != bytes.substr(body.size())) broken("a byte has changed");
  Unpacker reader(body.substr(magic.size()));
  std::uint32_t version = 0;
  reader(version);
  if (version > archive_version) {
    throw ArchiveError("this result was written by a newer version of trimhorizon");
  }
  ArchivedRun run;
  reader(run);
  if (version >= 2) reader(run.handlers.modelled_until);
  if (!reader.at_end()) broken("something follows");
  return run;
}

}  // namespace trimhorizon
