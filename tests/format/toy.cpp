#include "tests/format/toy.hpp"

#include "sim/base/diagnostic.hpp"

namespace trimhorizon::tests {
namespace {

using namespace trimhorizon::reader;

const Block& cup_block() {
  static const Block table{
      "cup",
      {
          required("owner", text(1, 10), into(&Cup::owner), "Whose it is."),
          key("size", size(1, 1'000), into(&Cup::size_bytes), "How much it holds."),
      }};
  return table;
}

const Block& lamp_block() {
  static const Block table{"lamp",
                           {
                               key("watts", integer(1, 9), into(&Lamp::watts), "How bright."),
                               key("hue", text(1, 9), into(&Lamp::hue), "Its colour."),
                           }};
  return table;
}

// What several keys must agree on.
void read_kettle_block(Notes& notes, const Given& given, Kettle& kettle) {
  given.fill(kettle);
  for (const Cup& cup : kettle.cups) kettle.total_bytes += cup.size_bytes;
  if (kettle.total_bytes <= kettle.litres * 1'000) return;
  notes.error(given.place_of("cups"), "the cups hold more than the kettle");
}

}  // namespace

const Block& kettle_block() {
  static const Block table = Block{
      "kettle",
      {
          key("Litres", integer(1, 5), into(&Kettle::litres), "What it holds.", "TEA-01"),
          key("Whistles", simple(Kind::boolean), into(&Kettle::whistles), "Aloud."),
          key("heat", word({"low", "high"}), into(&Kettle::heat), "How hot."),
          key("boil", duration("m", minutes(1)), into(&Kettle::boil), "How long."),
          key("on", duration("s"), into(&Kettle::on), "When."),
          key("leak", simple(Kind::percent), into(&Kettle::leak), "How often."),
          key("factor", decimal(1, 9, 3), into(&Kettle::factor_thousandths), "More."),
          key("colour", text(1, 8), into(&Kettle::colour), "Its paint."),
          key("age", integer(0, 99), into(&Kettle::age), "In years."),
          key("lid", {word({"glass", "steel"}), simple(Kind::nothing)}, into(&Kettle::lid),
              "Its lid.")
              .such_as("steel"),
          key("lamp", block(lamp_block), into(&Kettle::lamp), "Its light.").such_as("{watts: 5}"),
          key("marks", list(integer(1, 5)), into(&Kettle::marks), "At which litres."),
          key("cups", list(block(cup_block)), into(&Kettle::cups), "Beside it."),
          key("Cordless", word({"NO", "YES"}), {}, "Without a cord.").only("NO"),
          ignored({"Brand"}),
          not_modelled({"Timer"}),
      },
      read_kettle_block};
  return table;
}

const Format& kettle_format() {
  static const Format format(kettle_block(), {{"heat", {"temperature"}}});
  return format;
}

KettleRead read_kettle(const std::string& text) {
  KettleRead out;
  std::vector<std::string> warnings;
  Mistakes mistakes("k", text);
  Notes notes{mistakes, kettle_format(), out.not_modelled, warnings};
  const Node node = parse_yaml(text, {}, mistakes).value();
  Given(notes, node, kettle_block()).read_into(out.kettle);
  if (!mistakes.any()) return out;
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    for (const Diagnostic& each : error.diagnostics()) {
      if (!out.mistakes.empty()) out.mistakes += '\n';
      out.mistakes += each.message;
      if (!each.suggestion.empty()) out.mistakes += " (" + each.suggestion + ")";
    }
  }
  return out;
}

}  // namespace trimhorizon::tests
