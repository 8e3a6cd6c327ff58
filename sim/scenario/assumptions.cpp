// Reads the switches for what AWS leaves open, and what the explorer may do.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sim/faults/assumption_words.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/history/invariants.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

void read_backoff(Context& context, const Given& given, Backoff& backoff) {
  given.fill(backoff);
  if (backoff.cap >= backoff.first || given.is_wrong("cap") || given.is_wrong("first")) return;
  context.error(given.place_of(given.has("cap") ? "cap" : "first"),
                "the cap is shorter than first");
}

// "200ms", "200ms x2 up to 15s", "500ms x1.5 up to 1m 30s, jitter". What the text leaves out stays
// as it is in `defaults`; the long form says everything.
std::optional<Backoff> printed_backoff(std::string_view text, Backoff defaults) {
  constexpr std::string_view jitter = ", jitter";
  constexpr std::string_view up_to = " up to ";
  Backoff read = defaults;
  read.on = true;
  const bool draws = text.ends_with(jitter);
  if (draws) text.remove_suffix(jitter.size());
  const std::size_t cap_at = text.find(up_to);
  const bool has_cap = cap_at != text.npos;
  if (has_cap) {
    const std::optional<Duration> cap =
        read_duration(text.substr(cap_at + up_to.size()), "ms").value;
    if (!cap) return std::nullopt;
    read.cap = *cap;
    text = text.substr(0, cap_at);
  }
  const std::size_t factor_at = text.find(" x");
  const bool says_all = has_cap && factor_at != text.npos;
  if (factor_at != text.npos) {
    const Reading<std::int64_t> factor = read_decimal(std::string(text.substr(factor_at + 2)), 3);
    if (!factor.value || *factor.value < 1'000 || *factor.value > 1'000'000) return std::nullopt;
    read.factor_thousandths = static_cast<std::uint32_t>(*factor.value);
    text = text.substr(0, factor_at);
  }
  const std::optional<Duration> first = read_duration(text, "ms").value;
  if (!first || (has_cap && read.cap < *first)) return std::nullopt;
  read.first = *first;
  read.cap = std::max(read.cap, read.first);
  if (draws || says_all) read.jitter = draws ? Backoff::Jitter::full : Backoff::Jitter::none;
  return read;
}

Block backoff_block() {
  return {"back-off",
          {
              key("first", duration("ms"), into(&Backoff::first),
                  "The first wait; that of `throttle_backoff` is 500ms by default.")
                  .such_as("1s"),
              key("factor", decimal(1, 1'000, 3), into(&Backoff::factor_thousandths),
                  "Each wait is this many times as long as the one before.")
                  .such_as("1.5"),
              key("cap", duration("s"), into(&Backoff::cap), "The longest wait.").such_as("1m"),
              key("jitter", word({"none", "full"}), into(&Backoff::jitter),
                  "Whether the waits are drawn at random; those of `throttle_backoff` are, by "
                  "default."),
          },
          read_backoff};
}

void read_assumptions(Context& context, const Given& given, Assumptions& assumptions) {
  given.fill(assumptions);
  if (assumptions.on_demand_split_delay > minutes(15)) {
    context.error(given.place_of("on_demand_split_delay"),
                  "on_demand_split_delay must be at most 15m");
  }
  for (const AssumptionInfo& info : assumption_table()) {
    if (get_assumption(assumptions, info.which) == 0 || !nothing_asks_for(info.which)) continue;
    context.note_not_modelled(fmt::format("assumptions.{}", info.name));
  }
}

// The sites that the explorer may use: those whose answers cost a fault.
std::vector<std::string_view> fault_sites() {
  std::vector<std::string_view> names;
  for (const Site each : all_of<Site>) {
    if (info(each).cost > 0) names.push_back(name(each));
  }
  return names;
}

// The invariants, and the properties of the explorer's reference model.
std::vector<std::string_view> property_names() {
  std::vector<std::string_view> names = names_list<Property>();
  names.insert(names.end(), names_of<Invariant>.begin(), names_of<Invariant>.end());
  return names;
}

}  // namespace

// Reads a block, the word `none`, or the form in which reports print it.
static bool read_value(Notes& notes, const Value& value, Backoff& out) {
  const std::string& text = value.node.text;
  if (value.form.kind == Kind::block) {
    Given(notes, value.node, *value.form.block).read_into(out);
  } else if (value.node.is_scalar() && !text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (const auto printed = printed_backoff(text, out)) {
      out = *printed;
    } else {
      notes.error(value.node.at, fmt::format("{} is no back-off", value.name),
                  "write 200ms (the first wait), 200ms x2 up to 15s, or none");
    }
  } else if (word_value(notes, value)) {
    out.on = false;
  }
  return true;
}

static bool read_value(Notes& notes, const Value& value, SiteSet& out) {
  std::vector<std::string> names;
  const bool right = read_value(notes, value, names);
  for (const std::string& name : names) out.add(*member_named<Site>(name));
  return right;
}

const Block& assumptions_block() {
  static const Block table = [] {
    Block made{"`assumptions`", {}, read_assumptions};
    const auto values = assumption_table().begin();
    const auto add = [&](Key key) { made.keys.push_back(std::move(key)); };
#define TH_ROW(name, rule, ...)                                                   \
  add(key(#name, word(values[static_cast<std::size_t>(Assumption::name)].values), \
          into(&Assumptions::name), assumption_words(Assumption::name), rule));
    TH_ASSUMPTIONS(TH_ROW)
#undef TH_ROW
    Form printed = text();
    printed.unit = "^[0-9]";
    const Forms backoff = {block(backoff_block()), word({"none"}), printed};
    add(key("retry_backoff", backoff, into(&Assumptions::retry_backoff),
            assumption_words(Assumption::retry_backoff), "CON-19 ESM-RTY-06")
            .such_as("500ms x2 up to 30s")
            .or_else("200ms x2 up to 15s"));
    add(key("throttle_backoff", backoff, into(&Assumptions::throttle_backoff),
            assumption_words(Assumption::throttle_backoff), "CON-19 ESM-RTY-06")
            .such_as("1s x2 up to 1m, jitter")
            .or_else("500ms x2 up to 15s, jitter"));
    add(key("on_demand_split_delay", duration("m"), into(&Assumptions::on_demand_split_delay),
            assumption_words(Assumption::on_demand_split_delay), "KDS-LIM-12")
            .such_as("15m"));
    add(key("poller_failover", duration("s"), into(&Assumptions::poller_failover),
            assumption_words(Assumption::poller_failover), "ESM-POL-17")
            .such_as("30s"));
    add(key("child_start_delay", duration("s"), into(&Assumptions::child_start_delay),
            assumption_words(Assumption::child_start_delay), "ESM-POL-20")
            .such_as("30s"));
    add(key("kpl_call_time", duration("ms", milliseconds(1)), into(&Assumptions::kpl_call_time),
            assumption_words(Assumption::kpl_call_time), "CON-14")
            .such_as("20ms"));
    return made;
  }();
  return table;
}

const Block& explore_block() {
  static const Block table = until_modelled(
      {"`explore`",
       {
           key("faults", integer(0, 100), into(&ExploreSettings::faults),
               "At most this many faults in one run.")
               .such_as("2"),
           key("sites", list(word(fault_sites())), into(&ExploreSettings::sites),
               "Where faults may happen; default: function_error, poller_crash, ack_lost and "
               "ack_lost_late, and trim when the scenario is about retention.")
               .such_as("[function_error, poller_crash]"),
           key("batch_sizes", word({"full", "any"}), into(&ExploreSettings::any_batch_size),
               "Whether a batch may have fewer records than are available."),
           key("properties", list(word(property_names())), into(&ExploreSettings::properties),
               "What must hold; default: no_loss and every invariant.")
               .such_as("[no_loss]"),
           key("first_records", integer(1, 10'000), into(&ExploreSettings::records),
               "How many records of generated traffic are explored: the first ones.")
               .such_as("6"),
           explored_calls(),
       }});
  return table;
}

}  // namespace trimhorizon::reader
