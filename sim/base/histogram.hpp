// A histogram of integers. It is exact below 2048; above, each doubling has 1024 buckets (error <
// 0.1 %). Minimum, maximum, sum and count are exact. A percentile is always a value that was added;
// it is exact where its bucket holds only one value.
#pragma once

#include <cstddef>
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
    std::vector<std::uint64_t> counts;  // by bucket, up to the last one in use
    std::vector<std::int64_t> largest;
    list_buckets(counts, largest);
    archive(counts, largest, count_, min_, max_, sum_);
    if constexpr (Archive::reading) set_buckets(counts, largest);
  }

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  struct Bucket {
    std::uint64_t count = 0;
    std::int64_t largest = 0;  // value
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  Bucket& bucket(std::size_t index);
  void add_page(std::size_t page);
  void list_buckets(std::vector<std::uint64_t>& counts, std::vector<std::int64_t>& largest) const;
  void set_buckets(const std::vector<std::uint64_t>& counts,
                   const std::vector<std::int64_t>& largest);

  // Neighbouring buckets make a page. Only pages with a value exist, by ascending value, because a
  // run has several histograms for each mapping, and most values of one are close together.
  std::vector<std::uint32_t> page_numbers_;  // by page: its number in buckets_ from 1; 0: none
  std::vector<Bucket> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  unsigned __int128 sum_ = 0;
};

}  // namespace trimhorizon
