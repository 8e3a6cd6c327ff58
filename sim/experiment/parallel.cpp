// Runs pieces of work on threads, while the caller's thread shows progress and can stop them.
#include "sim/experiment/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace trimhorizon {
namespace {

// Ends a piece whose work is no longer wanted.
struct Stopped {};

class Crew {
 public:
  using Work = std::function<void(std::size_t, const Pulse&)>;
  using Watch = std::function<void(std::size_t)>;

  Crew(std::size_t pieces, const Work& work, const Watch& watch)
      : pieces_(pieces), work_(work), watch_(watch) {}

  void run_alone() {
    for (std::size_t piece = 0; piece < pieces_; ++piece) {
      watch_(piece);
      work_(piece, [&] { watch_(piece); });
    }
    watch_(pieces_);
  }

  void run_in_threads(std::uint32_t threads) {
    std::vector<std::thread> crew;
    for (std::uint32_t i = 0; i < threads; ++i) {
      try {
        crew.emplace_back([this] { do_pieces(); });
      } catch (const std::system_error&) {  // the machine has no more threads: continue with these
        if (crew.empty()) return run_alone();
        break;
      }
    }
    std::exception_ptr from_watch;
    try {
      watch_until_done(crew.size());
    } catch (...) {
      from_watch = std::current_exception();
    }
    stop_ = true;
    for (std::thread& each : crew) each.join();
    if (from_watch) std::rethrow_exception(from_watch);
    if (failure_) std::rethrow_exception(failure_);
    watch_(pieces_);
  }

 private:
  void do_pieces() {
    const Pulse pulse = [this] {
      if (stop_.load(std::memory_order_relaxed)) throw Stopped{};
    };
    try {
      for (std::size_t piece = next_++; piece < pieces_ && !stop_; piece = next_++) {
        work_(piece, pulse);
        ++done_;
      }
    } catch (const Stopped&) {
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_ = true;
    }
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_one();
  }

  void watch_until_done(std::size_t crew) {
    std::unique_lock lock(mutex_);
    while (ended_ < crew) {
      changed_.wait_for(lock, std::chrono::milliseconds(10));
      lock.unlock();
      watch_(done_);
      lock.lock();
    }
  }

  std::size_t pieces_;
  const Work& work_;
  const Watch& watch_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t ended_ = 0;  // threads that have ended
  std::exception_ptr failure_;
};

}  // namespace

std::uint32_t thread_count(std::uint32_t wanted) {
  return wanted > 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

void do_in_parallel(std::size_t pieces, std::uint32_t threads,
                    const std::function<void(std::size_t, const Pulse&)>& work,
                    const std::function<void(std::size_t)>& watch) {
  Crew crew(pieces, work, watch);
  const std::size_t useful = std::min<std::size_t>(thread_count(threads), pieces);
  if (useful <= 1)
    crew.run_alone();
  else
    crew.run_in_threads(static_cast<std::uint32_t>(useful));
}

}  // namespace trimhorizon
