#include "sim/handlers/handler_reply.hpp"

#include <algorithm>
#include <variant>

#include "sim/base/json.hpp"
#include "sim/lambda/response.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/modelled_function.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

void sort_once(std::vector<std::uint32_t>& offsets) {
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
}

// Reads the answer as the mapping reads it (ESM-PBR-02, ESM-PBR-03, ESM-PBR-12). Otherwise a report
// would be judged in another way than on AWS.
void read_answer(const HandlerCall& call, const std::string& response, HandlerReply& reply) {
  const auto parsed = parse_json(response);
  if (!std::holds_alternative<Json>(parsed)) {
    reply.answer = {Answer::Kind::malformed};
    return;
  }
  ResponseShape shape = read_response(std::get<Json>(parsed));
  reply.answer = {shape.kind};
  if (shape.kind != Answer::Kind::report) return;
  std::vector<std::string> numbers;
  for (std::uint64_t i = 0; i < call.records.span.count(); ++i) {
    numbers.push_back(sequence_number_of(call.world, call.records.shard, call.records.at(i)));
  }
  const auto offset_of = [&](const std::string& text) -> std::optional<std::uint32_t> {
    const auto found = std::find(numbers.begin(), numbers.end(), text);
    if (found == numbers.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - numbers.begin());
  };
  // `$sequence[i]` belongs to our file format. In the answer of a real function it is an unknown
  // text.
  for (ItemIdentifier& item : shape.identifiers) {
    if (item.text && parse_sequence_placeholder(*item.text)) item.text = std::nullopt;
  }
  reply.answer = resolve_identifiers(shape, static_cast<std::uint32_t>(numbers.size()), offset_of);
  reply.answer.named = whole_records(call.world, call.records, reply.answer.named);
}

// A real function knows records by their place in the event, where an aggregate may be one record.
std::vector<std::uint32_t> offsets_of_records(const HandlerCall& call,
                                              const std::vector<std::uint32_t>& places) {
  if (!call.records.has_aggregates()) return places;
  const Packs& packs = call.world.shard(call.records.shard).packs;
  const Position first = call.records.first();
  std::vector<std::uint32_t> offsets;
  for (const std::uint32_t place : places) {
    offsets.push_back(
        static_cast<std::uint32_t>(packs.position_of(packs.index_of(first) + place) - first));
  }
  return whole_records(call.world, call.records, offsets);
}

// Sets the effects to exactly these offsets. REQUIRES: they are ascending.
void set_effects(Outcome& outcome, const std::vector<std::uint32_t>& offsets) {
  outcome.effects_until = offsets.empty() ? 0 : offsets.back() + 1;
  outcome.without_effect.clear();
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < outcome.effects_until; ++i) {
    if (offsets[next] == i)
      ++next;
    else
      outcome.without_effect.push_back(i);
  }
}

// Sets the effects to all records before `n`, except those in `without`.
void set_effects_except(Outcome& outcome, std::uint32_t n, std::vector<std::uint32_t> without) {
  std::erase_if(without, [&](std::uint32_t offset) { return offset >= n; });
  outcome.effects_until = n;
  outcome.without_effect = std::move(without);
}

// The function returned. When its work is longer than Timeout, it kept only a part of its effects.
void judge_returned(const HandlerReply& reply, std::uint32_t n, Duration timeout,
                    Outcome& outcome) {
  if (reply.too_large) {
    outcome.end = InvocationEnd::error;
    set_effects(outcome, reply.effects);
    return;
  }
  std::uint32_t reached = n;
  if (outcome.duration > timeout) {
    outcome.end = InvocationEnd::timeout;
    reached =
        static_cast<std::uint32_t>(static_cast<__int128>(n) * timeout.us / outcome.duration.us);
  } else {
    outcome.answer = reply.answer;
  }
  if (reply.reports_effects) {
    set_effects(outcome, reply.effects);
  } else {
    set_effects_except(outcome, reached, reply.answer.named);
  }
  outcome.swallowed = outcome.end == InvocationEnd::returned && outcome.answer.hides_failures() &&
                      (outcome.effects_until < n || !outcome.without_effect.empty());
}

}  // namespace

HandlerReply read_reply(const HandlerCall& call, HandlerAnswer answer) {
  HandlerReply reply;
  reply.end = answer.end;
  reply.slept = answer.slept;
  reply.reports_effects = answer.reports_effects;
  reply.effects = std::move(answer.effects);
  sort_once(reply.effects);
  reply.effects = offsets_of_records(call, reply.effects);
  if (answer.end != InvocationEnd::returned) return reply;
  // ESM-RTY-09: Lambda fails an invocation whose answer is too large.
  reply.too_large = answer.response.size() > response_bytes_max;
  if (!reply.too_large) read_answer(call, answer.response, reply);
  return reply;
}

namespace {

// The records of the call before this offset.
Batch given_until(const InvocationRequest& request, const World& world, std::uint64_t offset) {
  return batch_of(world, consumer_of(request.mapping), request.batch.shard,
                  request.batch.head(offset).span);
}

}  // namespace

OwnInvocation ask_own_invocation(const InvocationRequest& request, const World& world,
                                 Choices& choices) {
  OwnInvocation own;
  own.given = request.batch;
  own.rule = failing_invocation(request, world, choices);
  if (own.rule != nullptr) {  // it fails anyway, so no fault is asked
    if (own.rule->after == FailAfter::none) own.given = given_until(request, world, 0);
    if (own.rule->after == FailAfter::some) {
      own.given = given_until(request, world, effects_before_failure(request, world));
    }
    return own;
  }
  own.fails_at = ask_own_failure(request, choices);
  if (own.fails_at) own.given = given_until(request, world, *own.fails_at);
  return own;
}

Outcome judge_reply(const InvocationRequest& request, const World& world, const OwnInvocation& own,
                    const HandlerReply& reply) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  const Duration timeout = world.plan->function(function).settings.timeout();
  Outcome outcome;
  outcome.duration = modelled_duration(request, world) + reply.slept;
  if (reply.end == InvocationEnd::returned) {
    judge_returned(reply, static_cast<std::uint32_t>(own.given.span.count()), timeout, outcome);
  } else {
    outcome.end = reply.end;
    set_effects(outcome, reply.effects);
  }
  if (!own.answer_counts()) {  // its effects stay, its answer does not count
    outcome.end = own.rule != nullptr ? end_of(own.rule->as) : InvocationEnd::error;
    outcome.answer = {};
    outcome.swallowed = false;
  }
  if (outcome.end == InvocationEnd::timeout) outcome.duration = timeout;
  outcome.duration = std::min(outcome.duration, timeout);
  return outcome;
}

}  // namespace trimhorizon
