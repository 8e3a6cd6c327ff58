// Reads the messages that a destination is expected to receive. ESM-DST-02..04.
#include <fmt/format.h>

#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/expect.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon::reader {
namespace {

void read_records_of_message(Context& context, const Value& value, WantedMessage& out) {
  out.records = context.records(value, false);
}

Block message_block() {
  return {"message",
          {
              key("condition", word({"RetryAttemptsExhausted", "RecordAgeExceeded"}),
                  into(&WantedMessage::condition), "Why the records were given up.", "ESM-DST-03"),
              key("approximateInvokeCount", integer(0, 1'000'000),
                  into(&WantedMessage::approximate_invoke_count), "Attempts.", "ESM-DST-02")
                  .such_as("4"),
              key("batchSize", integer(0, 10'000), into(&WantedMessage::batch_size),
                  "How many records were given up.", "ESM-DST-02")
                  .such_as("1"),
              key("shardId", simple(Kind::shard), into(&WantedMessage::shard_id),
                  "The shard of the records.", "ESM-DST-02")
                  .such_as("shardId-000000000000"),
              key("functionError", {word({"Unhandled"}), simple(Kind::nothing)},
                  into(&WantedMessage::function_error), "`Unhandled`, or null.", "ESM-DST-04"),
              key("records", list(record_id()), read_by(read_records_of_message),
                  "The ids of the records, in order.")
                  .such_as("[r1]"),
          }};
}

// Can a message to this destination be about this shard?
void check_shard_of(Context& context, const Node& destination, const Node& message) {
  const Node* shard = message.find("shardId");
  const auto number = shard ? parse_shard_id(shard->text) : std::nullopt;
  const auto target = context.destinations.find(destination.text);
  if (!number || !target || context.reshards) return;
  const MappingEntry* some = nullptr;
  for (const MappingEntry& mapping : context.out.mappings) {
    if (mapping.on_failure != DestinationId{*target} || !mapping.stream.valid()) continue;
    some = &mapping;
    if (*number < context.out.streams[mapping.stream.value].settings.shard_count) return;
  }
  if (some) check_shard(context, some->stream, *number, *shard);
}

void read_messages(Context& context, const Value& value, Scenario& scenario) {
  const Form& messages = value.form.items.front();
  const Node& node = value.node;
  if (!node.is_mapping() && !node.is_nothing()) {
    return context.error(node.at,
                         fmt::format("destinations must be a mapping, not {}", describe(node)),
                         "write {dlq: [{condition: RetryAttemptsExhausted}]}");
  }
  if (!checks_something(context, node, "destinations")) return;
  for (const auto& [key, item] : entries_of(context.mistakes, node)) {
    if (!context.number_of(context.destinations, key, "destinations")) continue;
    Expectation out = expectation(context, ExpectKind::destinations,
                                  fmt::format("destinations.{}", key.text), key);
    out.scope = key.text;
    out.wanted_text = on_one_line(item);
    if (!item.is_list()) {
      context.error(item.at,
                    fmt::format("{} must be a list of messages, not {}", out.name, describe(item)),
                    "write [] for none, or [{condition: RetryAttemptsExhausted}]");
      continue;
    }
    if (!is_list_of(context, {item, messages, out.name})) continue;
    for (const Node& each : item.items) {
      WantedMessage& message = out.messages.emplace_back();
      message.text = on_one_line(each);
      Given(context, each, *messages.items.front().block).read_into(message);
      check_shard_of(context, key, each);
    }
    scenario.expect.push_back(std::move(out));
  }
}

}  // namespace

Rows expected_messages() {
  return key("destinations", map({list(block(message_block()))}), read_by(read_messages),
             "The messages that a destination received, in order; only the fields written here "
             "are checked.")
      .such_as("{dlq: [{condition: RetryAttemptsExhausted}]}");
}

}  // namespace trimhorizon::reader
