// The trace of a run as text: one JSON object on each line, in the order in which things happened
// (`--trace`).
//
// Always:
//  1. A line is a pure function of the event and of the names in the world. A quiet event has no
//     line.
//  2. `records` are ids in the order of the batch. More than 1000 are written as {first, last,
//     count}.
#pragma once

#include <iosfwd>
#include <string>

#include "sim/world/happening.hpp"

namespace trimhorizon {

class TraceWriter : public Observer {
 public:
  TraceWriter(const TraceWriter&) = delete;
  // `out` must outlive the writer.
  explicit TraceWriter(std::ostream& out) : out_(out) {}
  void on(const Happened& event, const World& world) override;

 private:
  std::ostream& out_;
  std::string line_;
};

// The line {"t": µs, "n": event, "cause": event, "event": "invoke", ...} without its end of line.
std::string trace_line(const Happened& event, const World& world);

}  // namespace trimhorizon
