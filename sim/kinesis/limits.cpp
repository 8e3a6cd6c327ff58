#include "sim/kinesis/limits.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;

}  // namespace

std::int64_t allowed_a_second(ShardLimit limit) {
  switch (limit) {
    case ShardLimit::records_written: return 1'000;
    case ShardLimit::bytes_written: return mib;
    case ShardLimit::reads: return 5;
    case ShardLimit::bytes_read: return 2 * mib;
  }
  return 0;
}

Bucket bucket_of(ShardLimit limit, std::int64_t record_bytes_max) {
  const std::int64_t a_second = allowed_a_second(limit);
  switch (limit) {
    case ShardLimit::bytes_written:
      // KDS-LIM-02: with large records a shard may take one while it is not in debt.
      return {std::max(mib, record_bytes_max), a_second, record_bytes_max > mib};
    // KDS-LIM-06: a read may return 10 MiB, and the next ones fail until that is paid.
    case ShardLimit::bytes_read: return {a_second, a_second, true};
    case ShardLimit::records_written:
    case ShardLimit::reads: break;
  }
  return {a_second, a_second, false};
}

}  // namespace trimhorizon
