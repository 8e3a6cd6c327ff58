// Each struct has one list of its members, for reading and for writing. A structured binding takes
// the struct apart, so a forgotten member does not compile. Integers are little-endian, base 128.
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
  throw ArchiveError(std::string("these bytes are not a result of trimhorizon: ") + what);
}

class Packer {
 public:
  static constexpr bool reading = false;
  static constexpr std::uint32_t version = archive_version;
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
    } else if constexpr (std::signed_integral<T>) {  // small negative numbers need few bytes
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
  static constexpr bool reading = true;
  std::uint32_t version = 0;

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
  std::size_t count() {  // a bound: each element needs at least one byte
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

template <class A>
void members(A& a, Metric& v) {
  auto& [id, counter, samples] = v;
  by_name(a, id);
  a(counter, samples);
}
TH_ARCHIVED(PicturePoint, at, tip, trim_horizon, checkpoint)
TH_ARCHIVED(PictureBar, count, started, ended, first, end, succeeded, partial, cut)
TH_ARCHIVED(ShardPicture, shard, points, bars, bars_left_out, labels)
TH_ARCHIVED(ShardResult, shard, stored, checkpoint, pending)
TH_ARCHIVED(LongestBlock, record, position, shard, lasted, attempts, throttles, release)
template <class A>
void members(A& a, ConsumerResult& v) {
  auto& [name, stream, function, invocations, deliveries, effects, fates, lost, duplicates,
         duplicates_by_cause, lost_by_cause, max_iterator_age, metrics, shards, pictures,
         lost_examples, duplicate_examples, longest_block] = v;
  a(name, stream, function, invocations, deliveries, effects, fates, lost, duplicates,
    duplicates_by_cause, lost_by_cause, max_iterator_age, metrics, shards, pictures, lost_examples,
    duplicate_examples);
  if (a.version >= 3) return a(longest_block);
  std::optional<std::string> sentence;  // older archives have a sentence here, without its facts
  a(sentence);
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
  for (const auto& [consumer, fate, delivered, effect] : consumers) {
    fates.emplace_back(consumer, name(fate));
    deliveries.emplace_back(consumer, delivered);
    effects.emplace_back(consumer, effect);
  }
  a(id, producer, key, shard, sequence_number, arrival_us, fates, deliveries, effects);
  if (deliveries.size() != fates.size() || effects.size() != fates.size())
    broken("a row is too short");
  if constexpr (!A::reading) return;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    consumers.push_back(
        {fates[i].first, known<Fate>(fates[i].second), deliveries[i].second, effects[i].second});
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
void members(A& a, AssumptionsMet& v) {
  a(v.bits);
}
template <class A>
void members(A& a, Result& v) {
  auto& [seed, ended, simulated, trace_digest, produced, never_accepted, stored, lost, duplicates,
         consumers, destinations, invariants, situations, assumptions_met, events, watched, rows,
         invocations, deliveries] = v;
  a(seed);
  by_name(a, ended);
  a(simulated, trace_digest, produced, never_accepted, stored, lost, duplicates, consumers,
    destinations, invariants, situations, assumptions_met, events, watched, rows, invocations,
    deliveries);
}
TH_ARCHIVED(JudgedExpectation, name, wanted, actual, actual_number, verdict, why)
TH_ARCHIVED(Judgement, verdict, expectations)
TH_ARCHIVED(Answer, kind, any_valid, any_invalid, lowest)
template <class A>
void members(A& a, Outcome& v) {
  auto& [end, duration, effects_until, without_effect, answer, swallowed, failed_at] = v;
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
TH_ARCHIVED(TimelineAction, at, lasts, kind, function, mapping, shard_number, producer, probability,
            destination, enabled)
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
  Packer writer;
  writer.bytes = magic;
  std::uint32_t version = archive_version;
  auto& read_only = const_cast<ArchivedRun&>(run);  // a Writer only reads it
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
  reader(reader.version);
  if (reader.version > archive_version) {
    throw ArchiveError("this result was written by a newer version of trimhorizon");
  }
  ArchivedRun run;
  reader(run);
  if (reader.version >= 2) reader(run.handlers.modelled_until);
  if (!reader.at_end()) broken("there are more bytes after the end");
  return run;
}

}  // namespace trimhorizon
