#include "sim/run/recorded_handlers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/base/check.hpp"
#include "sim/base/json.hpp"
#include "sim/lambda/response.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

// LAM: a response above 6 MB is a function error (Function.ResponseSizeTooLarge).
constexpr std::size_t response_bytes_max = 6 * 1024 * 1024 + 100;

struct Read {
  Answer answer;
  std::vector<std::uint32_t> named;  // offsets of its valid identifiers, ascending
};

// ESM-PBR-02, ESM-PBR-03, ESM-PBR-12: the answer as the mapping reads it.
Read read_answer(const HandlerCall& call, const std::string& response) {
  const auto parsed = parse_json(response);
  if (!std::holds_alternative<Json>(parsed)) return {{Answer::Kind::malformed}, {}};
  ResponseShape shape = read_response(std::get<Json>(parsed));
  if (shape.kind != Answer::Kind::report) return {{shape.kind}, {}};
  std::vector<std::string> numbers;
  for (Position p = call.records.first; p < call.records.end; ++p) {
    numbers.push_back(sequence_number_of(call.world, call.shard, p));
  }
  Read read;
  const auto offset_of = [&](const std::string& text) -> std::optional<std::uint32_t> {
    const auto found = std::find(numbers.begin(), numbers.end(), text);
    if (found == numbers.end()) return std::nullopt;
    const auto offset = static_cast<std::uint32_t>(found - numbers.begin());
    read.named.push_back(offset);
    return offset;
  };
  // `$sequence[i]` is a word of our file format, and no sequence number of AWS.
  for (ItemIdentifier& item : shape.identifiers) {
    if (item.text && parse_sequence_placeholder(*item.text)) item.text = std::nullopt;
  }
  read.answer =
      resolve_identifiers(shape, static_cast<std::uint32_t>(numbers.size()), offset_of);
  std::sort(read.named.begin(), read.named.end());
  read.named.erase(std::unique(read.named.begin(), read.named.end()), read.named.end());
  return read;
}

// Effects on exactly these offsets.
void set_effects(Outcome& outcome, std::vector<std::uint32_t> offsets) {
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
  outcome.effects_until = offsets.empty() ? 0 : offsets.back() + 1;
  outcome.without_effect.clear();
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < outcome.effects_until; ++i) {
    if (offsets[next] == i) ++next;
    else outcome.without_effect.push_back(i);
  }
}

// Records before `n`, but for `without`.
void set_effects_but(Outcome& outcome, std::uint32_t n, std::vector<std::uint32_t> without) {
  std::erase_if(without, [&](std::uint32_t offset) { return offset >= n; });
  outcome.effects_until = n;
  outcome.without_effect = std::move(without);
}

// It did return; how far it came by Timeout is format rule 8.
void judge_returned(const HandlerCall& call, const HandlerAnswer& answer, Outcome& outcome) {
  const auto n = static_cast<std::uint32_t>(call.records.count());
  if (answer.response.size() > response_bytes_max) {
    outcome.end = InvocationEnd::error;
    set_effects(outcome, answer.effects);
    return;
  }
  Read read = read_answer(call, answer.response);
  std::uint32_t reached = n;
  if (outcome.duration > call.timeout) {
    outcome.end = InvocationEnd::timeout;
    reached = static_cast<std::uint32_t>(static_cast<__int128>(n) * call.timeout.us /
                                         outcome.duration.us);
  } else {
    outcome.answer = read.answer;
  }
  if (answer.reports_effects) {
    set_effects(outcome, answer.effects);
  } else {
    set_effects_but(outcome, reached, std::move(read.named));
  }
  outcome.swallowed =
      outcome.end == InvocationEnd::returned && outcome.answer.kind == Answer::Kind::success &&
      (outcome.effects_until < n || !outcome.without_effect.empty());
}

}  // namespace

const Outcome* HandlerRecord::find(std::uint64_t number) const {
  const auto at = std::lower_bound(
      outcomes.begin(), outcomes.end(), number,
      [](const RecordedOutcome& each, std::uint64_t wanted) { return each.number < wanted; });
  return at != outcomes.end() && at->number == number ? &at->outcome : nullptr;
}

void RecordedHandlers::answer_with(FunctionId function, Call call) {
  if (record_.own.size() <= function.value) record_.own.resize(function.value + 1);
  if (calls_.size() <= function.value) calls_.resize(function.value + 1);
  record_.own[function.value] = true;
  calls_[function.value] = std::move(call);
}

bool RecordedHandlers::is_own(FunctionId function) const {
  return function.value < record_.own.size() && record_.own[function.value];
}

RecordedHandlers::Environment& RecordedHandlers::environment_for(FunctionId function,
                                                                 const World& world, bool& cold) {
  Environment* best = nullptr;
  for (Environment& each : environments_) {
    if (cold || each.function != function || each.free_at > world.now) continue;
    if (best == nullptr || each.free_at > best->free_at) best = &each;
  }
  if (best != nullptr) return *best;
  cold = true;  // also where an outage warmed an environment that no handler has seen
  return environments_.emplace_back(Environment{environments_made_++, function, {}});
}

Outcome RecordedHandlers::decide(const InvocationRequest& request, const World& world,
                                 const FailRule* rule) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  const FunctionSettings& settings = world.plan->function(function).settings;
  bool cold = request.cold;
  Environment& environment = environment_for(function, world, cold);
  Span given = request.records;
  if (rule != nullptr && rule->after == FailAfter::none) given.end = given.first;
  if (rule != nullptr && rule->after == FailAfter::some) {
    given.end = given.first + effects_before_failure(request, world);
  }
  const HandlerCall call{world,       function,
                         request.shard, given,
                         request.number, world.now + (cold ? settings.cold_start : Duration{0}),
                         settings.timeout(), environment.number, cold};
  HandlerAnswer answer;
  answer.response = "null";
  if (!given.empty()) answer = calls_[function.value](call);

  Outcome outcome;
  outcome.duration = modelled_duration(request, world) + answer.slept;
  if (answer.end == InvocationEnd::returned) {
    judge_returned(call, answer, outcome);
  } else {
    outcome.end = answer.end;
    set_effects(outcome, answer.effects);
  }
  if (rule != nullptr) {  // what it did stays, what it said does not count
    outcome.end = end_of(rule->as);
    outcome.answer = {};
    outcome.swallowed = false;
  }
  if (outcome.end == InvocationEnd::timeout) outcome.duration = call.timeout;
  outcome.duration = std::min(outcome.duration, call.timeout);
  environment.free_at = call.starts + outcome.duration;
  if (outcome.end == InvocationEnd::crash) {
    std::erase_if(environments_,
                  [&](const Environment& each) { return each.number == call.environment; });
  }
  return outcome;
}

Outcome RecordedHandlers::invoke(const InvocationRequest& request, const World& world,
                                 Choices& choices) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  if (!is_own(function)) return modelled_.invoke(request, world, choices);
  // Asked in a replay too: the questions of a run are the same whoever answers.
  const FailRule* rule = failing_invocation(request, world, choices);
  if (const Outcome* known = record_.find(request.number)) return *known;
  if (function.value >= calls_.size() || !calls_[function.value]) {
    throw ReplayError(fmt::format(
        "invocation {} of {} was never recorded: this is not the run that was recorded",
        request.number, world.plan->function(function).name));
  }
  record_.outcomes.push_back({request.number, decide(request, world, rule)});
  return record_.outcomes.back().outcome;
}

}  // namespace trimhorizon
