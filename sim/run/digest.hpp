// A 128-bit digest over the canonical form of the typed trace events, not over text.
#pragma once

#include <string>

#include "sim/base/hash.hpp"
#include "sim/world/trace_event.hpp"

namespace trimhorizon {

class TraceDigest {
 public:
  void add(const TraceEvent& event) {
    digest_.add(static_cast<std::uint64_t>(event.at.us));
    digest_.add(event.cause);
    digest_.add(std::uint64_t{static_cast<std::uint8_t>(event.kind)} |
                std::uint64_t{event.detail} << 8 | std::uint64_t{event.flag} << 16 |
                std::uint64_t{static_cast<std::uint8_t>(event.ruling)} << 24 |
                std::uint64_t{event.who} << 32);
    digest_.add(event.shard.value);
    digest_.add(event.span.first);
    digest_.add(event.span.end);
    digest_.add(event.count);
    digest_.add(event.value);
  }
  std::string hex() const { return digest_.hex(); }

 private:
  Digest digest_;
};

}  // namespace trimhorizon
