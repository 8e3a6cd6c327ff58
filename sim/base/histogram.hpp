// Integer histogram with bounded relative error: exact below 2048, then 1024 buckets an octave
// (error < 0.1 %). Exact minimum, maximum, sum and count beside the buckets; a percentile is a
// value that was really added, exact where its bucket holds one value only.
#pragma once

#include <cstdint>
#include <vector>

namespace trimhorizon {

class Histogram {
 public:
  void add(std::int64_t value, std::uint64_t times = 1);  // value >= 0
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::int64_t min() const { return min_; }
  std::int64_t max() const { return max_; }
  unsigned __int128 sum() const { return sum_; }
  std::int64_t mean() const;  // rounded down; count() > 0
  // Nearest-rank percentile, permille in 1..1000 (p99 = 990): the largest value of its bucket.
  // count() > 0.
  std::int64_t percentile(std::uint32_t permille) const;

  // Its members, for archives.
  template <class Archive>
  void archive_with(Archive& archive) {
    archive(buckets_, largest_, count_, min_, max_, sum_);
  }

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  std::vector<std::uint64_t> buckets_;  // grown on demand
  std::vector<std::int64_t> largest_;   // value seen, by bucket
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  unsigned __int128 sum_ = 0;
};

}  // namespace trimhorizon
