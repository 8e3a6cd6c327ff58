#include "tests/support/story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/naive_ledger.hpp"
#include "tests/support/rule_watch.hpp"

namespace trimhorizon::testing {

Story::Story() {
  scenario_.streams.push_back({"orders", {}});
  scenario_.streams.front().settings.limits = false;
  scenario_.producers.push_back({"shop", {0}, {}});
  shop().ids = "r";
  scenario_.functions.push_back({"billing", {}});
  scenario_.mappings.push_back({"billing-orders", {0}, {0}, {}, {}});
}

Story& Story::record(const std::string& id, const std::string& key, Duration at) {
  shop().put.push_back({Instant{0} + at, false, {{id, key, id, std::nullopt}}});
  put_ += 1;
  return *this;
}

Story& Story::records(int n, Duration at) {
  PutCall call{Instant{0} + at, true, {}};
  for (int i = 0; i < n; ++i, ++put_) {
    const std::string id = "r" + std::to_string(put_);
    call.records.push_back({id, "k" + std::to_string(put_ % 10), id, std::nullopt});
  }
  shop().put.push_back(std::move(call));
  return *this;
}

Story& Story::big_record(std::int64_t bytes, Duration at) {
  records(1, at);
  shop().put.back().records.back().data.resize(static_cast<std::size_t>(bytes), ' ');
  return *this;
}

Story& Story::steady(std::int64_t per_second, std::uint64_t n, Duration from) {
  ProducerSettings clicks;
  clicks.ids = "g";
  GeneratedLoad load;
  load.rate = {{Instant{0} + from, per_second * 1'000'000, seconds(1)}};
  load.records = n;
  clicks.load = load;
  scenario_.producers.push_back({"clicks", {0}, clicks});
  return *this;
}

Story& Story::evenly(Duration interval, int calls) {
  const auto ranges = initial_hash_ranges(scenario_.streams.front().settings.shard_count);
  for (int i = 1; i <= calls; ++i) {
    PutCall call{Instant{0} + interval * i, true, {}};
    for (const HashKeyRange& range : ranges) {
      const std::string id = "r" + std::to_string(put_++);
      call.records.push_back({id, id, id, to_decimal(range.first)});
    }
    shop().put.push_back(std::move(call));
  }
  return *this;
}

Story& Story::shards(std::uint32_t n) {
  scenario_.streams.front().settings.shard_count = n;
  return *this;
}

Story& Story::retention_hours(std::uint32_t n) {
  scenario_.streams.front().settings.retention_hours = n;
  return *this;
}

Story& Story::producer_retry(RetryMode mode, std::uint32_t attempts, Duration backoff) {
  shop().retry = {mode, attempts, RetryScope::failed_only, backoff};
  return *this;
}

Story& Story::kpl(const KplSettings& settings) {
  shop().kpl = settings;
  return *this;
}

Story& Story::deaggregates(bool filters) {
  function().deaggregate = true;
  function().filter_out_of_range_user_records = filters;
  return *this;
}

Story& Story::fan_out() {
  const auto number = static_cast<std::uint32_t>(scenario_.stream_consumers.size());
  const std::string name = "efo-" + std::to_string(number);
  scenario_.stream_consumers.push_back({name, {0}, name});
  mapping().consumer = StreamConsumerId{number};
  return *this;
}

Story& Story::another_mapping(const std::string& name) {
  scenario_.functions.push_back({name + "-function", {}});
  const auto function = static_cast<std::uint32_t>(scenario_.functions.size() - 1);
  scenario_.mappings.push_back({name, {0}, {function}, {}, {}});
  return *this;
}

Story& Story::same_function() {
  mapping().function = scenario_.mappings[scenario_.mappings.size() - 2].function;
  return *this;
}

Story& Story::batch(std::int64_t n) { return mapping().settings.batch_size = n, *this; }
Story& Story::window(std::int64_t s) { return mapping().settings.batching_window_s = s, *this; }
Story& Story::retries(std::int64_t n) {
  return mapping().settings.maximum_retry_attempts = n, *this;
}
Story& Story::age(std::int64_t s) { return mapping().settings.maximum_record_age_s = s, *this; }
Story& Story::bisect() { return mapping().settings.bisect_batch_on_function_error = true, *this; }
Story& Story::disabled() { return mapping().settings.enabled = false, *this; }

Story& Story::report() {
  mapping().settings.report_batch_item_failures = true;
  if (function().respond == Respond::raise) function().respond = Respond::report_first_failure;
  return *this;
}

Story& Story::destination(DestinationType type) {
  const std::string name = "dlq" + std::to_string(scenario_.destinations.size());
  scenario_.destinations.push_back({name, type});
  mapping().on_failure = {static_cast<std::uint32_t>(scenario_.destinations.size() - 1)};
  return *this;
}

Story& Story::starting(StartingPosition where, Duration timestamp) {
  mapping().settings.starting_position = where;
  if (where == StartingPosition::at_timestamp) {
    mapping().settings.starting_timestamp_ms = scenario_.epoch_ms + timestamp.us / 1000;
  }
  return *this;
}

Story& Story::created(Duration at, Duration create_delay, Duration update_delay) {
  mapping().settings.created = Instant{0} + at;
  mapping().settings.create_delay = create_delay;
  mapping().settings.update_delay = update_delay;
  return *this;
}

Story& Story::disable_delay(Duration polls_on) {
  return mapping().settings.disable_delay = polls_on, *this;
}

Story& Story::poison(const std::string& id) {
  FailRule rule;
  rule.records = {id};
  return fail(rule);
}

Story& Story::fail(FailRule rule) { return function().fail.push_back(std::move(rule)), *this; }
Story& Story::respond(Respond how) { return function().respond = how, *this; }

Story& Story::returns(const std::string& json) {
  function().respond = Respond::fixed;
  function().fixed_response = json;
  return *this;
}

Story& Story::work(Duration each_batch, Duration each_record) {
  return function().duration = {each_batch, each_record, std::nullopt}, *this;
}

Story& Story::drawn_work(Duration mean, std::uint32_t sigma_millionths) {
  return function().duration = {{}, {}, Lognormal{mean, sigma_millionths}}, *this;
}

Story& Story::timeout(std::int64_t s) { return function().timeout_s = s, *this; }
Story& Story::cold_start(Duration lasts) { return function().cold_start = lasts, *this; }
Story& Story::reserved(std::uint32_t n) { return function().reserved_concurrency = n, *this; }

Story& Story::act(TimelineAction action, Duration at) {
  action.at = Instant{0} + at;
  action.function = mapping().function;
  action.mapping = {static_cast<std::uint32_t>(scenario_.mappings.size() - 1)};
  action.producer = {0};
  action.destination = mapping().on_failure;
  scenario_.timeline.push_back(action);
  return *this;
}

Story& Story::read(Duration at, const BareRead& read) {
  TimelineAction action;
  action.kind = ActionKind::get_records;
  action.read = read;
  return act(action, at);
}

Story& Story::failing_reads(Duration at, const FailureRates& rates) {
  TimelineAction action;
  action.kind = ActionKind::stream_failures;
  action.failures = StreamFailures{{0}, {}, rates};
  return act(action, at);
}

Story& Story::failing_puts(Duration at, Duration lasts, const FailureRates& rates) {
  TimelineAction action;
  action.kind = ActionKind::stream_failures;
  action.failures = StreamFailures{{0}, rates, {}};
  action.lasts = lasts;
  return act(action, at);
}

Story& Story::throttle(Duration at, Duration lasts) {
  return act({.lasts = lasts, .kind = ActionKind::throttle}, at);
}
Story& Story::outage(Duration at, Duration lasts) {
  return act({.lasts = lasts, .kind = ActionKind::outage}, at);
}
Story& Story::crash(Duration at, std::uint32_t shard) {
  return act({.kind = ActionKind::crash_poller, .shard_number = shard}, at);
}
Story& Story::call(Duration at, ApiAction action) {
  return act({.kind = ActionKind::api_call, .call = ApiCall{{0}, std::move(action)}}, at);
}
Story& Story::timestamp_skew(Duration at_most) {
  scenario_.streams.front().settings.timestamp_skew = at_most;
  return *this;
}

Story& Story::visibility_delay(const ReadDelay& delay) {
  scenario_.streams.front().settings.visibility_delay = delay;
  return *this;
}

Story& Story::empty_reads(std::uint32_t percent) {
  scenario_.streams.front().settings.empty_read_probability = {percent * 10'000'000};
  return *this;
}

Story& Story::limits() {
  scenario_.streams.front().settings.limits = true;
  return *this;
}
Story& Story::reshard_duration(Duration until_the_cut) {
  scenario_.streams.front().settings.reshard_duration = until_the_cut;
  return *this;
}
Story& Story::record_at(const std::string& id, std::uint32_t percent, Duration at) {
  record(id, "k", at);
  const HashKey hash = last_hash_key / 100 * percent;
  shop().put.back().records.back().explicit_hash_key = to_decimal(hash);
  return *this;
}
Story& Story::disable(Duration at) {
  return act({.kind = ActionKind::update_event_source_mapping, .enabled = false}, at);
}
Story& Story::enable(Duration at) {
  return act({.kind = ActionKind::update_event_source_mapping, .enabled = true}, at);
}
Story& Story::fail_destination(Duration at, Duration lasts) {
  return act({.lasts = lasts, .kind = ActionKind::fail_destination}, at);
}
Story& Story::lose_acknowledgements(Duration at, Duration lasts, Probability p) {
  return act({.lasts = lasts, .kind = ActionKind::lose_acknowledgements, .probability = p}, at);
}

Story& Story::assume(const std::string& name, const std::string& value) {
  for (const AssumptionInfo& info : assumption_table()) {
    if (info.name != name) continue;
    for (std::uint32_t i = 0; i < info.values.size(); ++i) {
      if (info.values[i] == value) {
        set_assumption(scenario_.assumptions, info.which, i);
        return *this;
      }
    }
  }
  FAIL("no such assumption: " << name << ": " << value);
  return *this;
}

Story& Story::backoff(Backoff retry) { return scenario_.assumptions.retry_backoff = retry, *this; }
Story& Story::throttle_backoff(Backoff throttle) {
  return scenario_.assumptions.throttle_backoff = throttle, *this;
}
Story& Story::failover(Duration until_the_new_poller_reads) {
  return scenario_.assumptions.poller_failover = until_the_new_poller_reads, *this;
}
Story& Story::lasts(Duration run) { return scenario_.duration = run, *this; }
Story& Story::seed(std::uint64_t n) { return scenario_.seed = n, *this; }

namespace {

class CallCollector : public Observer {
 public:
  explicit CallCollector(std::vector<ToldCall>& calls) : calls_(calls) {}
  void on(const Happened& event, const World& world) override {
    const auto* call = std::get_if<Delivered>(&event.what);
    if (call == nullptr) return;
    calls_.push_back({event.at, world.reader(call->reader).consumer.value, call->batch.shard.value,
                      call->batch.span, call->request, call->attempt, call->reason});
  }

 private:
  std::vector<ToldCall>& calls_;
};

Told run(std::shared_ptr<Simulation> simulation) {
  Told told;
  NaiveLedger naive;
  RuleWatch rules;
  CallCollector collector(told.calls);
  simulation->watch(naive);
  simulation->watch(rules);
  simulation->watch(collector);
  simulation->run();
  told.result = build_result(*simulation, {.rows = true, .watched = {}});
  check_against(naive, *simulation, told.result);
  CHECK(rules.text() == "");
  told.simulation = std::move(simulation);
  return told;
}

}  // namespace

void check_against(const NaiveLedger& naive, const Simulation& simulation, const Result& result) {
  const std::string differences =
      naive.differences(simulation.world(), simulation.history(), result);
  CHECK(differences == "");
}

Told Story::tell() const { return run(std::make_shared<Simulation>(make_plan(scenario_))); }

Told Story::tell(Choices& choices) const {
  ModelledFunction function;
  Told told = run(std::make_shared<Simulation>(make_plan(scenario_), choices, function));
  return told;
}

}  // namespace trimhorizon::testing
