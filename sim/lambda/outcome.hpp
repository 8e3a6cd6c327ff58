// The result of one invocation, as a plain value: how it ended, which records had their effect, and
// what the answer says. A handler makes it (modelled or real); the rules of the mapping judge it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/kinesis/batch.hpp"

namespace trimhorizon {

// The part of the answer that a mapping with ReportBatchItemFailures reads.
struct Answer {
  enum class Kind : std::uint8_t {
    success,    // null, "", [], {}, no or null or empty batchItemFailures (ESM-PBR-02)
    report,     // a list of identifiers
    malformed,  // an object that is no report, or no JSON (ESM-PBR-03)
    no_object,  // another JSON value: text, number, true, false, list (ESM-PBR-14)
  };

  Kind kind = Kind::success;
  bool any_valid = false;            // some identifier names a record of this batch
  bool any_invalid = false;          // some identifier is "", null, missing or unknown
  std::uint32_t lowest = 0;          // the lowest offset that is named; if any_valid (ESM-PBR-04)
  std::vector<std::uint32_t> named;  // all offsets that are named, ascending

  // A report that names these records. REQUIRES: `offsets` is ascending and not empty.
  static Answer report_of(std::vector<std::uint32_t> offsets) {
    return {Kind::report, true, false, offsets.front(), std::move(offsets)};
  }
  // Does it say that everything went well, or say nothing at all?
  bool hides_failures() const { return kind == Kind::success || kind == Kind::no_object; }

  friend bool operator==(const Answer&, const Answer&) = default;
};

enum class InvocationEnd : std::uint8_t { returned, error, timeout, crash };

struct Outcome {
  InvocationEnd end = InvocationEnd::returned;
  Duration duration{0};             // of the work, without the cold start
  std::uint32_t effects_until = 0;  // records before this offset had their effect, except:
  std::vector<std::uint32_t> without_effect;  // ascending offsets
  Answer answer;
  bool swallowed = false;  // a record failed, and the answer does not say so
  bool outage = false;     // told: it failed because of an outage of the timeline
  // told: the record that failed and so ended the invocation
  std::optional<std::uint32_t> failed_at;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Did the record at this offset have its effect? REQUIRES: offset < the records of the batch.
bool has_effect(const Outcome& outcome, std::uint64_t offset);

// Appends to `worked` the records that had their effect, as runs of neighbours, and to `failed` the
// records that failed themselves. Both are in the order of the batch.
void list_effects(const Outcome& outcome, const Batch& batch, std::vector<Span>& worked,
                  std::vector<Position>& failed);

}  // namespace trimhorizon
