// Puts the parts of a sweep together, after checking that they belong together and are complete.
#include "sim/report/sweep_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/report/sweep_json.hpp"

namespace trimhorizon {
namespace {

struct Part {
  std::string name;
  Sweep sweep;
};

// Why `part` does not belong to the sweep of `first`; empty if it does.
std::string foreign(const Part& part, const Part& first) {
  const SweepHead& a = first.sweep.head;
  const SweepHead& b = part.sweep.head;
  const auto other = [&](std::string_view what, const std::string& here, const std::string& there) {
    return fmt::format("{} does not have the same {} as {}: {}, not {}", part.name, what,
                       first.name, here, there);
  };
  const auto grid = [](const SweepHead& head) {
    std::string text;
    for (const SweepAxis& axis : head.axes) {
      text += (text.empty() ? "" : " ") + grid_text(axis);
    }
    return text.empty() ? std::string("none") : text;
  };
  if (a.version != b.version) return other("version", b.version, a.version);
  if (a.edition != b.edition) return other("edition of the rules", b.edition, a.edition);
  if (a.digest != b.digest) return other("scenario", "digest " + b.digest, a.digest);
  if (a.axes != b.axes) return other("grid", grid(b), grid(a));
  if (a.seeds != b.seeds) return other("seeds", seeds_text(b.seeds), seeds_text(a.seeds));
  if (a.shard->of != b.shard->of) {
    return other("number of shards", std::to_string(b.shard->of), std::to_string(a.shard->of));
  }
  if (a.mappings != b.mappings || a.handlers != b.handlers) {
    return fmt::format("{} belongs to another sweep than {}", part.name, first.name);
  }
  return "";
}

std::vector<Part> read_parts(const std::vector<SweepFile>& files, std::vector<std::string>& wrong) {
  std::vector<Part> parts;
  for (const SweepFile& file : files) {
    std::variant<Sweep, std::string> read = read_sweep(file.text);
    if (const std::string* why = std::get_if<std::string>(&read)) {
      wrong.push_back(fmt::format("{} is not part of a sweep: {}", file.name, *why));
      continue;
    }
    Part part{file.name, std::get<Sweep>(std::move(read))};
    if (!part.sweep.head.shard) {
      wrong.push_back(fmt::format("{} is a whole sweep, not a part of one", file.name));
      continue;
    }
    const std::string other = parts.empty() ? "" : foreign(part, parts.front());
    if (!other.empty())
      wrong.push_back(other);
    else
      parts.push_back(std::move(part));
  }
  return parts;
}

void check_complete(const std::vector<Part>& parts, std::vector<std::string>& wrong) {
  std::map<std::uint64_t, std::string> names;  // by index
  const std::uint64_t of = parts.front().sweep.head.shard->of;
  for (const Part& part : parts) {
    const std::uint64_t index = part.sweep.head.shard->index;
    const auto [there, is_new] = names.emplace(index, part.name);
    if (!is_new) {
      wrong.push_back(
          fmt::format("{} and {} are both shard {}/{}", there->second, part.name, index, of));
    }
    if (part.sweep.missing() > 0) {
      wrong.push_back(
          fmt::format("{} lacks {} of its runs: they failed", part.name, part.sweep.missing()));
    }
  }
  constexpr std::size_t named_max = 10;
  std::size_t absent = 0;
  for (std::uint64_t index = 1; index <= of && absent < named_max; ++index) {
    if (names.contains(index)) continue;
    wrong.push_back(fmt::format("shard {}/{} is missing", index, of));
    ++absent;
  }
  const std::uint64_t left = of - names.size() - absent;
  if (left > 0) wrong.push_back(fmt::format("and {} more shards are missing", left));
}

}  // namespace

std::variant<Sweep, std::vector<std::string>> merge_sweeps(const std::vector<SweepFile>& files) {
  std::vector<std::string> wrong;
  std::vector<Part> parts = read_parts(files, wrong);
  if (!parts.empty()) check_complete(parts, wrong);
  if (!wrong.empty()) return wrong;
  if (parts.empty()) return std::vector<std::string>{"no parts to merge"};
  // The file may have another name on each machine; the first shard's is used.
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return a.sweep.head.shard->index < b.sweep.head.shard->index;
  });
  Sweep whole{parts.front().sweep.head, {}};
  whole.head.shard.reset();
  for (Part& part : parts) {
    for (SweepRun& run : part.sweep.runs) whole.runs.push_back(std::move(run));
  }
  std::sort(whole.runs.begin(), whole.runs.end(),
            [](const SweepRun& a, const SweepRun& b) { return a.task < b.task; });
  return whole;
}

}  // namespace trimhorizon
