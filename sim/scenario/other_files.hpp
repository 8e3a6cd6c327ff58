// The files that a scenario names, such as an export of CloudWatch. Each is read once; whoever
// reads the scenario again gets the same texts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/scenario.hpp"
#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {

// The path of a file that is named in the file `scenario`: a relative one begins in its folder. The
// folder of standard input and of a text without a file is the working directory.
std::string path_beside(std::string_view scenario, std::string_view path);

class OtherFiles {
 public:
  // Throws ScenarioError when the file cannot be read.
  using Open = std::function<std::string(const std::string& path)>;

  OtherFiles() : OtherFiles("", std::shared_ptr<const AttachedFiles>()) {}
  // `attached`: files that are known already; may be null.
  OtherFiles(std::string_view scenario, const std::shared_ptr<const AttachedFiles>& attached);
  OtherFiles(std::string_view scenario, Open open);

  // The source of the file in `mistakes`. nullopt, with a mistake at `at`, when it cannot be read,
  // or with a mistake in it when it is no text.
  std::optional<std::uint32_t> source_of(const std::string& path, Mark at, Mistakes& mistakes);

  std::shared_ptr<const AttachedFiles> attached() const { return attached_; }  // null: none

 private:
  std::string scenario_;
  Open open_;
  std::shared_ptr<AttachedFiles> attached_;
  std::map<std::string, std::optional<std::uint32_t>> sources_;
};

}  // namespace trimhorizon::reader
