// PutRecord and PutRecords at the service: which shard takes a record, and does it take it now?
// KDS-SHD-01, KDS-PRD-04, KDS-PRD-10, KDS-RSH-06, KDS-LIM-01, KDS-LIM-17.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/shard.hpp"

namespace trimhorizon {

// How an entry of a call ended.
enum class PutEnd : std::uint8_t {
  stored,
  throttled,  // ProvisionedThroughputExceededException (KDS-PRD-04)
  failed,     // InternalFailure (KDS-PRD-11)
  // These end the whole call (KDS-PRD-20).
  unavailable,      // ServiceUnavailable
  calls_throttled,  // ThrottlingException
};
constexpr bool ends_the_call(PutEnd end) {
  return end == PutEnd::unavailable || end == PutEnd::calls_throttled;
}
// REQUIRES: the entry was not stored.
constexpr ApiError error_of(PutEnd end) {
  switch (end) {
    case PutEnd::throttled: return ApiError::ProvisionedThroughputExceededException;
    case PutEnd::unavailable: return ApiError::ServiceUnavailable;
    case PutEnd::calls_throttled: return ApiError::ThrottlingException;
    default: return ApiError::InternalFailure;
  }
}

// The shard that takes records of this hash key now, found from one that has ever taken them.
// REQUIRES: the range of `known` contains the key.
inline ShardId open_shard_of(const std::vector<Shard>& shards, ShardId known, HashKey hash) {
  while (shards[known.value].is_cut) {  // KDS-RSH-06: after the cut it goes to a child
    const std::array<ShardId, 2>& children = shards[known.value].children;
    const bool first = shards[children[0].value].range.contains(hash);
    known = first ? children[0] : children[1];
  }
  return known;
}

// The bytes that a shard has taken of one call.
struct CallBytes {
  std::uint64_t call = 0;
  std::int64_t bytes = 0;
};

// How the bytes of a PutRecords call are rounded up to whole KiB (KDS-PRD-10): for each shard, or
// once for the call.
enum class PutRounding : std::uint8_t { per_shard, per_call };

// One call of PutRecord or PutRecords while its records are put one after the other.
class PutCallAtService {
 public:
  // `call`: a number that no earlier call had, from 1. `bytes`: memory by ShardId, which calls
  // share. REQUIRES: `bytes` has an entry for each shard.
  PutCallAtService(std::vector<Shard>& shards, std::vector<CallBytes>& bytes, PutRounding rounding,
                   std::uint64_t call, Instant now)
      : shards_(shards), bytes_(bytes), rounding_(rounding), call_(call), now_(now) {}
  PutCallAtService(const PutCallAtService&) = delete;
  PutCallAtService& operator=(const PutCallAtService&) = delete;

  // Does the shard take a record of so many bytes, data and key? Takes it from its limits if so. A
  // refused entry takes nothing, and the entries after it are tried all the same (KDS-PRD-05).
  bool admit(ShardId shard, const WriteLimits& limits, std::int64_t bytes) {
    CallBytes& before = rounding_ == PutRounding::per_shard ? bytes_[shard.value] : whole_;
    if (before.call != call_) before = {call_, 0};
    const std::int64_t counted = whole_kib(before.bytes + bytes) - whole_kib(before.bytes);
    if (!admit_record(shards_[shard.value].limits, limits, counted, now_)) return false;
    before.bytes += bytes;
    return true;
  }

 private:
  std::vector<Shard>& shards_;
  std::vector<CallBytes>& bytes_;
  CallBytes whole_;  // of the call
  PutRounding rounding_;
  std::uint64_t call_;
  Instant now_;
};

}  // namespace trimhorizon
