#include "tests/support/drawn_scenario.hpp"

#include <fmt/format.h>

#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

// Of the whole range, whatever the size of the case; `few` grows with it.
std::int64_t between(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}
std::int64_t few(std::int64_t low, std::int64_t high) {
  return *rc::gen::inRange<std::int64_t>(low, high + 1);
}
bool one_in(std::int64_t n) { return between(1, n) == n; }

template <class T>
T one_of(std::initializer_list<T> values) {
  return *(values.begin() + between(0, static_cast<std::int64_t>(values.size()) - 1));
}

std::uint32_t index_below(std::size_t n) {
  return static_cast<std::uint32_t>(between(0, static_cast<std::int64_t>(n) - 1));
}

Duration drawn_moment() {
  // Often the same one: what happens at one instant is where orders go wrong.
  return one_of({Duration{0}, milliseconds(100), milliseconds(500), seconds(1), seconds(2),
                 milliseconds(between(0, 8'000)), seconds(between(0, 90))});
}

void add_explicit_producer(Scenario& s, StreamId stream) {
  ProducerSettings settings;
  settings.ids = fmt::format("p{}-", s.producers.size());
  int number = 0;
  for (std::int64_t calls = few(1, 6); calls > 0; --calls) {
    PutCall call{Instant{0} + drawn_moment(), true, {}};
    for (std::int64_t n = few(1, 6); n > 0; --n, ++number) {
      const std::string id = settings.ids + std::to_string(number);
      call.records.push_back({id, fmt::format("k{}", between(0, 4)), id, std::nullopt});
    }
    settings.put.push_back(std::move(call));
  }
  settings.retry.mode = one_of({RetryMode::retries, RetryMode::none, RetryMode::ignore});
  settings.retry.attempts = static_cast<std::uint32_t>(between(0, 3));
  settings.retry.backoff = one_of({Duration{0}, milliseconds(50), seconds(1)});
  s.producers.push_back({fmt::format("p{}", s.producers.size()), stream, settings});
}

void add_load(Scenario& s, StreamId stream) {
  ProducerSettings settings;
  settings.ids = fmt::format("g{}-", s.producers.size());
  GeneratedLoad load;
  load.rate = {{Instant{0} + drawn_moment(), between(1, 20) * 1'000'000, seconds(1)}};
  load.records = static_cast<std::uint64_t>(few(1, 40));
  load.arrivals = one_of({Arrivals::steady, Arrivals::poisson});
  load.keys = {one_of({KeyDistribution::round_robin, KeyDistribution::uniform}),
               static_cast<std::uint32_t>(between(1, 6)), 1'000'000, "k"};
  load.batch = static_cast<std::uint32_t>(between(1, 4));
  if (one_in(12)) load.size_bytes = one_of<std::int64_t>({1 << 20, 2 << 20, 5 << 20});
  settings.load = load;
  settings.retry.attempts = static_cast<std::uint32_t>(between(0, 2));
  settings.retry.backoff = one_of({Duration{0}, milliseconds(300)});
  s.producers.push_back({fmt::format("g{}", s.producers.size()), stream, settings});
}

FailRule drawn_fail_rule(const Scenario& s) {
  FailRule rule;
  const std::int64_t kind = between(0, 3);
  if (kind == 0) {
    const ProducerEntry& producer = s.producers[index_below(s.producers.size())];
    for (std::int64_t n = between(1, 3); n > 0; --n) {
      rule.records.push_back(fmt::format("{}{}", producer.settings.ids, between(0, 9)));
    }
  } else if (kind == 1) {
    rule.keys = {fmt::format("k{}", between(0, 4))};
  }
  if (one_in(3)) rule.from = Instant{0} + drawn_moment();
  if (one_in(2)) rule.until = Instant{0} + drawn_moment() + seconds(between(0, 20));
  if (kind == 2 || one_in(3)) {
    rule.probability = Probability{static_cast<std::uint32_t>(between(0, 10)) * 100'000'000};
  }
  if (kind == 3 || one_in(4)) rule.attempts = {static_cast<std::uint32_t>(between(1, 3))};
  if (one_in(5)) rule.deliveries = {static_cast<std::uint32_t>(between(1, 3))};
  if (one_in(6)) rule.over_records = static_cast<std::uint64_t>(between(1, 4));
  if (one_in(10)) rule.over_bytes = between(5, 300);
  rule.as = one_of({FailAs::error, FailAs::error, FailAs::timeout, FailAs::crash});
  rule.after = one_of({FailAfter::none, FailAfter::some, FailAfter::all});
  return rule;
}

void add_function(Scenario& s) {
  FunctionSettings f;
  f.timeout_s = between(1, 5);
  f.duration.batch = one_of({milliseconds(1), milliseconds(100), seconds(1), seconds(6)});
  if (one_in(3)) f.duration = {milliseconds(20), milliseconds(between(0, 700)), std::nullopt};
  if (one_in(5)) f.duration.lognormal = Lognormal{milliseconds(300), 700'000};
  if (one_in(3)) f.cold_start = one_of({milliseconds(300), seconds(4)});
  if (one_in(4)) f.reserved_concurrency = static_cast<std::uint32_t>(between(0, 2));
  f.respond = one_of({Respond::raise, Respond::report_first_failure, Respond::report_failures,
                      Respond::swallow, Respond::stop_silently, Respond::fixed});
  if (f.respond == Respond::fixed) {
    f.fixed_response = one_of<const char*>(
        {"null", "{}", "\"text\"", "[1]", "{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}",
         "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[0]\"}]}",
         "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[2]\"}]}",
         "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[1]\"}, {\"x\": 1}]}"});
  }
  for (std::int64_t n = few(0, 3); n > 0; --n) f.fail.push_back(drawn_fail_rule(s));
  s.functions.push_back({fmt::format("f{}", s.functions.size()), f});
}

void add_mapping(Scenario& s) {
  MappingSettings m;
  m.batch_size = between(1, 7);
  m.batching_window_s = one_of<std::int64_t>({0, 0, 1, 3});
  m.maximum_retry_attempts = between(-1, 3);
  m.maximum_record_age_s = one_of<std::int64_t>({-1, -1, 60, 70});
  m.bisect_batch_on_function_error = one_in(2);
  m.report_batch_item_failures = one_in(2);
  m.enabled = !one_in(8);
  m.created = Instant{0} + one_of({Duration{0}, Duration{0}, drawn_moment()});
  m.create_delay = one_of({Duration{0}, Duration{0}, seconds(1), seconds(30)});
  m.update_delay = one_of({Duration{0}, seconds(5)});
  m.disable_delay = one_of({Duration{0}, Duration{0}, seconds(5), seconds(60)});
  m.starting_position = one_of({StartingPosition::trim_horizon, StartingPosition::trim_horizon,
                                StartingPosition::latest, StartingPosition::at_timestamp});
  if (m.starting_position == StartingPosition::at_timestamp) {
    m.starting_timestamp_ms = s.epoch_ms + between(0, m.created.us / 1000);
  }
  DestinationId destination;
  if (!s.destinations.empty() && one_in(2)) destination = {index_below(s.destinations.size())};
  s.mappings.push_back({fmt::format("m{}", s.mappings.size()),
                        {index_below(s.streams.size())},
                        {index_below(s.functions.size())},
                        destination,
                        m});
}

void add_action(Scenario& s) {
  TimelineAction action;
  action.at = Instant{0} + drawn_moment();
  if (!one_in(10)) {
    action.lasts = one_of({milliseconds(500), seconds(3), seconds(between(1, 80))});
  }
  action.kind = one_of({ActionKind::throttle, ActionKind::outage, ActionKind::crash_poller,
                        ActionKind::crash_poller, ActionKind::lose_acknowledgements,
                        ActionKind::fail_destination, ActionKind::update_event_source_mapping,
                        ActionKind::update_event_source_mapping});
  action.function = {index_below(s.functions.size())};
  action.mapping = {index_below(s.mappings.size())};
  action.shard_number =
      index_below(s.streams[s.mappings[action.mapping.value].stream.value].settings.shard_count);
  action.producer = {index_below(s.producers.size())};
  action.probability = Probability{one_of({1'000'000'000u, 500'000'000u})};
  action.enabled = one_in(2);
  if (action.kind == ActionKind::fail_destination) {
    if (s.destinations.empty()) return;
    action.destination = {index_below(s.destinations.size())};
  }
  s.timeline.push_back(action);
}

Backoff drawn_backoff(const Scenario& s) {
  Backoff backoff;
  backoff.on = s.duration > seconds(5) || !one_in(6);  // without one: a thousand attempts a second
  backoff.first = one_of({milliseconds(500), milliseconds(100), seconds(3)});
  backoff.factor_thousandths = one_of({2'000u, 1'000u, 1'500u});
  backoff.cap = one_of({seconds(15), seconds(4)});
  backoff.jitter = one_of({Backoff::Jitter::none, Backoff::Jitter::full});
  return backoff;
}

void draw_assumptions(Scenario& s) {
  for (const AssumptionInfo& info : assumption_table()) {
    if (info.values.empty() || !one_in(3)) continue;
    set_assumption(s.assumptions, info.which, index_below(info.values.size()));
  }
  if (one_in(3)) s.assumptions.retry_backoff = drawn_backoff(s);
  if (one_in(3)) s.assumptions.throttle_backoff = drawn_backoff(s);
  if (one_in(3)) s.assumptions.poller_failover = seconds(between(0, 4));
}

// Actions of the API that change shards or retention. AWS refuses many of them.
void add_api_calls(Scenario& s) {
  for (std::int64_t n = between(1, 6); n > 0; --n) {
    const StreamId stream{index_below(s.streams.size())};
    const auto shard = [] { return static_cast<std::uint32_t>(between(0, 6)); };
    TimelineAction action;
    action.kind = ActionKind::api_call;
    action.at = Instant{0} + drawn_moment();
    ApiCall call{stream, SplitShardCall{shard(), {}}};
    switch (between(0, 5)) {
      case 0:
        call.action = SplitShardCall{shard(), last_hash_key / 7 * HashKey(between(0, 7))};
        break;
      case 1: call.action = MergeShardsCall{shard(), shard()}; break;
      case 2: call.action = UpdateShardCountCall{between(1, 8)}; break;
      case 3: call.action = IncreaseRetentionCall{between(24, 72)}; break;
      case 4: call.action = DecreaseRetentionCall{between(24, 72)}; break;
      default: break;
    }
    action.call = call;
    s.timeline.push_back(action);
  }
  for (StreamEntry& each : s.streams) {
    each.settings.reshard_duration =
        one_of({seconds(25), seconds(1), Duration{0}, milliseconds(between(0, 9'000))});
  }
  s.assumptions.child_start_delay = one_of({seconds(8), Duration{0}, milliseconds(100)});
  if (one_in(3)) s.assumptions.reshard_listing = assume::reshard_listing::at_cut;
  if (one_in(3)) {
    s.assumptions.update_shard_count_plan = assume::update_shard_count_plan::split_then_merge;
  }
  if (one_in(4)) s.assumptions.child_shards = assume::child_shards::at_once;
  if (one_in(4)) s.assumptions.child_start = assume::child_start::starting_position;
}

}  // namespace

Scenario drawn_scenario(bool reshards) {
  Scenario s;
  s.seed = static_cast<std::uint64_t>(between(1, 1'000'000));
  s.duration = one_of({seconds(5), minutes(2), minutes(2), minutes(10)});
  for (std::int64_t n = one_in(5) ? 2 : 1; n > 0; --n) {
    StreamSettings stream;
    stream.shard_count = static_cast<std::uint32_t>(between(1, 3));
    s.streams.push_back({fmt::format("s{}", s.streams.size()), stream});
  }
  for (std::uint32_t i = 0; i < s.streams.size(); ++i) {
    if (!one_in(3)) add_explicit_producer(s, {i});
    if (one_in(2)) add_load(s, {i});
  }
  if (s.producers.empty()) add_explicit_producer(s, {0});
  for (std::int64_t n = between(0, 2); n > 0; --n) {
    s.destinations.push_back(
        {fmt::format("d{}", n), one_of({DestinationType::sqs, DestinationType::s3})});
  }
  for (std::int64_t n = between(1, 2); n > 0; --n) add_function(s);
  for (std::int64_t n = between(1, 3); n > 0; --n) add_mapping(s);
  for (std::int64_t n = few(0, 7); n > 0; --n) add_action(s);
  if (reshards && one_in(2)) add_api_calls(s);
  if (one_in(4)) s.streams[0].settings.limits = false;
  draw_assumptions(s);
  if (one_in(25)) {  // past the retention, with few attempts on the way
    s.duration = hours(50);
    s.assumptions.retry_backoff = {true, minutes(7), 1'000, minutes(7), Backoff::Jitter::none};
    s.assumptions.throttle_backoff = s.assumptions.retry_backoff;
    for (TimelineAction& action : s.timeline) {
      if (one_in(2)) action.at = Instant{0} + hours(between(0, 30));
    }
  }
  return s;
}

SiteSet all_sites() {
  SiteSet sites;
  for (const Site site : {Site::function_error, Site::timeout, Site::poller_crash,
                          Site::checkpoint_lost, Site::ack_lost, Site::ack_lost_late, Site::trim,
                          Site::throttle, Site::destination_failure, Site::fail_probability,
                          Site::lost_acknowledgement, Site::batch_size, Site::poller_crash_anywhere,
                          Site::overlapping_pollers, Site::iterator_expired, Site::free_slot}) {
    sites.add(site);
  }
  return sites;
}

std::uint32_t DrawnFaults::answer(const Question& question) {
  const std::uint64_t bits = mix64(seed_ ^ mix64(asked()));
  const bool costs = info(static_cast<Site>(question.site)).cost > 0;
  if (bits % 4 != 0 || (costs && budget_ == 0)) return 0;
  const auto chosen = static_cast<std::uint32_t>(mix64(bits) % question.arity);
  if (costs && chosen != 0) budget_ -= 1;
  return chosen;
}

}  // namespace trimhorizon::testing
