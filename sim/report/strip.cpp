#include "sim/report/strip.hpp"

#include <set>

#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

Paint paint_of_letter(Fate fate) {
  switch (fate) {
    case Fate::processed:
    case Fate::filtered: return Paint::faint;
    case Fate::discarded:
    case Fate::pending: return Paint::doubt;
    case Fate::dropped:
    case Fate::expired:
    case Fate::unread: return Paint::bad;
  }
  return Paint::faint;
}

char digit(std::uint64_t n) { return n > 9 ? '+' : static_cast<char>('0' + n); }

}  // namespace

bool shows_each_record(const Scenario& scenario) {
  std::uint64_t records = 0;
  for (const ProducerEntry& producer : scenario.producers) {
    for (const PutCall& call : producer.settings.put) records += call.records.size();
    if (producer.settings.load) records += producer.settings.load->records.value_or(UINT64_MAX / 2);
  }
  return records <= strip_records_max;
}

std::vector<std::string> draw_strip(const std::vector<RecordRow>& rows, const std::string& consumer,
                                    const Painter& paint) {
  if (rows.empty() || rows.size() > strip_records_max) return {};
  std::string fates;
  std::string effects;
  EnumSet<Fate> used;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && i % 10 == 0) fates += ' ', effects += ' ';
    const RecordAtConsumer* here = rows[i].at(consumer);
    if (here == nullptr) return {};
    used.add(here->fate);
    const char letter = letter_of(here->fate);
    fates += paint(paint_of_letter(here->fate), std::string_view(&letter, 1));
    const char n = digit(here->effects);
    const bool once = n == '1';
    effects += once ? std::string(1, n) : paint(Paint::doubt, std::string_view(&n, 1));
  }
  std::string legend;
  for (const Fate each : all_of<Fate>) {
    if (!used.has(each)) continue;
    legend += "  " + std::string(1, letter_of(each)) + " " + std::string(name(each));
  }
  const std::string first = cut_middle(clean(rows.front().id), 20);
  const std::string last = cut_middle(clean(rows.back().id), 20);
  std::set<std::string_view> ids;
  for (const RecordRow& row : rows) ids.insert(row.id);
  // A producer that tries again may store copies, and each has its fate.
  const std::string what = ids.size() == rows.size()
                               ? "Each record, "
                               : "Each of the " + std::to_string(rows.size()) + " copies of " +
                                     counted(ids.size(), "record") + ", ";
  return {"  " + what + first + (rows.size() > 1 ? " to " + last : "") + ":" + legend,
          "    fate     " + fates, "    effects  " + effects};
}

}  // namespace trimhorizon
