// Placeholder until the commands are written.
#include <cstdio>
int main() {
  std::puts("trimhorizon");
}
