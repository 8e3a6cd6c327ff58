// The position-time picture in characters. x is time, y the position in one shard: a band of
// records waiting between what is written (its upper edge) and what is settled (its lower edge).
// The height of the band is the backlog, its length the age. Invocations are drawn over it.
#pragma once

#include <string>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/report/layout.hpp"

namespace trimhorizon {

// Something that is marked under the time axis by its letter.
struct PictureMark {
  Instant from;
  Instant until;  // equal to `from`: it happens at one instant
  char letter = 'A';
};

// Lines of at most `page_width` columns, legend included; empty when there is nothing to draw.
std::vector<std::string> draw_picture(const ShardPicture& picture, const Painter& paint,
                                      const std::vector<PictureMark>& marks = {});

// How interesting a picture is: failed invocations first, then the largest backlog. 0: it is empty.
std::uint64_t interest(const ShardPicture& picture);

}  // namespace trimhorizon
