// The messages that failure destinations have received. ESM-DST-02, ESM-BIS-10.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/faults/assumptions.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

// The facts of a message to a failure destination; aws_message.hpp makes its text.
struct Message {
  Instant at;
  ReaderId reader;
  DestinationId destination;
  GivingUp what;
  StoredRecord first;
  StoredRecord last;

  friend bool operator==(const Message&, const Message&) = default;
};

class Letters {
 public:
  explicit Letters(const Plan& plan) : boxes_(plan.destinations.size()) {}

  void on(const MessageSent& sent, const World& world);

  // The first max_messages messages, in the order in which they came. Later ones are only counted.
  const std::vector<Message>& messages(DestinationId destination) const {
    return boxes_[destination.value].messages;
  }
  // How many messages were only counted.
  std::uint64_t left_out(DestinationId destination) const {
    return boxes_[destination.value].left_out;
  }
  // Was it open whether two messages are one? (ESM-BIS-10)
  const AssumptionsMet& met() const { return met_; }

  friend bool operator==(const Letters&, const Letters&) = default;

 private:
  struct Box {
    std::vector<Message> messages;
    std::uint64_t left_out = 0;

    friend bool operator==(const Box&, const Box&) = default;
  };
  bool consolidates(const Message& before, const Message& next, const World& world);

  std::vector<Box> boxes_;  // by DestinationId
  AssumptionsMet met_;
};
inline constexpr std::size_t max_messages = 10'000;

}  // namespace trimhorizon
