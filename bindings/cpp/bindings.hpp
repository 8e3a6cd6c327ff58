// What the bind_*.cpp files share. Each has one function here, which module.cpp calls.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "sim/experiment/session.hpp"

namespace trimhorizon::bindings {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_table(py::module_& module);
void bind_scenario(py::module_& module);
void bind_handlers(py::module_& module);
void bind_run(py::module_& module);
void bind_picture(py::module_& module);
void bind_session(py::module_& module);
void bind_explore(py::module_& module);
void bind_sweep(py::module_& module);

// Makes functions of the core from (name, callable) pairs. Each call takes the GIL. The callable
// gets a Call and returns an Answer (bind_handlers.cpp).
std::vector<OwnFunction> own_functions(const py::object& pairs);

// Text of Python as the bytes that the core reads. A file name that is not UTF-8 keeps its bytes;
// other halves of characters become bytes that the reader refuses in words.
std::string bytes_of_text(const py::str& text, const char* errors = "surrogatepass");
// Text of the core, which may quote such a name: its bytes become escapes.
py::str shown(const std::string& text, const char* errors = "backslashreplace");

// Receives the progress of a run. Every 20 ms it takes the GIL and lets Python handle its signals:
// Ctrl-C raises here and so ends the run, and so does a Ctrl-C that was held back while the process
// is patched. Then it calls the callable, if there is one, with the fraction that is done.
class Watch {
 public:
  explicit Watch(py::object callback)
      : callback_(std::move(callback)),
        check_(py::module_::import("trimhorizon._sandbox").attr("check")) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  std::function<void(double)> function() {
    return [this](double fraction) { tell(fraction); };
  }

 private:
  void tell(double fraction) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    const py::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    check_();
    if (!callback_.is_none()) callback_(fraction);
    next_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  }

  py::object callback_;
  py::object check_;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace trimhorizon::bindings
