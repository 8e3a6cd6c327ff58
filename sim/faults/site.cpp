#include "sim/faults/site.hpp"

#include <array>

namespace trimhorizon {
namespace {

constexpr std::array<SiteInfo, count_of<Site>> sites = {{
#define TH_ROW(name, cost, on, sentence) {#name, cost, on, sentence},
    TH_SITES(TH_ROW)
#undef TH_ROW
}};

}  // namespace

const SiteInfo& info(Site site) { return sites[static_cast<std::size_t>(site)]; }

}  // namespace trimhorizon
