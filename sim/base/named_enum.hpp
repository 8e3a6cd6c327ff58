// Enums whose members have names. An X-macro lists the members once; it gives the enum, the names
// and their number. Also: sets of members, and arrays with one value for each member.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace trimhorizon {

template <class Enum>
inline constexpr std::array<std::string_view, 0> names_of = {};

#define TH_ENUM_MEMBER(member, ...) member,
#define TH_ENUM_NAME(member, ...) #member,
// `LIST(X)` calls X(member, ...) for each member. Use it in namespace trimhorizon.
#define TH_NAMED_ENUM(Enum, LIST)                          \
  enum class Enum : std::uint8_t { LIST(TH_ENUM_MEMBER) }; \
  template <>                                              \
  inline constexpr auto names_of<Enum> = std::to_array<std::string_view>({LIST(TH_ENUM_NAME)});

// The same for a list of X(member, sentence, ...): the sentence says what the member means.
template <class Enum>
inline constexpr std::array<std::string_view, 0> sentences_of = {};
#define TH_ENUM_SENTENCE(member, sentence, ...) sentence,
#define TH_ENUM_SENTENCES(Enum, LIST)        \
  template <>                                \
  inline constexpr auto sentences_of<Enum> = \
      std::to_array<std::string_view>({LIST(TH_ENUM_SENTENCE)});

template <class Enum>
inline constexpr std::size_t count_of = names_of<Enum>.size();

template <class Enum>
concept NamedEnum = (count_of<Enum> != 0);

template <NamedEnum Enum>
constexpr std::size_t index_of(Enum member) {
  return static_cast<std::size_t>(member);
}
template <NamedEnum Enum>
constexpr std::string_view name(Enum member) {
  return names_of<Enum>[index_of(member)];
}
template <NamedEnum Enum>
constexpr std::string_view sentence(Enum member) {
  return sentences_of<Enum>[index_of(member)];
}
// The member with this name; nullopt when there is none.
template <NamedEnum Enum>
constexpr std::optional<Enum> member_named(std::string_view text) {
  for (std::size_t i = 0; i < count_of<Enum>; ++i) {
    if (names_of<Enum>[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}
// All members, in their order.
template <NamedEnum Enum>
inline constexpr auto all_of = [] {
  std::array<Enum, count_of<Enum>> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Enum>(i);
  return all;
}();

// An array with one value for each member.
template <NamedEnum Enum, class T>
struct PerMember {
  std::array<T, count_of<Enum>> values{};

  constexpr T& operator[](Enum member) { return values[index_of(member)]; }
  constexpr const T& operator[](Enum member) const { return values[index_of(member)]; }
  friend bool operator==(const PerMember&, const PerMember&) = default;
};
template <NamedEnum Enum>
using Counts = PerMember<Enum, std::uint64_t>;

template <class Enum>
constexpr std::uint64_t sum_of(const Counts<Enum>& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : counts.values) sum += n;
  return sum;
}

// A set of members.
template <class Enum>
struct EnumSet {
  using Bits = std::conditional_t<(32 < count_of<Enum>), std::uint64_t, std::uint32_t>;
  Bits bits = 0;

  constexpr void add(Enum member) { bits |= Bits{1} << index_of(member); }
  constexpr void remove(Enum member) { bits &= ~(Bits{1} << index_of(member)); }
  constexpr bool empty() const { return bits == 0; }
  constexpr bool has(Enum member) const { return (bits >> index_of(member) & 1) != 0; }
  constexpr EnumSet without(EnumSet other) const { return {bits & ~other.bits}; }
  static constexpr EnumSet all() {
    return {static_cast<Bits>(~Bits{0} >> (8 * sizeof(Bits) - count_of<Enum>))};
  }
  constexpr EnumSet& operator|=(EnumSet other) {
    bits |= other.bits;
    return *this;
  }
  friend constexpr bool operator==(const EnumSet&, const EnumSet&) = default;
};

template <class Enum>
std::vector<std::string> names_in(EnumSet<Enum> set) {
  std::vector<std::string> names;
  for (const Enum each : all_of<Enum>) {
    if (set.has(each)) names.emplace_back(name(each));
  }
  return names;
}

}  // namespace trimhorizon
