#include "sim/base/histogram.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace trimhorizon {

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t page = 0; page < other.page_numbers_.size(); ++page) {
    if (other.page_numbers_[page] == 0) continue;
    const Page& from = *other.pages_[other.page_numbers_[page] - 1];
    Page& to = own_page(page);
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
  for (const std::shared_ptr<Page>& page : pages_) {
    for (const Bucket& each : *page) {
      seen += each.count;
      if (seen >= rank) return each.largest;
    }
  }
  return max_;
}

Histogram::Page& Histogram::new_page(std::size_t page) {
  if (page >= page_numbers_.size()) page_numbers_.resize(page + 1);
  if (page_numbers_[page] != 0) {
    std::shared_ptr<Page>& its = pages_[page_numbers_[page] - 1];
    its = std::make_shared<Page>(*its);
    return *its;
  }
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < page; ++i) before = std::max(before, page_numbers_[i]);
  for (std::uint32_t& number : page_numbers_) number += number > before;
  page_numbers_[page] = before + 1;
  return **pages_.insert(pages_.begin() + static_cast<std::ptrdiff_t>(before),
                         std::make_shared<Page>());
}

void Histogram::list_buckets(std::vector<std::uint64_t>& counts,
                             std::vector<std::int64_t>& largest) const {
  for (std::size_t page = 0; page < page_numbers_.size(); ++page) {
    if (page_numbers_[page] == 0) continue;
    const Page& from = *pages_[page_numbers_[page] - 1];
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
  pages_.clear();
  for (std::size_t i = 0; i < std::min(counts.size(), largest.size()); ++i) {
    if (counts[i] > 0) bucket(i) = {counts[i], largest[i]};
  }
}

bool operator==(const Histogram& a, const Histogram& b) {
  const auto alike = [](const std::shared_ptr<Histogram::Page>& one,
                        const std::shared_ptr<Histogram::Page>& other) {
    return one == other || *one == *other;
  };
  return a.page_numbers_ == b.page_numbers_ &&
         std::equal(a.pages_.begin(), a.pages_.end(), b.pages_.begin(), b.pages_.end(), alike) &&
         a.count_ == b.count_ && a.min_ == b.min_ && a.max_ == b.max_ && a.sum_ == b.sum_;
}

}  // namespace trimhorizon
