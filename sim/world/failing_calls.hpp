// Calls of a stream that fail because the timeline says so, under the names that AWS gives such
// faults. KDS-PRD-11, KDS-PRD-20.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

enum class CallFailure : std::uint8_t {
  none,
  internal_failure,     // InternalFailure
  unavailable,          // ServiceUnavailable
  throttling,           // ThrottlingException
  throughput_exceeded,  // ProvisionedThroughputExceededException
  expired_iterator,     // ExpiredIteratorException; of reads only
};

// How an entry of a put ends that fails so; `stored` for none.
PutEnd put_end_of(CallFailure failure);
// As AWS names it. REQUIRES: it is not `none`.
ApiError error_of(CallFailure failure);

// Does this call fail now, and how? Each question has a draw of its own.
CallFailure failure_of_put(const Moment& moment, StreamId stream);
CallFailure failure_of_get(const Moment& moment, StreamId stream);
// Is it possible that a put fails now?
bool puts_may_fail(const World& world, StreamId stream);

// How the entries of one put fail, in their order. The whole call fails when the service is not
// there; otherwise its entries fail one by one.
class FailuresOfPut {
 public:
  FailuresOfPut(const Moment& moment, StreamId stream);
  FailuresOfPut(const FailuresOfPut&) = delete;
  FailuresOfPut& operator=(const FailuresOfPut&) = delete;
  bool whole() const { return whole_; }
  // REQUIRES: called once for each entry.
  PutEnd next();

 private:
  const Moment& moment_;
  StreamId stream_;
  bool may_fail_;
  PutEnd first_ = PutEnd::stored;
  bool whole_ = false;
  bool begun_ = false;
};

}  // namespace trimhorizon
