#include "sim/base/histogram.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t exact = 2048;            // each value below this has its own bucket
constexpr std::uint64_t per_octave = exact / 2;  // buckets for each doubling above it

std::size_t bucket_of(std::int64_t value) {
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
  const std::size_t bucket = bucket_of(value);
  // The vector ends at the highest bucket in use. So equal contents are equal vectors.
  if (bucket >= buckets_.size()) {
    buckets_.resize(bucket + 1);
    largest_.resize(bucket + 1);
  }
  buckets_[bucket] += times;
  largest_[bucket] = std::max(largest_[bucket], value);
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  count_ += times;
  sum_ += static_cast<unsigned __int128>(value) * times;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (buckets_.size() < other.buckets_.size()) {
    buckets_.resize(other.buckets_.size());
    largest_.resize(other.buckets_.size());
  }
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) {
    buckets_[i] += other.buckets_[i];
    largest_[i] = std::max(largest_[i], other.largest_[i]);
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
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return largest_[i];
  }
  return max_;
}

}  // namespace trimhorizon
