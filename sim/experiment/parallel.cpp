// Runs pieces of work on threads, while the caller's thread shows progress and can stop them.
#include "sim/experiment/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace trimhorizon {
namespace {

using Work = std::function<void(std::size_t, const Pulse&)>;
using Watch = std::function<void(std::size_t)>;

// Ends a piece whose work is no longer wanted.
struct Stopped {};

void run_alone(std::size_t pieces, const Work& work, const Watch& watch) {
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    watch(piece);
    work(piece, [&] { watch(piece); });
  }
  watch(pieces);
}

}  // namespace

std::uint32_t thread_count(std::uint32_t wanted) {
  return wanted > 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

void do_in_parallel(std::size_t pieces, std::uint32_t threads, const Work& work,
                    const Watch& watch) {
  const std::size_t useful = std::min<std::size_t>(thread_count(threads), pieces);
  if (useful <= 1) return run_alone(pieces, work, watch);

  std::atomic<std::size_t> next = 0, done = 0;
  std::atomic<bool> stop = false;
  const Pulse pulse = [&] {
    if (stop.load(std::memory_order_relaxed)) throw Stopped{};
  };
  const auto do_pieces = [&] {
    try {
      for (std::size_t piece = next++; piece < pieces && !stop; piece = next++) {
        work(piece, pulse);
        ++done;
      }
    } catch (const Stopped&) {
    } catch (...) {
      stop = true;
      throw;
    }
  };
  std::vector<std::future<void>> crew;  // a future waits for its thread before it goes away
  for (std::size_t i = 0; i < useful; ++i) {
    try {
      crew.push_back(std::async(std::launch::async, do_pieces));
    } catch (const std::system_error&) {  // the machine has no more threads: continue with these
      if (crew.empty()) return run_alone(pieces, work, watch);
      break;
    }
  }
  try {
    for (const std::future<void>& each : crew) {
      while (each.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready) watch(done);
    }
  } catch (...) {
    stop = true;
    throw;
  }
  for (std::future<void>& each : crew) each.get();  // throws what a piece has thrown
  watch(pieces);
}

}  // namespace trimhorizon
