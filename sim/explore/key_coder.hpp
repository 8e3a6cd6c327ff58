// Writing and reading a key: the same calls in both directions, so that one list of members is
// encoder and decoder.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// The time in a decoded world. Any value would do that is far from both ends of an Instant.
inline constexpr Instant decoded_now{hours(1'000'000).us};

// Stands for every bound in the past: they all have no effect any more.
inline constexpr Instant long_ago{INT64_MIN};

// Names what a key leaves out: numbers that only identify things, what is only reported and read by
// no rule, and what the plan contains.
template <class... Members>
void left_out(const Members&...) {}

class KeyWriter {
 public:
  KeyWriter(const KeyWriter&) = delete;
  static constexpr bool reading = false;
  // Overwrites `bytes`; they are complete after finish().
  explicit KeyWriter(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {
    bytes_.resize(std::max<std::size_t>(bytes_.capacity(), 256));
    at_ = bytes_.data();
    end_ = at_ + bytes_.size();
  }
  void finish() { bytes_.resize(static_cast<std::size_t>(at_ - bytes_.data())); }

  template <class T>
  void number(const T& value) {
    put(static_cast<std::uint64_t>(value));
  }
  template <class T>
  void known(T&, const T&) {}  // follows from other members, so it is not written
  void flag(bool& value, bool now) {
    value = now;
    put(now ? 1 : 0);
  }
  template <class V>
  void size(const V& values) {
    put(values.size());
  }
  // Written only if it matters; if not, it is read back as `otherwise`.
  template <class T>
  void number_if(bool matters, const T& value, const T&) {
    if (matters) number(value);
  }
  // All values from `cap` on are equivalent. If it does not matter, it is read back as 0.
  void capped_if(bool matters, std::uint32_t value, std::uint32_t cap) {
    if (matters) put(std::min(value, cap));
  }
  void instant(Instant t) { put(zigzag(t.us)); }
  void relative(Instant t, Instant now) { put(zigzag((t - now).us)); }
  // All instants up to `now` are equivalent.
  void later(Instant t, Instant now) {
    put(t <= now ? 0 : t == end_of_time ? 1 : static_cast<std::uint64_t>((t - now).us) + 1);
  }
  void duration(Duration d) { put(zigzag(d.us)); }
  void position(Position p, Position base) { put(p - base); }
  void nibbles(const std::vector<std::uint8_t>& values) {
    for (std::size_t i = 0; i < values.size(); i += 2) {
      const unsigned high = i + 1 < values.size() ? values[i + 1] : 0;
      put_byte(static_cast<std::uint8_t>(values[i] | high << 4));
    }
  }
  void bits(const std::vector<std::uint8_t>& values) {
    for (std::size_t i = 0; i < values.size(); i += 8) {
      unsigned byte = 0;
      for (std::size_t j = i; j < std::min(i + 8, values.size()); ++j) {
        byte |= unsigned{values[j]} << (j - i);
      }
      put_byte(static_cast<std::uint8_t>(byte));
    }
  }

 private:
  static std::uint64_t zigzag(std::int64_t v) {
    return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
  }
  void grow() {
    const auto used = static_cast<std::size_t>(at_ - bytes_.data());
    bytes_.resize(bytes_.size() * 2);
    at_ = bytes_.data() + used;
    end_ = bytes_.data() + bytes_.size();
  }
  void put_byte(std::uint8_t byte) {
    if (at_ == end_) [[unlikely]]
      grow();
    *at_++ = byte;
  }
  void put(std::uint64_t v) {
    while (v >= 0x80) {
      put_byte(static_cast<std::uint8_t>(v | 0x80));
      v >>= 7;
    }
    put_byte(static_cast<std::uint8_t>(v));
  }

  std::vector<std::uint8_t>& bytes_;
  std::uint8_t* at_ = nullptr;
  std::uint8_t* end_ = nullptr;
};

class KeyReader {
 public:
  KeyReader(const KeyReader&) = delete;
  static constexpr bool reading = true;
  explicit KeyReader(std::span<const std::uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool at_end() const { return at_ == end_; }

  template <class T>
  void number(T& value) {
    value = static_cast<T>(get());
  }
  template <class T>
  void known(T& value, const T& known) {
    value = known;
  }
  void flag(bool& value, bool) { value = get() != 0; }
  template <class V>
  void size(V& values) {
    values.resize(get());
  }
  template <class T>
  void number_if(bool matters, T& value, const T& otherwise) {
    matters ? number(value) : known(value, otherwise);
  }
  void capped_if(bool matters, std::uint32_t& value, std::uint32_t) {
    value = matters ? static_cast<std::uint32_t>(get()) : 0;
  }
  void instant(Instant& t) { t.us = unzigzag(get()); }
  void relative(Instant& t, Instant now) { t.us = now.us + unzigzag(get()); }
  void later(Instant& t, Instant now) {
    const std::uint64_t v = get();
    t = v == 0 ? long_ago : v == 1 ? end_of_time : now + Duration{static_cast<std::int64_t>(v - 1)};
  }
  void duration(Duration& d) { d.us = unzigzag(get()); }
  void position(Position& p, Position base) { p = get() + base; }
  void nibbles(std::vector<std::uint8_t>& values) {
    for (std::size_t i = 0; i < values.size(); i += 2) {
      const std::uint8_t byte = next();
      values[i] = byte & 0xf;
      if (i + 1 < values.size()) values[i + 1] = byte >> 4;
    }
  }
  void bits(std::vector<std::uint8_t>& values) {
    for (std::size_t i = 0; i < values.size(); i += 8) {
      const std::uint8_t byte = next();
      for (std::size_t j = i; j < std::min(i + 8, values.size()); ++j) {
        values[j] = byte >> (j - i) & 1;
      }
    }
  }

 private:
  static std::int64_t unzigzag(std::uint64_t v) {
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }
  std::uint8_t next() {
    TH_CHECK(at_ != end_);
    return *at_++;
  }
  std::uint64_t get() {
    std::uint64_t v = next();
    if (v < 0x80) [[likely]]
      return v;
    v &= 0x7f;
    for (int shift = 7;; shift += 7) {
      const std::uint8_t byte = next();
      v |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return v;
    }
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace trimhorizon
