#include "sim/base/histogram.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t exact = 2048;            // each value below this has its own bucket
constexpr std::uint64_t per_octave = exact / 2;  // buckets for each doubling above it
constexpr std::size_t page_buckets = 32;

std::size_t bucket_with(std::int64_t value) {
  const auto v = static_cast<std::uint64_t>(value);
  if (v < exact) return v;
  // 1 in the first octave above `exact`. It uses countl_zero because the type of bit_width differs
  // between libraries.
  const int shift = std::countl_zero(exact - 1) - std::countl_zero(v);
  return exact + static_cast<std::size_t>(shift - 1) * per_octave + ((v >> shift) - per_octave);
}

}  // namespace

void Histogram::add(std::int64_t value, std::uint64_t times) {
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

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t page = 0; page < other.page_numbers_.size(); ++page) {
    if (other.page_numbers_[page] == 0) continue;
    const Bucket* from = &other.buckets_[(other.page_numbers_[page] - 1) * page_buckets];
    Bucket* to = &bucket(page * page_buckets);
    for (std::size_t i = 0; i < page_buckets; ++i) {
      to[i].count += from[i].count;
      to[i].largest = std::max(to[i].largest, from[i].largest);
    }
  }
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  count_ += other.count_;
  sum_ += other.sum_;
}

std::int64_t Histogram::mean() const {
  TH_CHECK(count_ > 0);
  return static_cast<std::int64_t>(sum_ / count_);
}

std::int64_t Histogram::percentile(std::uint32_t permille) const {
  TH_CHECK(count_ > 0 && permille >= 1 && permille <= 1000);
  const auto rank =
      static_cast<std::uint64_t>((static_cast<unsigned __int128>(count_) * permille + 999) / 1000);
  std::uint64_t seen = 0;
  for (const Bucket& each : buckets_) {
    seen += each.count;
    if (seen >= rank) return each.largest;
  }
  return max_;
}

Histogram::Bucket& Histogram::bucket(std::size_t index) {
  const std::size_t page = index / page_buckets;
  if (page >= page_numbers_.size() || page_numbers_[page] == 0) add_page(page);
  return buckets_[(page_numbers_[page] - 1) * page_buckets + index % page_buckets];
}

void Histogram::add_page(std::size_t page) {
  if (page >= page_numbers_.size()) page_numbers_.resize(page + 1);
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < page; ++i) before = std::max(before, page_numbers_[i]);
  for (std::uint32_t& number : page_numbers_) number += number > before;
  page_numbers_[page] = before + 1;
  const auto at = buckets_.begin() + static_cast<std::ptrdiff_t>(before * page_buckets);
  buckets_.insert(at, page_buckets, Bucket{});
}

void Histogram::list_buckets(std::vector<std::uint64_t>& counts,
                             std::vector<std::int64_t>& largest) const {
  for (std::size_t page = 0; page < page_numbers_.size(); ++page) {
    if (page_numbers_[page] == 0) continue;
    const Bucket* from = &buckets_[(page_numbers_[page] - 1) * page_buckets];
    for (std::size_t i = 0; i < page_buckets; ++i) {
      if (from[i].count == 0) continue;
      counts.resize(page * page_buckets + i + 1);
      largest.resize(counts.size());
      counts.back() = from[i].count;
      largest.back() = from[i].largest;
    }
  }
}

void Histogram::set_buckets(const std::vector<std::uint64_t>& counts,
                            const std::vector<std::int64_t>& largest) {
  page_numbers_.clear();
  buckets_.clear();
  for (std::size_t i = 0; i < std::min(counts.size(), largest.size()); ++i) {
    if (counts[i] > 0) bucket(i) = {counts[i], largest[i]};
  }
}

}  // namespace trimhorizon
