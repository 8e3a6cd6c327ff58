// The words of the ledger: how records end, why they come again, why they are lost.
// Names and meanings are those of section 1 of the interface; order is the order of reports.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace trimhorizon {

// How the checkpoint first passed a stored record in a mapping; before that, pending.
enum class Fate : std::uint8_t {
  processed,
  filtered,
  discarded,  // a failure destination has it
  dropped,    // given up, nothing has it
  expired,    // retention took it at or after the starting position, unsettled
  unread,     // before the starting position
  pending,
};
inline constexpr std::size_t fate_count = 7;
inline constexpr std::array<std::string_view, fate_count> fate_names = {
    "processed", "filtered", "discarded", "dropped", "expired", "unread", "pending"};

// Why a stored record is handed over; a surplus effect is attributed to it.
enum class DeliveryReason : std::uint8_t {
  first,
  retry_after_error,
  retry_after_timeout,
  retry_after_crash,
  retry_after_partial_response,
  bisect,
  poller_crash,
  overlapping_pollers,
  checkpoint_lost,
  re_enabled,
  recreated,
  producer_retry,
};
inline constexpr std::size_t delivery_reason_count = 12;
inline constexpr std::array<std::string_view, delivery_reason_count> delivery_reason_names = {
    "first",
    "retry_after_error",
    "retry_after_timeout",
    "retry_after_crash",
    "retry_after_partial_response",
    "bisect",
    "poller_crash",
    "overlapping_pollers",
    "checkpoint_lost",
    "re_enabled",
    "recreated",
    "producer_retry"};

// Why a stored record has no effect and nothing holds it.
enum class LossCause : std::uint8_t {
  none,
  retries,
  age,
  retention,
  latest_gap,
  swallowed,
  report_ignored,
  skipped_by_handler,
  destination_failed,
  producer_ignored_failure,
  oversized,
};
inline constexpr std::size_t loss_cause_count = 11;
inline constexpr std::array<std::string_view, loss_cause_count> loss_cause_names = {
    "none",
    "retries",
    "age",
    "retention",
    "latest_gap",
    "swallowed",
    "report_ignored",
    "skipped_by_handler",
    "destination_failed",
    "producer_ignored_failure",
    "oversized"};

// The situations of `sometimes`, each marked where it happens.
enum class Situation : std::uint8_t {
  retry,
  timeout,
  partial_response,
  malformed_response,
  bisect,
  discard,
  age_discard,
  expire,
  throttle,
  poller_crash,
  checkpoint_lost,
  ack_lost,
  producer_retry,
  filtered,
  latest_gap,
  reshard,
  cold_start,
  swallow,
  destination_failure,
};
inline constexpr std::size_t situation_count = 19;
inline constexpr std::array<std::string_view, situation_count> situation_names = {
    "retry",           "timeout",     "partial_response", "malformed_response", "bisect",
    "discard",         "age_discard", "expire",           "throttle",           "poller_crash",
    "checkpoint_lost", "ack_lost",    "producer_retry",   "filtered",           "latest_gap",
    "reshard",         "cold_start",  "swallow",          "destination_failure"};

inline constexpr std::string_view name(Fate f) { return fate_names[static_cast<std::size_t>(f)]; }
inline constexpr std::string_view name(DeliveryReason r) {
  return delivery_reason_names[static_cast<std::size_t>(r)];
}
inline constexpr std::string_view name(LossCause c) {
  return loss_cause_names[static_cast<std::size_t>(c)];
}
inline constexpr std::string_view name(Situation s) {
  return situation_names[static_cast<std::size_t>(s)];
}

}  // namespace trimhorizon
