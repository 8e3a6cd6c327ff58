#include "sim/scenario/other_files.hpp"

#include <utility>

#include <fmt/format.h>

#include "sim/yaml/source_text.hpp"

namespace trimhorizon {

std::string Scenario::whole_text() const {
  std::string text = source_text;
  if (attached == nullptr) return text;
  for (const auto& [path, content] : *attached) text += content;
  return text;
}

namespace reader {

std::string path_beside(std::string_view scenario, std::string_view path) {
  const std::size_t slash = scenario.rfind('/');
  if (slash != scenario.npos && !path.starts_with('/')) {
    return fmt::format("{}/{}", scenario.substr(0, slash), path);
  }
  return path == "-" ? "./-" : std::string(path);  // `-` alone is standard input
}

OtherFiles::OtherFiles(std::string_view scenario,
                       const std::shared_ptr<const AttachedFiles>& attached)
    : scenario_(scenario), open_([](const std::string& path) { return read_file(path); }) {
  if (attached) attached_ = std::make_shared<AttachedFiles>(*attached);
}

OtherFiles::OtherFiles(std::string_view scenario, Open open)
    : scenario_(scenario), open_(std::move(open)) {}

std::optional<std::uint32_t> OtherFiles::source_of(const std::string& path, Mark at,
                                                   Mistakes& mistakes) {
  const std::string beside = path_beside(scenario_, path);
  if (const auto known = sources_.find(path); known != sources_.end()) {
    if (!known->second) mistakes.note_wrong(at);
    return known->second;
  }
  std::optional<std::uint32_t>& source = sources_[path];
  if (!attached_) attached_ = std::make_shared<AttachedFiles>();
  if (!attached_->contains(path)) {
    try {
      (*attached_)[path] = open_(beside);
    } catch (const ScenarioError& error) {
      mistakes.error(at, fmt::format("{} {}", quoted(path), error.diagnostics().front().message),
                     fmt::format("its path is {}: a relative one begins in the folder of the "
                                 "scenario",
                                 beside));
      return source;
    }
  }
  const std::uint32_t number = mistakes.keep_source(beside, attached_->at(path));
  if (is_readable_text(mistakes.source(number), mistakes, number)) source = number;
  if (!source) mistakes.note_wrong(at);
  return source;
}

}  // namespace reader
}  // namespace trimhorizon
