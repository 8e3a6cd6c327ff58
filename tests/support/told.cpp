// What came of a story, in words short enough to stand in an assertion.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

std::string span_text(Span span) {
  if (span.count() == 1) return fmt::format("[{}]", span.first);
  return fmt::format("[{}-{}]", span.first, span.end - 1);
}

template <class Enum>
std::string counts_text(const Counts<Enum>& counts) {
  std::string out;
  for (const Enum each : all_of<Enum>) {
    if (counts[each] == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", name(each), counts[each]);
  }
  return out.empty() ? "none" : out;
}

template <class Number>
std::string by_position(const Simulation& simulation, std::uint32_t mapping, std::uint32_t shard,
                        Number number) {
  std::string out;
  const Account* account = simulation.history().ledger.find({mapping}, {shard});
  for (Position p = 0; p < simulation.world().shards[shard].log.end(); ++p) {
    const RecordHistory history = account != nullptr ? account->at(p) : RecordHistory{};
    if (p > 0) out += ' ';
    out += std::to_string(number(history));
  }
  return out;
}

}  // namespace

std::string Told::invocations(std::uint32_t mapping, std::uint32_t shard) const {
  std::string out;
  for (const ToldCall& call : calls) {
    if (call.mapping == mapping && call.shard == shard) out += span_text(call.span);
  }
  return out;
}

std::string Told::schedule(std::uint32_t mapping, std::uint32_t shard) const {
  std::string out;
  for (const ToldCall& call : calls) {
    if (call.mapping != mapping || call.shard != shard) continue;
    if (!out.empty()) out += ' ';
    out += duration_text(call.at - Instant{0}) + span_text(call.span);
  }
  return out;
}

std::string Told::requests(std::uint32_t mapping, std::uint32_t shard) const {
  std::vector<InvocationNumber> seen;
  std::string out;
  for (const ToldCall& call : calls) {
    if (call.mapping != mapping || call.shard != shard) continue;
    const bool known = std::find(seen.begin(), seen.end(), call.request) != seen.end();
    const bool same = known && seen.back() == call.request;
    out += same ? " same" : known ? " old" : " new";
    seen.push_back(call.request);
  }
  return out.empty() ? "" : out.substr(1);
}

std::string Told::deliveries(std::uint32_t mapping, std::uint32_t shard) const {
  return by_position(*simulation, mapping, shard,
                     [](const RecordHistory& h) { return h.deliveries; });
}

std::string Told::effects(std::uint32_t mapping, std::uint32_t shard) const {
  return by_position(*simulation, mapping, shard, [](const RecordHistory& h) { return h.effects; });
}

std::string Told::fates(std::uint32_t m) const { return counts_text(mapping(m).fates); }

std::string Told::duplicates(std::uint32_t m) const {
  return counts_text(mapping(m).duplicates_by_cause);
}

std::string Told::lost(std::uint32_t m) const { return counts_text(mapping(m).lost_by_cause); }

std::string Told::checkpoint(std::uint32_t m, std::uint32_t shard) const {
  return mapping(m).shards[shard].checkpoint.value_or("none");
}

std::size_t Told::messages() const {
  std::size_t n = 0;
  for (const DestinationResult& destination : result.destinations) n += destination.messages.size();
  return n;
}

std::string Told::message_text(std::size_t i) const {
  for (const DestinationResult& destination : result.destinations) {
    if (i < destination.messages.size()) return destination.messages[i].json.text();
    i -= destination.messages.size();
  }
  return "";
}

std::string Told::in_message(const std::string& path, std::size_t i) const {
  const auto parsed = parse_json(message_text(i));
  if (!std::holds_alternative<Json>(parsed)) return "not JSON";
  const Json* json = &std::get<Json>(parsed);
  for (std::size_t from = 0; json != nullptr && from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    json = json->find(path.substr(from, dot - from));
    from = dot + 1;
  }
  if (json == nullptr) return "absent";
  return json->string() != nullptr ? *json->string() : to_text(*json);
}

std::string Told::letters() const {
  std::string out;
  for (const DestinationResult& destination : result.destinations) {
    for (const DestinationMessage& message : destination.messages) {
      std::string ids;
      for (const std::string& id : message.records) ids += (ids.empty() ? "" : " ") + id;
      out += fmt::format("{} count {} of [{}]", message.condition, message.approximate_invoke_count,
                         ids);
      if (message.has_response_context) {
        out += " functionError " + message.function_error.value_or("null");
      }
      out += '\n';
    }
  }
  return out;
}

std::uint64_t Told::metric(const std::string& name, std::uint32_t m) const {
  for (const Metric& metric : mapping(m).metrics) {
    if (info(metric.id).name != name) continue;
    return metric.samples ? metric.samples->count() : metric.counter;
  }
  FAIL("no metric " << name);
  return 0;
}

Duration Told::age_max(std::uint32_t m) const {
  REQUIRE(mapping(m).max_iterator_age.has_value());
  return *mapping(m).max_iterator_age;
}

bool Told::happened(Situation situation) const { return result.situations.has(situation); }

}  // namespace trimhorizon::testing
