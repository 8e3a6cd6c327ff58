#include "sim/handlers/memo_handlers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/world/first_world.hpp"

namespace trimhorizon {
namespace {

// Two occasions. They differ in everything that a function can see beside its records: the hour,
// minute, second and day of the week, and the age of the records.
constexpr Instant first_time{hours(1).us};
constexpr Duration first_age = seconds(1);
constexpr Instant other_time{hours(9 * 24 + 7).us + minutes(13).us + 11'234'567};
constexpr Duration other_age = hours(23);
constexpr std::uint64_t other_position = 7;
// The most ids in one sentence; of a longer list only the first and the last.
constexpr std::size_t names_told = 8;
// Request ids of a batch: for the two calls of each attempt, and for the extra call.
constexpr std::uint64_t numbers_of_batch = 4 * attempts_told_apart;

std::string_view end_word(const HandlerReply& reply) {
  if (reply.too_large) return "more than 6 MB returned";
  switch (reply.end) {
    case InvocationEnd::returned: return "returned";
    case InvocationEnd::error: return "an error";
    case InvocationEnd::timeout: return "a timeout";
    case InvocationEnd::crash: return "a crash";
  }
  return "";
}

std::string_view answer_word(const Answer& answer) {
  switch (answer.kind) {
    case Answer::Kind::success: return "success";
    case Answer::Kind::report: return "a report of failures";
    case Answer::Kind::malformed: return "one that no mapping can read";
    case Answer::Kind::no_object: return "one that is no object";
  }
  return "";
}

}  // namespace

void MemoHandlers::answer_with(FunctionId function, HandlerFunction call) {
  if (calls_.size() <= function.value) calls_.resize(function.value + 1);
  if (warm_.size() <= function.value) warm_.resize(function.value + 1);
  calls_[function.value] = std::move(call);
}

bool MemoHandlers::is_own(FunctionId function) const {
  return function.value < calls_.size() && calls_[function.value] != nullptr;
}

std::string MemoHandlers::names_of(const KnownBatch& batch,
                                   const std::vector<std::uint32_t>& offsets) const {
  if (offsets.empty()) return "none";
  const auto id = [&](std::uint32_t offset) {
    return stage_->plan->record_id(batch.records[offset]);
  };
  if (offsets.size() > names_told) {
    return fmt::format("{} … {} ({} records)", id(offsets.front()), id(offsets.back()),
                       offsets.size());
  }
  std::string text;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (i > 0) text += i + 1 == offsets.size() ? " and " : ", ";
    text += id(offsets[i]);
  }
  return text;
}

// The first difference between two replies, in words.
std::string MemoHandlers::difference(const KnownBatch& batch, const HandlerReply& a,
                                     const HandlerReply& b) const {
  if (a.end != b.end || a.too_large != b.too_large) {
    return fmt::format("its end: {}, then {}", end_word(a), end_word(b));
  }
  if (a.answer.kind != b.answer.kind) {
    return fmt::format("its answer: {}, then {}", answer_word(a.answer), answer_word(b.answer));
  }
  if (a.answer.named != b.answer.named) {
    return fmt::format("the failures it reports: {}, then {}", names_of(batch, a.answer.named),
                       names_of(batch, b.answer.named));
  }
  if (a.effects != b.effects || a.reports_effects != b.reports_effects) {
    const auto effects = [&](const HandlerReply& reply) -> std::string {
      return reply.reports_effects ? names_of(batch, reply.effects)
                                   : "those that its answer implies";
    };
    return fmt::format("its effects: {}, then {}", effects(a), effects(b));
  }
  if (a.slept != b.slept) {
    return fmt::format("the time that it slept: {}, then {}", duration_text(a.slept),
                       duration_text(b.slept));
  }
  return "the identifiers in its answer";
}

