// Generated traffic of a producer: rates, keys, sizes; by hand or from an export of CloudWatch.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {

inline constexpr std::int64_t producer_text_max = 128;  // characters of `ids`, `id`, `prefix`

// A producer while the reader fills it.
struct ProducerInProgress {
  StreamSettings stream;
  ProducerSettings& settings;
  std::uint64_t count = 0;  // records so far

  std::int64_t record_bytes_max() const { return std::int64_t{stream.max_record_kib} * 1024; }
};

// The rows of a producer that are about generated traffic.
Rows traffic_rows();

// The traffic of these keys; nullopt when there is none, or it is wrong.
std::optional<GeneratedLoad> read_load(Context&, const ProducerInProgress&, const Given&);

// Checks bounds that depend on several keys: the size of a record and of a request, the number of
// records. `most`: no more records than this.
void check_load(Context&, const ProducerInProgress&, const Given&, const GeneratedLoad&,
                std::uint64_t most);

}  // namespace trimhorizon::reader
