#include "sim/faults/site.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each site has its row: its name and a sentence of its own") {
  std::set<std::string_view> sentences;
  for (const Site site : all_of<Site>) {
    CHECK(info(site).name == name(site));
    CHECK(sentences.insert(info(site).sentence).second);
  }
}

TEST_CASE("the number of a site never changes: tokens that replay runs hold it") {
  CHECK(number(Site::function_error) == 0);
  CHECK(number(Site::timeout) == 1);
  CHECK(number(Site::poller_crash) == 2);
  CHECK(number(Site::poller_crash_anywhere) == 3);
  CHECK(number(Site::checkpoint_lost) == 4);
  CHECK(number(Site::ack_lost) == 5);
  CHECK(number(Site::ack_lost_late) == 6);
  CHECK(number(Site::trim) == 7);
  CHECK(number(Site::throttle) == 8);
  CHECK(number(Site::destination_failure) == 9);
  CHECK(number(Site::iterator_expired) == 10);
  CHECK(number(Site::overlapping_pollers) == 11);
  CHECK(number(Site::fail_probability) == 12);
  CHECK(number(Site::lost_acknowledgement) == 13);
  CHECK(number(Site::batch_size) == 14);
  CHECK(number(Site::free_slot) == 15);
}

TEST_CASE("the explorer tries four sites unless it is told others, and each costs a fault") {
  std::set<Site> explored;
  for (const Site site : all_of<Site>) {
    if (info(site).explored_by_default) explored.insert(site);
  }
  CHECK(explored ==
        std::set{Site::function_error, Site::poller_crash, Site::ack_lost, Site::ack_lost_late});
  for (const Site site : explored) CHECK(info(site).cost == 1);
}

TEST_CASE("what the scenario itself leaves to chance costs no fault") {
  std::set<Site> free;
  for (const Site site : all_of<Site>) {
    if (info(site).cost == 0) free.insert(site);
  }
  CHECK(free == std::set{Site::fail_probability, Site::lost_acknowledgement, Site::batch_size,
                         Site::free_slot, Site::put_failure, Site::get_failure});
}
