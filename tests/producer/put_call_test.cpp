#include "sim/producer/put_call.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr Probability half{500'000'000};
constexpr Probability tenth{100'000'000};

}  // namespace

TEST_CASE("acknowledgements are lost while an entry lasts, its end excluded [KDS-PRD-07]") {
  ProducerState producer;
  CHECK(loss_of_answers(producer, Instant{0}).parts_per_billion == 0);
  producer.losing = {{Instant{10}, half}};
  CHECK(loss_of_answers(producer, Instant{9}).parts_per_billion == half.parts_per_billion);
  CHECK(loss_of_answers(producer, Instant{10}).parts_per_billion == 0);
}

TEST_CASE("of entries that overlap the likeliest counts, in whatever order they began") {
  ProducerState producer;
  producer.losing = {{Instant{20}, tenth}, {Instant{10}, half}};
  CHECK(loss_of_answers(producer, Instant{5}).parts_per_billion == half.parts_per_billion);
  CHECK(loss_of_answers(producer, Instant{15}).parts_per_billion == tenth.parts_per_billion);
  producer.losing = {{Instant{10}, half}, {Instant{20}, tenth}};
  CHECK(loss_of_answers(producer, Instant{5}).parts_per_billion == half.parts_per_billion);
}

TEST_CASE("a producer puts again while it has retries left, if it retries at all [KDS-PRD-09]") {
  ProducerRetry retry;
  CHECK(puts_again(retry, {{0, 1}, 1, 1, true}));
  CHECK_FALSE(puts_again(retry, {{0, 1}, 0, 4, true}));
  for (const RetryMode mode : {RetryMode::none, RetryMode::ignore}) {
    retry.mode = mode;
    CHECK_FALSE(puts_again(retry, {{0, 1}, 1, 1, true}));
  }
}

TEST_CASE("a waiting call takes the first free place, and a new one when none is free") {
  ProducerState producer;
  CHECK(pending_slot(producer) == 0);
  CHECK(pending_slot(producer) == 0);  // still free: whoever asks says that it is used
  producer.pending[0].used = true;
  CHECK(pending_slot(producer) == 1);
  producer.pending[1].used = true;
  producer.pending[0].used = false;
  CHECK(pending_slot(producer) == 0);
  CHECK(producer.pending.size() == 2);
}
