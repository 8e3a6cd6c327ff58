// The words of the reports: what each fate and cause means, for a reader who has read
// nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/faults/cause.hpp"

namespace trimhorizon {

// "1 record", "12,000 records".
std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural = "");

// "once", "twice", "3 times".
std::string times(std::uint64_t n);

// "r" of "p.q.r": the part of a path after its last dot.
std::string last_part(const std::string& path);

// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& names);

// "r0 r1 r2": the first `shown` of `total` ids, with an ellipsis when there are more.
std::string examples(const std::vector<std::string>& ids, std::uint64_t total,
                     std::size_t shown = 6);

// These words about several records, or about one: "took them" becomes "took it".
std::string for_count(std::uint64_t n, std::string_view words);

std::string_view words(Fate fate);             // "taken by retention, not settled"
char letter_of(Fate fate);                     // in strips and pictures: D, E, …
std::string_view words(DeliveryReason cause);  // "a failing batch was split …"
std::string_view words(LossCause cause);       // "given up after the last retry …"

}  // namespace trimhorizon
