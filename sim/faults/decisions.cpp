#include "sim/faults/decisions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/base64.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view prefix = "th1:";
constexpr std::uint64_t has_origin = 1;         // what follows the decisions
constexpr std::size_t decisions_max = 100'000;  // in one token; a bound against hostile texts

class Bytes {
 public:
  void number(std::uint64_t n) {
    while (n >= 0x80) {
      out_ += static_cast<char>(n | 0x80);
      n >>= 7;
    }
    out_ += static_cast<char>(n);
  }
  void word(std::uint64_t n, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(n >> (8 * i));
  }
  const std::string& text() const { return out_; }

 private:
  std::string out_;
};

class DecisionsReader {
 public:
  explicit DecisionsReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = next();
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n;
    }
    throw TokenError("the token is damaged: a number is too long");
  }
  std::uint64_t word(int bytes) {
    std::uint64_t n = 0;
    for (int i = 0; i < bytes; ++i) n |= next() << (8 * i);
    return n;
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::uint64_t next() {
    if (at_ == bytes_.size()) throw TokenError("the token is damaged: it ends too early");
    return static_cast<unsigned char>(bytes_[at_++]);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::uint32_t checksum(std::string_view bytes) {
  Digest digest;
  digest.add_text(bytes);
  return static_cast<std::uint32_t>(digest.low());
}

Decision read_decision(DecisionsReader& in, std::uint64_t& index, SiteSet open,
                       std::size_t number) {
  const auto wrong = [&](std::string_view what) {
    return TokenError(fmt::format("decision {} of the token: {}", number, what));
  };
  Decision d;
  index += in.number();
  d.index = index++;
  const std::uint64_t site = in.number();
  if (site >= count_of<Site>) throw wrong(fmt::format("there is no site {}", site));
  d.site = static_cast<std::uint8_t>(site);
  if (!open.has(static_cast<Site>(site))) {
    throw wrong(fmt::format("{} is not one of its open sites", info(static_cast<Site>(site)).name));
  }
  d.entity = static_cast<std::uint32_t>(in.number());
  d.ordinal = in.number();
  d.arity = static_cast<std::uint32_t>(in.number());
  d.answer = static_cast<std::uint32_t>(in.number());
  d.rolling = in.word(8);
  if (d.answer == 0 || d.answer >= d.arity) {
    throw wrong(
        fmt::format("answer {} is not allowed: the question has {} answers", d.answer, d.arity));
  }
  return d;
}

Origin read_origin(DecisionsReader& in) {
  if (in.number() != has_origin) {
    throw TokenError("the token is damaged: there is more text after its end");
  }
  Origin origin;
  origin.file = static_cast<std::uint32_t>(in.word(4));
  origin.settings = static_cast<std::uint32_t>(in.word(4));
  for (std::uint32_t& each : origin.program) each = static_cast<std::uint32_t>(in.number());
  return origin;
}

Question question_of(const Decision& d) { return {d.site, d.entity, d.ordinal, d.arity, {}}; }

bool same_question(const Question& a, const Question& b) {
  return a.site == b.site && a.entity == b.entity && a.ordinal == b.ordinal && a.arity == b.arity;
}

}  // namespace

std::string to_token(const DecisionList& list) {
  Bytes out;
  out.number(list.open.bits);
  out.number(list.decisions.size());
  std::uint64_t index = 0;
  for (const Decision& d : list.decisions) {
    out.number(d.index - index);
    index = d.index + 1;
    out.number(d.site);
    out.number(d.entity);
    out.number(d.ordinal);
    out.number(d.arity);
    out.number(d.answer);
    out.word(d.rolling, 8);
  }
  out.number(list.to_rest ? 1 : 0);
  if (list.to_rest) {
    out.number(list.questions);
    out.word(list.rolling, 8);
  }
  if (list.origin) {
    out.number(has_origin);
    out.word(list.origin->file, 4);
    out.word(list.origin->settings, 4);
    for (const std::uint32_t each : list.origin->program) out.number(each);
  }
  Bytes whole = out;
  whole.word(checksum(out.text()), 4);
  std::string text = base64_encode(whole.text());
  while (!text.empty() && text.back() == '=') text.pop_back();
  return std::string(prefix) + text;
}

DecisionList parse_token(std::string_view token) {
  if (token.size() > 4'000'000) throw TokenError("the token is too long");
  if (token.substr(0, prefix.size()) != prefix) {
    const bool other = token.substr(0, 2) == "th" && token.find(':') != std::string_view::npos;
    if (other) {
      throw TokenError(fmt::format("the token has version {}; this program reads th1",
                                   token.substr(0, token.find(':'))));
    }
    throw TokenError("a token of decisions begins with th1:, and this text does not");
  }
  std::string text(token.substr(prefix.size()));
  while (text.size() % 4 != 0) text += '=';
  const std::optional<std::string> bytes = base64_decode(text);
  if (!bytes) throw TokenError("the token is damaged: the part after th1: is not base64");
  if (bytes->size() < 4) throw TokenError("the token is damaged: it ends too early");
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - 4);
  DecisionsReader tail(std::string_view(*bytes).substr(body.size()));
  if (tail.word(4) != checksum(body)) {
    throw TokenError("the token is damaged: its checksum is wrong (is a part missing?)");
  }
  DecisionsReader in(body);
  DecisionList list;
  list.open.bits = static_cast<std::uint32_t>(in.number());
  if (list.open.bits >> count_of<Site> != 0) throw TokenError("the token names an unknown site");
  const std::uint64_t count = in.number();
  if (count > decisions_max) throw TokenError("the token has too many decisions");
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < count; ++i) {
    list.decisions.push_back(read_decision(in, index, list.open, i + 1));
  }
  list.to_rest = in.number() != 0;
  if (list.to_rest) {
    list.questions = in.number();
    list.rolling = in.word(8);
  }
  if (!in.at_end()) list.origin = read_origin(in);
  if (!in.at_end()) throw TokenError("the token is damaged: there is more text after its end");
  return list;
}

