// A question about a stored record that its log cannot answer, such as its size. The caller knows
// the answer, and hands it in as a function.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "sim/kinesis/record_log.hpp"

namespace trimhorizon {

// Refers to a function object that is called with a StoredRecord. REQUIRES: the function object
// outlives this reference.
template <class T>
class OfRecord {
 public:
  template <class F>
  requires(!std::same_as<F, OfRecord> && std::is_invocable_r_v<T, const F&, const StoredRecord&>)
      OfRecord(const F& f)
      : object_(&f), call_([](const void* object, const StoredRecord& record) -> T {
          return (*static_cast<const F*>(object))(record);
        }) {}
  // A copy refers to the same function object, which belongs to neither.
  OfRecord(const OfRecord&) = default;
  OfRecord& operator=(const OfRecord&) = default;
  T operator()(const StoredRecord& record) const { return call_(object_, record); }

 private:
  const void* object_;
  T (*call_)(const void*, const StoredRecord&);
};

// The bytes of a record, as the limits of a read count them: at least 0.
using RecordBytes = OfRecord<std::int64_t>;

}  // namespace trimhorizon
