// A scenario told in a few words, and what came of it in a few more.
//
//   const Told told = story().records(6).batch(3).retries(3).report().poison("r5").tell();
//   CHECK(told.invocations() == "[0-2][3-5][5][5][5][5]");
//
// Always:
//  1. Unless said otherwise: one shard, keys k0..k9 in turn, TRIM_HORIZON, BatchSize 100, retries
//     and age without limit, 100 ms of work, a function that raises.
//     The stream takes and gives everything: a story is about limits only if it says so.
//  2. A word about a mapping or its function is about the last one that was added.
//  3. Telling a story checks every invariant, watches for what AWS never does, and compares the
//     ledger with the naive one.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/json.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon::testing {

constexpr Duration operator""_ms(unsigned long long n) { return milliseconds(std::int64_t(n)); }
constexpr Duration operator""_s(unsigned long long n) { return seconds(std::int64_t(n)); }
constexpr Duration operator""_m(unsigned long long n) { return minutes(std::int64_t(n)); }
constexpr Duration operator""_h(unsigned long long n) { return hours(std::int64_t(n)); }

// One invocation, as it was traced.
struct ToldCall {
  Instant at;
  std::uint32_t mapping = 0;
  std::uint32_t shard = 0;
  Span span;
  InvocationNumber request;  // names its request id
  std::uint64_t attempt = 1;
  DeliveryReason reason = DeliveryReason::first;
};

class Told {
 public:
  // "[0-2][3-5][5]": positions in the shard, in order of time.
  std::string invocations(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;
  // "0s[0-2] 0.6s[0-2]"
  std::string schedule(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;
  // "new same new": does a call repeat the request id of the call before it, or have one of its
  // own? "old": that of an earlier call.
  std::string requests(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;
  // One number a position of the shard: "1 1 1 1 1 5".
  std::string deliveries(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;
  std::string effects(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;
  // "processed 5, discarded 1", "bisect 9", "swallowed 3"; "none" without any.
  std::string fates(std::uint32_t mapping = 0) const;
  std::string duplicates(std::uint32_t mapping = 0) const;
  std::string lost(std::uint32_t mapping = 0) const;
  std::string checkpoint(std::uint32_t mapping = 0, std::uint32_t shard = 0) const;

  std::size_t messages() const;
  std::string message_text(std::size_t i = 0) const;
  // A member of a message: in_message("requestContext.condition"); "absent" if it is not there,
  // text without quotes, anything else as JSON.
  std::string in_message(const std::string& path, std::size_t i = 0) const;
  // "RetryAttemptsExhausted count 4 of [r5] functionError null", a line for each message.
  std::string letters() const;

  const ConsumerResult& mapping(std::uint32_t i = 0) const { return result.consumers[i]; }
  std::uint64_t metric(const std::string& name, std::uint32_t mapping = 0) const;
  Duration age_max(std::uint32_t mapping = 0) const;
  bool happened(Situation situation) const;
  bool met(Assumption assumption) const { return result.assumptions_met.has(assumption); }
  const World& world() const { return simulation->world(); }

  Result result;
  std::vector<ToldCall> calls;
  std::shared_ptr<Simulation> simulation;
};

class Story {
 public:
  Story();

  // What is put.
  Story& records(int n, Duration at = {});  // one PutRecords call; ids and keys go on
  Story& record(const std::string& id, const std::string& key, Duration at = {});
  Story& big_record(std::int64_t bytes, Duration at = {});
  Story& steady(std::int64_t per_second, std::uint64_t n, Duration from = {});  // g0, g1, …
  // One PutRecords call after another, each with one record for every shard; the first comes one
  // interval after the start. Call shards() first.
  Story& evenly(Duration interval, int calls);
  Story& shards(std::uint32_t n);
  Story& retention_hours(std::uint32_t n);
  Story& limits();  // the stream refuses what is above its limits, as on AWS
  Story& reshard_duration(Duration until_the_cut);
  Story& timestamp_skew(Duration at_most);
  Story& visibility_delay(const ReadDelay& delay);
  Story& empty_reads(std::uint32_t percent);  // of reads that find nothing of what is there
  // One record with this ExplicitHashKey, as a share of all keys: 0 is the lowest, 100 the highest.
  Story& record_at(const std::string& id, std::uint32_t percent, Duration at = {});
  Story& kpl(const KplSettings& settings = {});  // the producer of the records uses KPL
  Story& producer_retry(RetryMode mode, std::uint32_t attempts = 3, Duration backoff = 100_ms);

  // The mapping.
  Story& another_mapping(const std::string& name);  // with a function of its own
  Story& same_function();                           // as the mapping before
  Story& fan_out();                                 // it reads by enhanced fan-out
  Story& batch(std::int64_t n);
  Story& window(std::int64_t s);
  Story& retries(std::int64_t n);
  Story& age(std::int64_t s);
  Story& bisect();
  Story& report();
  Story& destination(DestinationType type = DestinationType::sqs);
  Story& starting(StartingPosition where, Duration timestamp = {});
  Story& created(Duration at, Duration create_delay = {}, Duration update_delay = {});
  Story& disable_delay(Duration polls_on);
  Story& disabled();

  // The function.
  Story& deaggregates(bool filters = false);
  Story& poison(const std::string& id);
  Story& fail(FailRule rule);
  Story& respond(Respond how);
  Story& returns(const std::string& json);
  Story& work(Duration each_batch, Duration each_record = {});
  Story& drawn_work(Duration mean, std::uint32_t sigma_millionths);
  Story& timeout(std::int64_t s);
  Story& cold_start(Duration lasts);
  Story& reserved(std::uint32_t n);

  // The timeline.
  Story& call(Duration at, ApiAction action);      // of the API, on the first stream
  Story& read(Duration at, const BareRead& read);  // one that belongs to no consumer
  Story& failing_reads(Duration at, const FailureRates& rates);
  Story& failing_puts(Duration at, Duration lasts, const FailureRates& rates);
  Story& throttle(Duration at, Duration lasts);
  Story& outage(Duration at, Duration lasts);
  Story& crash(Duration at, std::uint32_t shard = 0);
  Story& disable(Duration at);
  Story& enable(Duration at);
  Story& fail_destination(Duration at, Duration lasts);
  Story& lose_acknowledgements(Duration at, Duration lasts, Probability p = {1'000'000'000});

  // The run.
  Story& assume(const std::string& name, const std::string& value);
  Story& backoff(Backoff retry);
  Story& throttle_backoff(Backoff throttle);
  Story& failover(Duration until_the_new_poller_reads);
  Story& lasts(Duration run);
  Story& seed(std::uint64_t n);

  const Scenario& scenario() const { return scenario_; }
  Told tell() const;
  // Asks `choices` instead of the seed.
  Told tell(Choices& choices) const;

 private:
  MappingEntry& mapping() { return scenario_.mappings.back(); }
  FunctionSettings& function() { return scenario_.functions[mapping().function.value].settings; }
  ProducerSettings& shop() { return scenario_.producers.front().settings; }
  Story& act(TimelineAction action, Duration at);

  Scenario scenario_;
  int put_ = 0;
};

inline Story story() { return {}; }

// The default waits of a throttled batch, 0.5 s doubling to 15 s, without their jitter.
inline constexpr Backoff exact_throttles{.first = milliseconds(500)};

// Every invariant and the comparison with the naive ledger, as assertions of the test; done by
// tell(), for those who drive a Simulation themselves.
class NaiveLedger;
void check_against(const NaiveLedger& naive, const Simulation& simulation, const Result& result);

}  // namespace trimhorizon::testing
