// A histogram of integers. It is exact below 2048; above, each doubling has 1024 buckets (error <
// 0.1 %). Minimum, maximum, sum and count are exact. A percentile is always a value that was added;
// it is exact where its bucket holds only one value.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/sole_owner.hpp"

namespace trimhorizon {

class Histogram {
 public:
  // REQUIRES: value >= 0.
  void add(std::int64_t value, std::uint64_t times = 1) {
    TH_CHECK(value >= 0);
    if (times == 0) return;
    Bucket& its = bucket(bucket_with(value));
    its.count += times;
    its.largest = std::max(its.largest, value);
    min_ = count_ == 0 ? value : std::min(min_, value);
    max_ = std::max(max_, value);
    count_ += times;
    sum_ += static_cast<unsigned __int128>(value) * times;
  }
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

  friend bool operator==(const Histogram& a, const Histogram& b);

 private:
  struct Bucket {
    std::uint64_t count = 0;
    std::int64_t largest = 0;  // value
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  static constexpr std::uint64_t exact = 2048;  // each value below this has its own bucket
  static constexpr std::uint64_t per_octave = exact / 2;  // buckets for each doubling above it
  static constexpr std::size_t page_buckets = 32;
  using Page = std::array<Bucket, page_buckets>;

  static std::size_t bucket_with(std::int64_t value) {
    const auto v = static_cast<std::uint64_t>(value);
    if (v < exact) return v;
    // 1 in the first octave above `exact`. It uses countl_zero because the type of bit_width
    // differs between libraries.
    const int shift = std::countl_zero(exact - 1) - std::countl_zero(v);
    return exact + static_cast<std::size_t>(shift - 1) * per_octave + ((v >> shift) - per_octave);
  }
  Bucket& bucket(std::size_t index) { return own_page(index / page_buckets)[index % page_buckets]; }
  Page& own_page(std::size_t page) {
    if (page < page_numbers_.size() && page_numbers_[page] != 0) {
      const std::shared_ptr<Page>& its = pages_[page_numbers_[page] - 1];
      if (sole_owner(its)) return *its;
    }
    return new_page(page);
  }
  Page& new_page(std::size_t page);  // adds it, or copies the one that is shared
  void list_buckets(std::vector<std::uint64_t>& counts, std::vector<std::int64_t>& largest) const;
  void set_buckets(const std::vector<std::uint64_t>& counts,
                   const std::vector<std::int64_t>& largest);

  // Neighbouring buckets make a page. Only pages with a value exist, by ascending value, because a
  // run has several histograms for each mapping, and most values of one are close together. Copies
  // share their pages: a result takes those of the run.
  std::vector<std::uint32_t> page_numbers_;  // by page: its number in pages_ from 1; 0: none
  std::vector<std::shared_ptr<Page>> pages_;
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  unsigned __int128 sum_ = 0;
};

}  // namespace trimhorizon
