// A histogram of integers. It is exact below 2048; above, each doubling has 1024 buckets (error <
// 0.1 %). Minimum, maximum, sum and count are exact. A percentile is always a value that was added;
// it is exact where its bucket holds only one value.
#pragma once

#include <cstdint>
#include <vector>

namespace trimhorizon {

class Histogram {
 public:
  void add(std::int64_t value, std::uint64_t times = 1);  // REQUIRES: value >= 0
  // Adds all values of the other histogram.
  void merge(const Histogram& other);

  // The number of values, the smallest and the largest value (0 when there are none), and the sum.
  std::uint64_t count() const { return count_; }
  std::int64_t min() const { return min_; }
  std::int64_t max() const { return max_; }
  unsigned __int128 sum() const { return sum_; }
  std::int64_t mean() const;  // rounded down; REQUIRES: count() > 0
  // The nearest-rank percentile: the largest value of its bucket. `permille` is 1..1000 (p99 =
  // 990). REQUIRES: count() > 0.
  std::int64_t percentile(std::uint32_t permille) const;

  // Gives all members to an archive.
  template <class Archive>
  void archive_with(Archive& archive) {
    archive(buckets_, largest_, count_, min_, max_, sum_);
  }

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  std::vector<std::uint64_t> buckets_;  // counts by bucket; grows when needed
  std::vector<std::int64_t> largest_;   // the largest value of each bucket
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  unsigned __int128 sum_ = 0;
};

}  // namespace trimhorizon
