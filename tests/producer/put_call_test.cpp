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
  const PendingPut call{{0, 1}, {}, 1};
  for (const PutFailure why :
       {PutFailure::unanswered, PutFailure::throttled, PutFailure::internal}) {
    retry.mode = RetryMode::retries;
    CHECK(puts_again(retry, call, why));
    CHECK_FALSE(puts_again(retry, {{0, 1}, {}, 0, 4}, why));
    for (const RetryMode mode : {RetryMode::none, RetryMode::ignore}) {
      retry.mode = mode;
      CHECK_FALSE(puts_again(retry, call, why));
    }
  }
  retry.mode = RetryMode::retries;
  CHECK_FALSE(puts_again(retry, call, PutFailure::none));
}

TEST_CASE(
    "the SDK puts a call again that failed, and no entry of one that succeeded [KDS-PRD-04]") {
  ProducerRetry retry;
  retry.mode = RetryMode::sdk;
  const PendingPut put_records{{0, 3}, {}, 1};
  PendingPut put_record{{0, 1}, {}, 1};
  put_record.put_records = false;
  CHECK(puts_again(retry, put_records, PutFailure::unanswered));
  CHECK(puts_again(retry, put_records, PutFailure::whole));
  CHECK_FALSE(puts_again(retry, put_records, PutFailure::throttled));
  CHECK_FALSE(puts_again(retry, put_records, PutFailure::internal));
  CHECK(puts_again(retry, put_record, PutFailure::throttled));
  CHECK(puts_again(retry, put_record, PutFailure::internal));
}

TEST_CASE("a producer waits its back-off; the SDK a random part of one that doubles [KDS-PRD-09]") {
  constexpr std::uint64_t most = UINT64_MAX;  // the longest wait that can be drawn
  ProducerRetry retry;
  retry.backoff = milliseconds(300);
  PendingPut call{{0, 1}, {}, 2};
  CHECK(wait_before_put(retry, call, PutFailure::throttled, most) == milliseconds(300));
  retry.mode = RetryMode::sdk;
  CHECK(wait_before_put(retry, call, PutFailure::throttled, 0) == Duration{0});
  CHECK(wait_before_put(retry, call, PutFailure::throttled, most) == seconds(1));
  CHECK(wait_before_put(retry, call, PutFailure::internal, most) == milliseconds(50));
  CHECK(wait_before_put(retry, call, PutFailure::unanswered, most) == milliseconds(50));
  call.tries = 3;
  CHECK(wait_before_put(retry, call, PutFailure::throttled, most) == seconds(4));
  CHECK(wait_before_put(retry, call, PutFailure::internal, most) == milliseconds(200));
  call.tries = 100;  // 20 s at most
  CHECK(wait_before_put(retry, call, PutFailure::internal, most) == seconds(20));
}

TEST_CASE("a waiting call takes the first free place, and a new one when none is free") {
  ProducerState producer;
  const auto call = [](std::uint32_t retries) {
    PendingPut made;
    made.retries_left = retries;
    return made;
  };
  for (std::uint32_t i = 0; i < 4; ++i) CHECK(put_aside(producer, call(i)) == i);
  CHECK(take_up(producer, 2).retries_left == 2);
  CHECK(take_up(producer, 1).retries_left == 1);
  CHECK(take_up(producer, 3).retries_left == 3);
  CHECK_FALSE(producer.pending[1].used);
  ProducerState decoded = producer;  // the explorer keeps the places only
  find_free(decoded);
  for (ProducerState* each : {&producer, &decoded}) {
    CHECK(put_aside(*each, call(7)) == 1);
    CHECK(each->pending[1].used);
    CHECK(put_aside(*each, call(8)) == 2);
    CHECK(put_aside(*each, call(9)) == 3);
    CHECK(put_aside(*each, call(10)) == 4);
    CHECK(take_up(*each, 2).retries_left == 8);
  }
}
