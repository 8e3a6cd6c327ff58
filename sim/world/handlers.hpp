// Handlers: the third of the three doors. They decide the outcome of an invocation: the modelled
// function, or a real one. An outcome is a plain value, decided when the invocation starts.
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
  std::uint32_t attempt = 1;    // of the batch object, from 1
  InvocationNumber number{1};   // of the run, from 1
  InvocationNumber request{1};  // names its request id: the first call of this batch object
  std::uint64_t call = 1;       // count of the calls of the reader, from 1; draws depend on it
  bool cold = false;            // it starts in a new environment
};

class Handlers {
 public:
  virtual ~Handlers() = default;
  // The outcome of this invocation. It must depend on its arguments only, or be recorded, so that a
  // replay gives the same.
  virtual Outcome invoke(const InvocationRequest& request, const World& world,
                         Choices& choices) = 0;
  // Is this function the user's own? Its effects cannot be undone. So it asks site function_error
  // itself, before the call.
  virtual bool is_own(FunctionId) const { return false; }
  // A run begins. The handler must forget what it knows of another run.
  virtual void begin_run() {}
};

// The function as the scenario describes it: `duration`, `fail`, `respond`.
class ModelledFunction : public Handlers {
 public:
  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
};

}  // namespace trimhorizon
