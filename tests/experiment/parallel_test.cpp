#include "sim/experiment/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

struct Enough {};

}  // namespace

TEST_CASE("in parallel every piece is done once, and what goes wrong comes home") {
  for (const std::uint32_t threads : {1u, 2u, 9u}) {
    std::vector<std::atomic<int>> done(100);
    do_in_parallel(
        100, threads, [&](std::size_t i, const Pulse&) { ++done[i]; }, [](std::size_t) {});
    CHECK(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; }));
    CHECK_THROWS_AS(do_in_parallel(
                        100, threads,
                        [](std::size_t i, const Pulse&) {
                          if (i == 40) throw std::runtime_error("no");
                        },
                        [](std::size_t) {}),
                    std::runtime_error);
  }
}

TEST_CASE("one thread does the pieces in order, and no thread is started for one piece") {
  std::vector<std::size_t> order;
  do_in_parallel(
      5, 1, [&](std::size_t i, const Pulse&) { order.push_back(i); }, [](std::size_t) {});
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
  std::thread::id worker;
  do_in_parallel(
      1, 8, [&](std::size_t, const Pulse&) { worker = std::this_thread::get_id(); },
      [](std::size_t) {});
  CHECK(worker == std::this_thread::get_id());
  do_in_parallel(
      0, 8, [&](std::size_t, const Pulse&) { FAIL("there is no piece"); }, [](std::size_t) {});
}

TEST_CASE("whoever watches is on the caller's thread, and sees all pieces done at the end") {
  for (const std::uint32_t threads : {1u, 4u}) {
    std::size_t last = 0;
    bool elsewhere = false;
    const std::thread::id here = std::this_thread::get_id();
    do_in_parallel(
        20, threads, [](std::size_t, const Pulse& pulse) { pulse(); },
        [&](std::size_t done) {
          last = done;
          elsewhere = elsewhere || std::this_thread::get_id() != here;
        });
    CHECK(last == 20);
    CHECK_FALSE(elsewhere);
  }
}

TEST_CASE("what the watch throws stops pieces that run at their next pulse") {
  for (const std::uint32_t threads : {1u, 3u}) {
    std::atomic<int> begun = 0;
    const auto for_ever = [&](std::size_t, const Pulse& pulse) {
      ++begun;
      for (;;) {
        pulse();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    };
    const auto watch = [&](std::size_t) {
      if (begun > 0) throw Enough{};
    };
    CHECK_THROWS_AS(do_in_parallel(100, threads, for_ever, watch), Enough);
    CHECK(begun <= static_cast<int>(threads));
  }
}

TEST_CASE("a number of threads that is given stands, 0 means the cores there are") {
  CHECK(thread_count(7) == 7);
  CHECK(thread_count(0) >= 1);
}
