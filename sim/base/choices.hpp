// Choices: the first of the three doors. Wherever reality can go either way, a handler asks
// `pick(question)`. Who answers decides the kind of the run: a seed, a script (replay), the
// explorer, an odometer (enumeration in tests), or a person.
//
// Always:
//  1. Answer 0 is the ordinary course and costs nothing.
//  2. A question consists of small integers, so that asking needs no text.
//  3. A site that is not open is not asked, so it costs only one test of a bit.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/hash.hpp"

namespace trimhorizon {

struct Question {
  std::uint8_t site = 0;      // its number in the table of sites (faults/site.hpp)
  std::uint32_t entity = 0;   // number of the producer, reader, ... that it is about
  std::uint64_t ordinal = 0;  // tells apart the questions of one site and entity
  std::uint32_t arity = 2;    // answers are 0 .. arity-1; at least 1
  Probability weight;         // probability of an answer that is not 0; only a seed uses it

  friend bool operator==(const Question&, const Question&) = default;
};

// An answer that was not 0, with everything that a replay needs.
struct Decision {
  std::uint64_t index = 0;  // number of the question in the run, from 0
  std::uint8_t site = 0;
  std::uint32_t entity = 0;
  std::uint64_t ordinal = 0;
  std::uint32_t arity = 0;
  std::uint32_t answer = 0;
  std::uint64_t rolling = 0;  // hash of all questions and answers up to this one, included

  friend bool operator==(const Decision&, const Decision&) = default;
};

class Choices {
 public:
  explicit Choices(std::uint32_t open_sites) : open_sites_(open_sites) {}
  virtual ~Choices() = default;

  // Is this site open? REQUIRES: site < 32, because `open_sites` has one bit for each site.
  bool asks(std::uint8_t site) const { return (open_sites_ >> site & 1u) != 0; }
  std::uint32_t open_sites() const { return open_sites_; }
  // Opens a site. A fault that a user injects in the middle of a run may need its site.
  void open(std::uint8_t site) { open_sites_ |= 1u << site; }

  // Returns an answer below `question.arity`. REQUIRES: asks(question.site) and arity >= 1.
  std::uint32_t pick(const Question& question);

  // How many questions were asked, and the hash of all questions and answers so far.
  std::uint64_t asked() const { return asked_; }
  std::uint64_t rolling() const { return rolling_; }

 protected:
  // The value of rolling() after this question gets this answer.
  std::uint64_t rolling_after(const Question& question, std::uint32_t chosen) const;
  // The answer, below `question.arity`.
  virtual std::uint32_t answer(const Question& question) = 0;

 private:
  std::uint32_t open_sites_;
  std::uint64_t asked_ = 0;
  std::uint64_t rolling_ = 0;
};

// The answer is a function of (seed, site, entity, ordinal) and the weight of the question.
class SeededChoices : public Choices {
 public:
  SeededChoices(std::uint64_t seed, std::uint32_t open_sites) : Choices(open_sites), seed_(seed) {}

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::uint64_t seed_;
};

// The run asked another question than the recorded list expects. The list belongs to another
// scenario, seed or version.
class DriftError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace trimhorizon
