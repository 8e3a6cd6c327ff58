#include "sim/cli/program.hpp"

int main(int argc, char** argv) {
  trimhorizon::Console console;
  return trimhorizon::run_program({argv + (argc > 0 ? 1 : 0), argv + argc}, console,
                                  argc > 0 ? argv[0] : "");
}
