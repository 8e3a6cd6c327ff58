// What an invocation came to, as a plain value: how it ended, which records had their effect, and
// what the answer says. Handlers make it (modelled or real), the mapping's rules judge it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/kinesis/batch.hpp"

namespace trimhorizon {

// The answer of a function that returned, as far as a mapping with ReportBatchItemFailures looks.
struct Answer {
  enum class Kind : std::uint8_t {
    success,    // null, "", [], {}, no or null or empty batchItemFailures (ESM-PBR-02)
    report,     // identifiers
    malformed,  // nothing of the above (ESM-PBR-03)
  };

  Kind kind = Kind::success;
  bool any_valid = false;    // an identifier of a record of this batch
  bool any_invalid = false;  // "", null, absent, unknown
  std::uint32_t lowest = 0;  // offset of the lowest valid one (ESM-PBR-04)

  friend bool operator==(const Answer&, const Answer&) = default;
};

enum class InvocationEnd : std::uint8_t { returned, error, timeout, crash };

struct Outcome {
  InvocationEnd end = InvocationEnd::returned;
  Duration duration{0};             // without cold start
  std::uint32_t effects_until = 0;  // records before this offset had their effect, but for:
  std::vector<std::uint32_t> without_effect;  // ascending offsets
  Answer answer;
  bool swallowed = false;                  // a record failed and the answer does not say so
  std::optional<std::uint32_t> failed_at;  // told: the record that ended it by failing itself

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Had the record at this offset its effect?
bool has_effect(const Outcome& outcome, std::uint64_t offset);

// Appends the records of the batch that had their effect, as runs of neighbours, and those that
// failed by themselves; both in order.
void list_effects(const Outcome& outcome, const Batch& batch, std::vector<Span>& worked,
                  std::vector<Position>& failed);

}  // namespace trimhorizon
