// The head of the file, timeline, assumptions, exploration.
#include <fmt/format.h>

#include "sim/faults/decisions.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

// Sequence numbers hold seconds since 1970 in 36 bits (KDS-SHD-09).
void check_end(Context& context, const Fields& root) {
  const std::int64_t end_ms = context.out.epoch_ms + context.out.duration.us / 1'000;
  if (end_ms / 1'000 <= latest_second) return;
  context.mistakes.error(root.place_of(root.has("epoch") ? "epoch" : "duration"),
                         "epoch + duration is after 4147-08-20T07:32:15Z, the last second that a "
                         "sequence number can hold",
                         "begin earlier, or write a shorter duration");
}

// The key of the entry's action; a mistake is reported unless there is exactly one.
const Key* action_of(Context& context, const Node& node, const Fields& fields) {
  const Key* action = nullptr;
  bool anything_else = false;
  std::vector<std::string_view> names;
  for (const Key& key : timeline_block().keys) {
    if (key.name == "at" || key.name == "for") continue;
    if (key.is_ours_to_read()) names.push_back(key.name);
    const Node* value = fields.find(key.name);
    if (!value) continue;
    if (!key.is_ours_to_read()) {
      anything_else = true;
    } else if (action) {
      context.mistakes.error(value->at, "a timeline entry has one action", "write two entries");
    } else {
      action = &key;
    }
  }
  for (const Node& key : node.keys) {
    if (!timeline_block().find(key.text)) anything_else = true;
  }
  if (!action && !anything_else && (node.is_mapping() || node.is_nothing())) {
    context.mistakes.error(end_of(node, context.mistakes.source(node.at.source)),
                           "this timeline entry has no action",
                           fmt::format("write one of {}", listed(names)));
  }
  return action;
}

void read_function_action(Context& context, const Node& node, TimelineAction& action) {
  const Fields fields = context.fields(node, function_action_block());
  const auto function = context.thing(fields, "function", Thing::function);
  action.function = FunctionId{function.value_or(UINT32_MAX)};
}

void read_crash(Context& context, const Node& node, TimelineAction& action) {
  const Fields fields = context.fields(node, crash_poller_block());
  const auto mapping = context.thing(fields, "mapping", Thing::mapping);
  const auto shard = fields.shard("shard");
  action.mapping = MappingId{mapping.value_or(UINT32_MAX)};
  action.shard_number = shard.value_or(0);
  if (mapping && shard) {
    check_shard(context, context.out.mappings[*mapping].stream, *shard, *fields.find("shard"));
  }
}

void read_lost_acknowledgements(Context& context, const Node& node, TimelineAction& action) {
  const Fields fields = context.fields(node, lose_acknowledgements_block());
  const auto producer = context.thing(fields, "producer", Thing::producer);
  action.producer = ProducerId{producer.value_or(UINT32_MAX)};
  action.probability = fields.percent("probability").value_or(action.probability);
}

void read_failing_destination(Context& context, const Node& node, TimelineAction& action) {
  const Fields fields = context.fields(node, fail_destination_block());
  const auto destination = context.thing(fields, "destination", Thing::destination);
  action.destination = DestinationId{destination.value_or(UINT32_MAX)};
}

void read_update(Context& context, const Node& node, TimelineAction& action) {
  const Fields fields = context.fields(node, update_mapping_block());
  const auto mapping = context.thing(fields, "name", Thing::mapping);
  action.mapping = MappingId{mapping.value_or(UINT32_MAX)};
  action.enabled = fields.boolean("Enabled").value_or(true);
}

struct ActionReader {
  std::string_view name;
  ActionKind kind;
  void (*read)(Context&, const Node&, TimelineAction&);
  bool lasts;  // may have `for`
};
constexpr ActionReader actions[] = {
    {"throttle", ActionKind::throttle, read_function_action, true},
    {"outage", ActionKind::outage, read_function_action, true},
    {"crash_poller", ActionKind::crash_poller, read_crash, false},
    {"lose_acknowledgements", ActionKind::lose_acknowledgements, read_lost_acknowledgements, true},
    {"fail_destination", ActionKind::fail_destination, read_failing_destination, true},
    {"UpdateEventSourceMapping", ActionKind::update_event_source_mapping, read_update, false},
};

void read_action(Context& context, const Node& node) {
  const Fields fields = context.fields(node, timeline_block());
  TimelineAction action;
  action.at = Instant{} + fields.duration("at").value_or(Duration{});
  action.lasts = fields.duration("for");
  const Key* key = action_of(context, node, fields);
  for (const ActionReader& each : actions) {
    if (!key || each.name != key->name) continue;
    action.kind = each.kind;
    each.read(context, *fields.find(each.name), action);
    if (!each.lasts && fields.has("for")) {
      context.mistakes.error(
          fields.place_of("for"),
          fmt::format("`for` does not go with `{}`: it happens at once", each.name));
    }
  }
  context.warn_if_never(action.at, fields.place_of("at"));
  context.out.timeline.push_back(action);
}

void read_version(Context& context, const Fields& root) {
  const Node* node = root.find("trimhorizon");
  if (!node) return;
  const bool plain = node->is_scalar() && !node->in_quotes && node->tag.empty();
  const Reading<std::int64_t> version = read_integer(plain ? node->text : "");
  if (version.value && *version.value != 1) {
    context.mistakes.error(node->at,
                           fmt::format("this program reads format 1, not {}", *version.value),
                           "write trimhorizon: 1");
    return;
  }
  root.integer("trimhorizon");
}

Backoff read_backoff(Context& context, const Fields& assumptions, std::string_view name) {
  Backoff backoff;
  const Node* node = assumptions.find(name);
  if (!node) return backoff;
  if (!node->is_mapping()) {
    if (assumptions.word(name)) backoff.on = false;
    return backoff;
  }
  const Fields fields = context.fields(*node, backoff_block());
  backoff.first = fields.duration("first").value_or(backoff.first);
  const std::int64_t factor = fields.decimal("factor", 3).value_or(2'000);
  backoff.factor_thousandths = static_cast<std::uint32_t>(factor);
  backoff.cap = fields.duration("cap").value_or(backoff.cap);
  backoff.jitter = static_cast<Backoff::Jitter>(fields.word("jitter").value_or(0));
  if (backoff.cap < backoff.first) {
    context.mistakes.error(fields.has("cap") ? fields.place_of("cap") : fields.place_of("first"),
                           "cap is shorter than first");
  }
  return backoff;
}

// What `replay` would refuse is refused here, where it stands.
void check_token(Context& context, const Node& node) {
  if (!node.is_scalar() || node.text.empty()) return;
  try {
    parse_token(node.text);
  } catch (const TokenError& error) {
    context.mistakes.error(node.at, error.what(), "copy all of it, from th1: to its end");
  }
}

}  // namespace

void check_shard(Context& context, StreamId stream, std::uint32_t shard, const Node& node) {
  if (!stream.valid()) return;  // its mapping names none, which was reported
  const StreamEntry& entry = context.out.streams[stream.value];
  if (shard < entry.settings.shard_count || context.reshards) return;
  const std::uint32_t last = entry.settings.shard_count - 1;
  context.mistakes.error(
      node.at,
      fmt::format("stream {} has no shard {}", quoted(entry.name), quoted(shard_id_text(shard))),
      last == 0 ? fmt::format("its only shard is {}", shard_id_text(0))
                : fmt::format("its shards are {} to {}", shard_id_text(0), shard_id_text(last)));
}

void read_head(Context& context, const Fields& root) {
  Scenario& out = context.out;
  read_version(context, root);
  out.title = root.text("title").value_or("");
  out.lesson = root.text("lesson").value_or("");
  out.seed = static_cast<std::uint64_t>(root.integer("seed").value_or(1));
  out.epoch_ms = root.wall_time("epoch").value_or(out.epoch_ms);
  out.duration = root.duration("duration").value_or(out.duration);
  check_end(context, root);
  if (const std::vector<Node>* evidence = root.list("evidence")) {
    for (const Node& node : *evidence) {
      const Fields fields = context.fields(node, evidence_block());
      const auto kind = fields.word("kind");
      const auto& words = fields.form("kind", Kind::word).words;
      out.evidence.push_back(
          {kind ? std::string(words[*kind]) : "", fields.text("rule").value_or("")});
    }
  }
  const Node* decisions = root.find("decisions");
  if (!decisions) return;
  if (!decisions->is_mapping()) {
    out.decisions = root.text("decisions");
    check_token(context, *decisions);
    return;
  }
  const Fields fields = context.fields(*decisions, decisions_block());
  out.decisions = fields.text("token");
  if (const Node* token = decisions->find("token")) check_token(context, *token);
  if (const std::vector<Node>* sites = fields.list("sites")) {
    const Form& item = fields.form("sites", Kind::list).items.front();
    for (const Node& site : *sites) text_value(context.mistakes, site, item, "sites");
  }
}

void read_timeline(Context& context, const Fields& root) {
  const std::vector<Node>* entries = root.list("timeline");
  if (!entries) return;
  for (const Node& entry : *entries) {
    for (const std::string_view name : {"SplitShard", "MergeShards", "UpdateShardCount"}) {
      if (entry.find(name)) context.reshards = true;
    }
  }
  for (const Node& entry : *entries) read_action(context, entry);
}

void read_assumptions(Context& context, const Fields& root) {
  const Node* node = root.find("assumptions");
  if (!node) return;
  const Fields fields = context.fields(*node, assumptions_block());
  Assumptions& out = context.out.assumptions;
  for (const AssumptionInfo& info : assumption_table()) {
    if (info.values.empty() || !fields.has(info.name)) continue;
    const auto value = fields.word(info.name);
    if (!value) continue;
    set_assumption(out, info.which, *value);
    if (*value != 0 && nothing_asks_for(info.which)) {
      context.not_modelled(fmt::format("assumptions.{}", info.name));
    }
  }
  out.retry_backoff = read_backoff(context, fields, "retry_backoff");
  out.throttle_backoff = read_backoff(context, fields, "throttle_backoff");
  out.poller_failover = fields.duration("poller_failover").value_or(out.poller_failover);
}

void read_explore(Context& context, const Fields& root) {
  const Node* node = root.find("explore");
  if (!node) return;
  const Fields fields = context.fields(*node, explore_block());
  ExploreSettings& out = context.out.explore;
  out.faults = static_cast<std::uint32_t>(fields.integer("faults").value_or(out.faults));
  out.any_batch_size = fields.word("batch_sizes") == 1u;
  if (const std::vector<Node>* sites = fields.list("sites")) {
    const Form& item = fields.form("sites", Kind::list).items.front();
    out.sites.emplace();
    for (const Node& site : *sites) {
      const auto word = word_value(context.mistakes, site, item, "sites");
      if (word) out.sites->add(*named<Site>(item.words[*word]));
    }
  }
  if (const std::vector<Node>* properties = fields.list("properties")) {
    const Form& item = fields.form("properties", Kind::list).items.front();
    for (const Node& property : *properties) {
      const auto word = word_value(context.mistakes, property, item, "properties");
      if (word) out.properties.emplace_back(item.words[*word]);
    }
  }
}

}  // namespace trimhorizon::reader
