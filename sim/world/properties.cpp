#include "sim/world/properties.hpp"

namespace trimhorizon {
namespace {

struct Row {
  std::string_view name;
  std::string_view sentence;
};
constexpr std::array<Row, invariant_count> rows = {{
#define TH_ROW(name, sentence) {#name, sentence},
    TH_INVARIANTS(TH_ROW)
#undef TH_ROW
}};

}  // namespace

std::string_view name(Invariant invariant) {
  return rows[static_cast<std::size_t>(invariant)].name;
}
std::string_view sentence(Invariant invariant) {
  return rows[static_cast<std::size_t>(invariant)].sentence;
}

}  // namespace trimhorizon
