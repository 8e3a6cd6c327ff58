// The pending events, the earliest first, as a value: a binary heap in a vector. An event that is
// added and comes before all others stays at the end of the vector, outside the heap: mostly it is
// taken next, and then costs nothing more.
//
// Always:
//  1. The order is (time, class, entity, number), never an address. Numbers are unique, so the
//     order is total and the same on every machine.
//  2. Taking and adding cost O(log n). Cancelling costs O(n) and is rare.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// An `Event` has the members `Instant at` and `std::uint64_t number`, and the functions
// rank_of(event) and entity_of(event).
template <class Event>
class EventQueue {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  // REQUIRES: not empty.
  const Event& earliest() const { return last_is_earliest_ ? heap_.back() : heap_.front(); }
  // Would this event, which is not pending, be the earliest?
  bool comes_first(const Event& event) const { return heap_.empty() || later(earliest(), event); }
  // All events, in no useful order.
  const std::vector<Event>& unordered() const { return heap_; }
  void clear() {
    heap_.clear();
    last_is_earliest_ = false;
  }

  void add(const Event& event) {
    const bool is_earliest = comes_first(event);
    if (last_is_earliest_ && is_earliest) std::push_heap(heap_.begin(), heap_.end(), later);
    heap_.push_back(event);
    if (last_is_earliest_ && !is_earliest) std::swap(*(heap_.end() - 1), *(heap_.end() - 2));
    if (!is_earliest) std::push_heap(heap_.begin(), heap_.end() - last_is_earliest_, later);
    last_is_earliest_ = last_is_earliest_ || is_earliest;
  }

  // Adds an event in O(1). REQUIRES: no pending event comes after it.
  void add_last(const Event& event) {
    TH_CHECK(!last_is_earliest_ && (heap_.empty() || !later(heap_.back(), event)));
    heap_.push_back(event);
  }

  // Removes the earliest event and returns it. REQUIRES: not empty.
  Event take() {
    TH_CHECK(!heap_.empty());
    if (!last_is_earliest_) std::pop_heap(heap_.begin(), heap_.end(), later);
    last_is_earliest_ = false;
    const Event event = heap_.back();
    heap_.pop_back();
    return event;
  }

  // Removes all events for which `predicate(event)` is true.
  template <class Predicate>
  void cancel_if(Predicate predicate) {
    const std::size_t before = heap_.size();
    heap_.erase(std::remove_if(heap_.begin(), heap_.end(), predicate), heap_.end());
    if (heap_.size() == before) return;
    std::make_heap(heap_.begin(), heap_.end(), later);
    last_is_earliest_ = false;
  }

  // All events, the earliest first.
  std::vector<Event> in_order() const {
    std::vector<Event> events = heap_;
    sort(events);
    return events;
  }
  // Sorts the earliest first.
  static void sort(std::vector<Event>& events) {
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return later(b, a); });
  }

  friend bool operator==(const EventQueue& a, const EventQueue& b) {
    return a.in_order() == b.in_order();
  }

 private:
  static bool later(const Event& a, const Event& b) {
    if (a.at != b.at) return a.at > b.at;
    if (rank_of(a) != rank_of(b)) return rank_of(a) > rank_of(b);
    if (entity_of(a) != entity_of(b)) return entity_of(a) > entity_of(b);
    return a.number > b.number;
  }

  std::vector<Event> heap_;
  bool last_is_earliest_ = false;  // then the last one is not in the heap
};

}  // namespace trimhorizon
