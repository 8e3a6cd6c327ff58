// Handlers: the third of the three doors. An invocation's outcome comes from the modelled function
// or from a real one; it is a plain value, decided when the invocation starts.
#pragma once

#include <cstdint>

#include "sim/base/choices.hpp"
#include "sim/base/ids.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

struct World;

struct InvocationRequest {
  MappingId mapping;
  ReaderId reader;
  Batch batch;
  std::uint32_t attempt = 1;   // of the current batch object
  InvocationNumber number{1};  // of the run, from 1
  std::uint64_t call = 1;      // of the mapping, from 1: what is drawn depends on it
  bool cold = false;
};

class Handlers {
 public:
  virtual ~Handlers() = default;
  virtual Outcome invoke(const InvocationRequest& request, const World& world,
                         Choices& choices) = 0;
  // Is this function the user's own? What it has done cannot be undone, so it asks site
  // function_error itself, before it is called.
  virtual bool is_own(FunctionId) const { return false; }
  // A run begins at its first world: nothing is remembered of another.
  virtual void begin_run() {}
};

// The function as the scenario describes it: `duration`, `fail`, `respond`.
class ModelledFunction : public Handlers {
 public:
  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
};

}  // namespace trimhorizon
