#include "sim/faults/site.hpp"

#include <array>

namespace trimhorizon {
namespace {

constexpr std::array<SiteInfo, site_count> sites = {{
#define TH_ROW(name, cost, on, sentence) {#name, cost, on, sentence},
    TH_SITES(TH_ROW)
#undef TH_ROW
}};

}  // namespace

const SiteInfo& info(Site site) { return sites[static_cast<std::size_t>(site)]; }

std::optional<Site> site_named(std::string_view name) {
  for (std::uint32_t i = 0; i < site_count; ++i) {
    if (sites[i].name == name) return static_cast<Site>(i);
  }
  return std::nullopt;
}

}  // namespace trimhorizon