std::string question_text(const Question& q) {
  return fmt::format("{} of entity {}, number {}, {} answers", info(static_cast<Site>(q.site)).name,
                     q.entity, q.ordinal, q.arity);
}

std::string ReplayChoices::same_so_far() const {
  if (next_ == 0) return "from the start";
  return fmt::format("after question {} (decision {})", list_.decisions[next_ - 1].index + 1,
                     next_);
}

std::uint32_t ReplayChoices::answer(const Question& q) {
  if (used_up() || list_.decisions[next_].index != asked()) return 0;
  const Decision& want = list_.decisions[next_];
  if (!same_question(question_of(want), q)) {
    throw DriftError(fmt::format("decision {} at question {}\n  expected: {}\n  got:      {}",
                                 next_ + 1, asked() + 1, question_text(question_of(want)),
                                 question_text(q)));
  }
  if (rolling_after(q, want.answer) != want.rolling) {
    throw DriftError(fmt::format(
        "decision {} at question {}: the question is the same, but an earlier one was not; the "
        "runs differ {}\n  expected: hash {:016x}\n  got:      hash {:016x}",
        next_ + 1, asked() + 1, same_so_far(), want.rolling, rolling_after(q, want.answer)));
  }
  ++next_;
  return want.answer;
}

void ReplayChoices::check_end(bool at_rest) const {
  if (!used_up()) {
    const Decision& want = list_.decisions[next_];
    throw DriftError(fmt::format(
        "the run has ended\n  expected: decision {} at question {}: {}\n  got:      {} questions",
        next_ + 1, want.index + 1, question_text(question_of(want)), asked()));
  }
  if (!list_.to_rest || (at_rest && asked() == list_.questions && rolling() == list_.rolling)) {
    return;
  }
  throw DriftError(fmt::format(
      "after the last decision; the runs differ {}\n  expected: nothing left to do "
      "after {} questions, hash {:016x}\n  got:      {} after {} questions, hash {:016x}",
      same_so_far(), list_.questions, list_.rolling, at_rest ? "nothing left to do" : "more to do",
      asked(), rolling()));
}

std::uint32_t LooseChoices::answer(const Question& q) {
  for (std::size_t i = 0; i < decisions_.size(); ++i) {
    const Decision& d = decisions_[i];
    if (used_[i] || d.site != q.site || d.entity != q.entity || d.ordinal != q.ordinal) continue;
    used_[i] = true;
    return d.answer < q.arity ? d.answer : 0;
  }
  return 0;
}

std::uint32_t LoggingChoices::answer(const Question& question) {
  const std::uint32_t chosen = source_.pick(question);
  log_.push_back({question, chosen});
  return chosen;
}

std::string first_difference(const std::vector<AskedQuestion>& a,
                             const std::vector<AskedQuestion>& b) {
  if (a == b) return "";
  const auto text = [](const std::vector<AskedQuestion>& log, std::size_t i) {
    if (i >= log.size()) return std::string("no question");
    return fmt::format("{}: answer {}", question_text(log[i].question), log[i].answer);
  };
  const std::size_t both = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < both && a[i] == b[i]) ++i;
  return fmt::format("question {}\n  expected: {}\n  got:      {}", i + 1, text(a, i), text(b, i));
}

}  // namespace trimhorizon