// `then` is the occasion of the first reply. A third call with it shows whether the function
// remembers something, or depends on the time, the request or chance.
void MemoHandlers::compare(const KnownBatch& batch, const HandlerReply& before,
                           const HandlerReply& now, const Occasion& then, const char* when) {
  if (before == now) return;
  std::vector<std::uint32_t> all(batch.records.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  Occasion same = then;
  same.cold = false;
  const bool remembers = call(batch, same) != before;
  throw DependsOnMore(
      batch.function, remembers,
      fmt::format(
          "the handler of {} gave another result when it received {} {}: {}; it depends on {}",
          stage_->plan->function(batch.function).name, names_of(batch, all), when,
          difference(batch, before, now),
          remembers ? "what it remembers" : "the time, the request or chance"));
}

HandlerReply MemoHandlers::call(const KnownBatch& batch, const Occasion& occasion) {
  return log_.emplace_back(Logged{&batch, occasion, call_quietly(batch, occasion)}).reply;
}

bool MemoHandlers::comes_out_again() {
  return std::all_of(log_.begin(), log_.end(), [&](const Logged& each) {
    return call_quietly(*each.batch, each.occasion) == each.reply;
  });
}

HandlerReply MemoHandlers::call_quietly(const KnownBatch& batch, const Occasion& occasion) {
  RecordLog& log = stage_->shards[batch.shard.value].log;
  log.clear();
  const Instant arrival = occasion.at - occasion.age;
  for (std::uint64_t i = 0; i < occasion.records_before; ++i) {
    log.append({arrival, batch.records.front(), batch.keys.front()});
  }
  const Span span{occasion.records_before, occasion.records_before + batch.records.size()};
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    log.append({arrival, batch.records[i], batch.keys[i]});
  }
  stage_->now = occasion.at;
  const HandlerCall asked{*stage_,
                          batch.function,
                          Batch::whole(batch.shard, span),
                          {occasion.number},
                          {occasion.number},
                          occasion.number,
                          occasion.at,
                          stage_->plan->function(batch.function).settings.timeout(),
                          occasion.environment,
                          occasion.cold,
                          true};
  return read_reply(asked, calls_[batch.function.value](asked));
}

void MemoHandlers::try_attempt(Known& known, std::uint32_t attempt, bool first_sight) {
  const KnownBatch& batch = known.batch;
  const std::uint64_t number = batch.number * numbers_of_batch + attempt * 2;
  Occasion once{first_time, first_age, number, 0, 0, !warm_[batch.function.value]};
  warm_[batch.function.value] = true;
  const HandlerReply reply = call(batch, once);
  if (first_sight) known.reply = reply;
  compare(batch, known.reply, reply, once, "again after another attempt");
  const Occasion twice{other_time, other_age, number + 1, other_position, 0, false};
  compare(batch, reply, call(batch, twice), once, "again");
}

const HandlerReply& MemoHandlers::look_up(FunctionId function, const InvocationRequest& request,
                                          const World& world, const Batch& given) {
  if (stage_ == nullptr) stage_ = std::make_unique<World>(first_world(world.plan));
  const RecordLog& log = world.shard(given.shard).log;
  key_ = {function.value, given.shard.value};
  for (Position p = given.span.first; p < given.span.end; ++p) key_.push_back(log.record(p).value);
  const auto [it, added] = replies_.try_emplace(key_);
  Known& known = it->second;
  if (added) {
    KnownBatch& batch = known.batch;
    batch.function = function;
    batch.shard = given.shard;
    for (Position p = given.span.first; p < given.span.end; ++p) {
      batch.records.push_back(log.record(p));
      batch.keys.push_back(log.key(p));
    }
    batch.number = in_order_.size() + 1;
    in_order_.push_back(&known);
  }
  const std::uint32_t attempt = std::min(request.attempt, attempts_told_apart);
  if ((known.attempts >> attempt & 1u) == 0) {
    try_attempt(known, attempt, added);
    known.attempts |= 1u << attempt;
  }
  return known.reply;
}

Outcome MemoHandlers::invoke(const InvocationRequest& request, const World& world,
                             Choices& choices) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  if (!is_own(function)) return modelled_.invoke(request, world, choices);
  const OwnInvocation own = ask_own_invocation(request, world, choices);
  if (own.given.empty()) return judge_reply(request, world, own, {});
  return judge_reply(request, world, own, look_up(function, request, world, own.given));
}

void MemoHandlers::ask_again() {
  std::vector<bool> served(calls_.size());
  for (std::size_t i = in_order_.size(); i-- > 0;) {
    const Known& known = *in_order_[i];
    const std::uint32_t function = known.batch.function.value;
    const std::uint64_t number = known.batch.number * numbers_of_batch + 1;
    const Occasion again{first_time, first_age, number, 0, 1, !served[function]};
    served[function] = true;
    compare(known.batch, known.reply, call(known.batch, again), again,
            "again with the batches in another order");
  }
}

}  // namespace trimhorizon
