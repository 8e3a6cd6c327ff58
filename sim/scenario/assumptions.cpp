// Reads the switches for what AWS leaves open, and what the explorer may do.
#include <fmt/format.h>

#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/history/invariants.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

void read_backoff(Context& context, const Given& given, Backoff& backoff) {
  given.fill(backoff);
  if (backoff.cap >= backoff.first) return;
  context.error(given.place_of(given.has("cap") ? "cap" : "first"),
                "the cap is shorter than first");
}

Block backoff_block() {
  return {"back-off",
          {
              key("first", duration("ms"), into(&Backoff::first), "The first wait."),
              key("factor", decimal(1, 1'000, 3), into(&Backoff::factor_thousandths),
                  "Each wait is this many times as long as the one before."),
              key("cap", duration("s"), into(&Backoff::cap), "The longest wait."),
              key("jitter", word({"none", "full"}), into(&Backoff::jitter),
                  "Whether the waits are drawn at random."),
          },
          read_backoff};
}

void read_assumptions(Context& context, const Given& given, Assumptions& assumptions) {
  given.fill(assumptions);
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

// Reads a block, or the word `none`.
static bool read_value(Notes& notes, const Value& value, Backoff& out) {
  if (value.form.kind == Kind::block) {
    Given(notes, value.node, *value.form.block).read_into(out);
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
          into(&Assumptions::name), "", rule));
    TH_ASSUMPTIONS(TH_ROW)
#undef TH_ROW
    const Forms backoff = {block(backoff_block()), word({"none"})};
    add(key("retry_backoff", backoff, into(&Assumptions::retry_backoff), "", "CON-19"));
    add(key("throttle_backoff", backoff, into(&Assumptions::throttle_backoff), "", "CON-19"));
    add(key("poller_failover", duration("s"), into(&Assumptions::poller_failover), "",
            "ESM-POL-17"));
    return made;
  }();
  return table;
}

const Block& explore_block() {
  static const Block table{
      "`explore`",
      {
          key("faults", integer(0, 100), into(&ExploreSettings::faults),
              "At most this many faults in one run."),
          key("sites", list(word(fault_sites())), into(&ExploreSettings::sites),
              "Where faults may happen; default: the five sites of the reference model."),
          key("batch_sizes", word({"full", "any"}), into(&ExploreSettings::any_batch_size),
              "Whether a batch may have fewer records than are available."),
          key("properties", list(word(property_names())), into(&ExploreSettings::properties),
              "What must hold; default: no_loss and every invariant."),
      }};
  return table;
}

}  // namespace trimhorizon::reader
