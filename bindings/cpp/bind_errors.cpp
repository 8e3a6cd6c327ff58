// Turns exceptions of the core into those of trimhorizon._errors.
#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/base/check.hpp"
#include "sim/base/choices.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/explore/explore_scenario.hpp"
#include "sim/run/result_archive.hpp"

namespace trimhorizon::bindings {
namespace {

py::object error_class(const char* name) {
  return py::module_::import("trimhorizon._errors").attr(name);
}

void raise(const char* name, const std::exception& error) {
  const py::object type = error_class(name);
  PyErr_SetString(type.ptr(), error.what());
}

void raise(const ScenarioError& error) {
  py::list diagnostics;
  for (const Diagnostic& each : error.diagnostics()) {
    diagnostics.append(
        py::make_tuple(each.file, each.line, each.column, each.message, each.suggestion));
  }
  const py::object type = error_class("ScenarioError");
  PyErr_SetObject(type.ptr(), type(std::string(error.what()), diagnostics).ptr());
}

void raise(const std::exception& error, const std::string& hint) {
  const py::object type = error_class("ExploreError");
  PyErr_SetObject(type.ptr(), type(std::string(error.what()), hint).ptr());
}

void translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const ScenarioError& error) {
    raise(error);
  } catch (const InternalError& error) {
    raise("InternalError", error);
  } catch (const SessionError& error) {
    raise("TrimhorizonError", error);
  } catch (const ArchiveError& error) {
    raise("TrimhorizonError", error);
  } catch (const TooManyRows& error) {
    raise("TrimhorizonError", error);
  } catch (const ReplayError& error) {
    raise("TrimhorizonError", error);
  } catch (const ExploreError& error) {
    raise(error, error.hint());
  } catch (const TokenError& error) {
    raise(error, "copy all of the decisions, from th1: to their end");
  } catch (const DriftError& error) {
    raise("DriftError", error);
  }
}

}  // namespace

void bind_errors(py::module_&) { py::register_exception_translator(translate); }

}  // namespace trimhorizon::bindings
