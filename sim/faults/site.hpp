// The one table of choice sites: all places where reality can go either way. To add a site, add a
// row at the end of this table and a `choices.pick` at the place. The rows never change their
// order, because the number of a site is a part of the tokens that replay a run.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// X(name, cost of an answer that is not 0, does the explorer ask it by default?, sentence)
#define TH_SITES(X)                                                                          \
  X(function_error, 1, true, "the function fails at a record, or after all its effects")     \
  X(timeout, 1, false, "the invocation times out after its effects")                         \
  X(poller_crash, 1, true, "the poller crashes after the effects, before the checkpoint")    \
  X(poller_crash_anywhere, 1, false, "the poller crashes at any moment")                     \
  X(checkpoint_lost, 1, false, "the checkpoint of a success is not stored")                  \
  X(ack_lost, 1, true,                                                                       \
    "a put is stored, but its acknowledgement is lost; the copy is stored right after it")   \
  X(ack_lost_late, 1, true,                                                                  \
    "a put is stored, but its acknowledgement is lost; the copy is stored last")             \
  X(trim, 1, false, "retention removes the record at the checkpoint")                        \
  X(throttle, 1, false, "the invocation is throttled")                                       \
  X(destination_failure, 1, false, "the on-failure destination refuses the message")         \
  X(iterator_expired, 1, false, "the shard iterator has expired when it is used")            \
  X(overlapping_pollers, 1, false, "two pollers hand the same batch to the function")        \
  X(fail_probability, 0, false, "a `fail` entry with a probability applies")                 \
  X(lost_acknowledgement, 0, false, "an acknowledgement is lost while the timeline says so") \
  X(batch_size, 0, false, "how many of the available records the batch has")                 \
  X(free_slot, 0, false, "which of the shards that wait gets a free slot of the function")   \
  X(put_throttled, 1, false, "a shard refuses a record of a put, which is above its limit")  \
  X(put_failure, 0, false, "a put fails while the timeline says that puts fail")             \
  X(get_failure, 0, false, "a read fails while the timeline says that reads fail")           \
  X(read_throttled, 1, false, "a shard refuses a read, which is above its limit")            \
  X(reshard, 1, false, "a reshard of `explore.reshards` happens")

TH_NAMED_ENUM(Site, TH_SITES)

// The number of the site in a Question.
constexpr std::uint8_t number(Site site) { return static_cast<std::uint8_t>(site); }

struct SiteInfo {
  std::string_view name;
  std::uint32_t cost;        // of an answer that is not 0: 1 for a fault, 0 for an ordinary event
  bool explored_by_default;  // does the explorer ask it if the scenario does not say?
  std::string_view sentence;
};

const SiteInfo& info(Site site);

using SiteSet = EnumSet<Site>;

}  // namespace trimhorizon
