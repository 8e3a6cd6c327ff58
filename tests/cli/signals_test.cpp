#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace trimhorizon::tests {

TEST_CASE("programs that a test starts take Ctrl-C") {
  CHECK(run_shell("kill -INT $$; echo survived").out == "");
}

TEST_CASE("with SIGINT ignored, tests set their own signal state") {
  const std::string here = std::filesystem::read_symlink("/proc/self/exe").string();
  const ProgramRun run =
      run_shell("trap '' INT; '" + here + "' 'programs that a test starts take Ctrl-C'");
  CHECK(run.code == 0);
}

}  // namespace trimhorizon::tests
