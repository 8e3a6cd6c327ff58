#include "sim/lambda/batching.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("the rhythm of reads is whole seconds after the last one [ESM-POL-01]") {
  const Instant last{200'000};
  CHECK(next_rhythm_point(last, last) == last);
  CHECK(next_rhythm_point(last, Instant{200'001}) == Instant{1'200'000});
  CHECK(next_rhythm_point(last, Instant{1'200'000}) == Instant{1'200'000});
  CHECK(next_rhythm_point(last, Instant{5'000'000}) == Instant{5'200'000});
}

TEST_CASE("a record costs its base64 and 400 bytes of the 6 MB [ESM-POL-06]") {
  CHECK(payload_size(0) == 400);
  CHECK(payload_size(1) == 404);
  CHECK(payload_size(3) == 404);
  CHECK(payload_size(4) == 408);
  CHECK(payload_size(1'048'576) == 4 * 349'526 + 400);
}
