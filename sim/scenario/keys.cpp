#include "sim/scenario/keys.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace trimhorizon::reader {
namespace {

void collect(const Form& form, std::vector<const Block*>& blocks);

void collect(const Block& block, std::vector<const Block*>& blocks) {
  if (std::find(blocks.begin(), blocks.end(), &block) != blocks.end()) return;
  blocks.push_back(&block);
  for (const Key& key : block.keys) {
    for (const Form& form : key.forms) collect(form, blocks);
  }
}

void collect(const Form& form, std::vector<const Block*>& blocks) {
  if (form.block) collect(form.block(), blocks);
  for (const Form& item : form.items) collect(item, blocks);
}

}  // namespace

bool Key::is_ours_to_read() const {
  const Kind kind = forms.front().kind;
  return kind != Kind::ignored && kind != Kind::not_modelled && kind != Kind::not_for_kinesis;
}

const Key* Block::find(std::string_view name) const {
  for (const Key& key : keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

const std::vector<const Block*>& all_blocks() {
  static const std::vector<const Block*> blocks = [] {
    std::vector<const Block*> all;
    collect(scenario_block(), all);
    return all;
  }();
  return blocks;
}

bool is_ignored_somewhere(std::string_view name) {
  static const std::set<std::string_view> names = [] {
    std::set<std::string_view> all;
    for (const Block* block : all_blocks()) {
      for (const Key& key : block->keys) {
        if (key.forms.front().kind == Kind::ignored) all.insert(key.name);
      }
    }
    return all;
  }();
  return names.contains(name);
}

std::string_view our_word_for(std::string_view word) {
  static constexpr std::array<std::array<std::string_view, 2>, 33> words = {{
      {"thresholds", "expect"},   // k6
      {"stages", "rate"},         // k6
      {"scenarios", "variants"},  // k6
      {"assert", "expect"},
      {"assertions", "expect"},
      {"expectations", "expect"},
      {"checks", "expect"},
      {"esm", "event_source_mappings"},
      {"mappings", "event_source_mappings"},
      {"lambdas", "functions"},
      {"consumers", "event_source_mappings"},
      {"queues", "destinations"},
      {"events", "timeline"},
      {"actions", "timeline"},
      {"chaos", "timeline"},
      {"name", "title"},
      {"description", "lesson"},
      {"PartitionKey", "key"},
      {"partition_key", "key"},
      {"Data", "data"},
      {"payload", "data"},
      {"StreamName", "stream"},
      {"StreamARN", "stream"},
      {"count", "records"},
      {"timeout", "Timeout"},
      {"retries", "MaximumRetryAttempts"},
      {"MaxRetryAttempts", "MaximumRetryAttempts"},
      {"BatchWindow", "MaximumBatchingWindowInSeconds"},
      {"Bisect", "BisectBatchOnFunctionError"},
      {"ReportBatchItemFailures", "FunctionResponseTypes"},
      {"batch", "BatchSize"},
      {"latency", "duration"},
      {"errors", "fail"},
  }};
  for (const auto& [theirs, ours] : words) {
    if (theirs == word) return ours;
  }
  return {};
}

}  // namespace trimhorizon::reader
