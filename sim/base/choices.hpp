// Choices: the first of the three doors. Wherever reality may go either way, a handler asks
// `pick(question)`; who answers decides what kind of run it is: a seed, a script (replay), the
// explorer, an odometer (enumeration in tests), a person.
//
// Always:
//  1. Answer 0 is the ordinary course and costs nothing.
//  2. A question is small integers; no text is built to ask.
//  3. A site that is not open is not asked, so a closed site costs one test of a bit.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/hash.hpp"

namespace trimhorizon {

struct Question {
  std::uint8_t site = 0;      // of the table of sites (faults/site.hpp)
  std::uint32_t entity = 0;   // which producer, poller, …
  std::uint64_t ordinal = 0;  // counts the questions of that kind for that entity, or alike
  std::uint32_t arity = 2;    // answers are 0 .. arity-1
  Probability weight;         // of any answer but 0; for the seeded source only

  friend bool operator==(const Question&, const Question&) = default;
};

// A decision that was not 0, as a replay needs it.
struct Decision {
  std::uint64_t index = 0;  // which question of the run, from 0
  std::uint8_t site = 0;
  std::uint32_t entity = 0;
  std::uint64_t ordinal = 0;
  std::uint32_t arity = 0;
  std::uint32_t answer = 0;
  std::uint64_t rolling = 0;  // hash of all questions and answers up to and with this one

  friend bool operator==(const Decision&, const Decision&) = default;
};

class Choices {
 public:
  explicit Choices(std::uint32_t open_sites) : open_sites_(open_sites) {}
  virtual ~Choices() = default;

  bool asks(std::uint8_t site) const { return (open_sites_ >> site & 1u) != 0; }
  std::uint32_t open_sites() const { return open_sites_; }
  // A fault that is injected in the middle of a run may need its site.
  void open(std::uint8_t site) { open_sites_ |= 1u << site; }

  std::uint32_t pick(const Question& question);

  std::uint64_t asked() const { return asked_; }
  std::uint64_t rolling() const { return rolling_; }

 protected:
  // What rolling() will be when this question gets this answer.
  std::uint64_t rolling_after(const Question& question, std::uint32_t chosen) const;
  virtual std::uint32_t answer(const Question& question) = 0;

 private:
  std::uint32_t open_sites_;
  std::uint64_t asked_ = 0;
  std::uint64_t rolling_ = 0;
};

// Answers by (seed, site, entity, ordinal) and the question's weight.
class SeededChoices : public Choices {
 public:
  SeededChoices(std::uint64_t seed, std::uint32_t open_sites) : Choices(open_sites), seed_(seed) {}

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::uint64_t seed_;
};

// The run asked something else than the decision list says: the list belongs to another scenario,
// seed or version.
class DriftError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace trimhorizon
