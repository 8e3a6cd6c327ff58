// Copies that share their data until one of them changes it.
#pragma once

#include <atomic>
#include <memory>

namespace trimhorizon {

// Only a sole owner may change the data; another one copies it first. The fence makes sure that
// other threads, which owned it before, finished their reads before we write.
template <class T>
bool sole_owner(const std::shared_ptr<T>& p) {
  if (p.use_count() != 1) return false;
  std::atomic_thread_fence(std::memory_order_acquire);
  return true;
}

}  // namespace trimhorizon
