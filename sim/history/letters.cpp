#include "sim/history/letters.hpp"

#include <algorithm>

#include "sim/world/world.hpp"

namespace trimhorizon {

bool Letters::consolidates(const Message& before, const Message& next, const World& world) {
  const MappingSettings& settings = world.settings(world.reader(next.reader));
  if (before.reader != next.reader || !may_share_message(settings, before.what, next.what)) {
    return false;
  }
  met_.add(Assumption::consolidate_failures);
  return world.plan->assumptions.consolidate_failures ==
         assume::consolidate_failures::until_next_success;
}

void Letters::on(const MessageSent& sent, const World& world) {
  if (!sent.taken) return;
  const Batch& given_up = sent.what.batch;
  const RecordLog& log = world.shard(given_up.shard).log;
  Message message{world.now,
                  sent.reader,
                  sent.to,
                  sent.what,
                  log.at(given_up.first()),
                  log.at(given_up.last())};
  Box& box = boxes_[sent.to.value];
  if (!box.messages.empty() && consolidates(box.messages.back(), message, world)) {
    // The message was written with its first records. It grows with each part that follows.
    Message& before = box.messages.back();
    Batch& batch = message.what.batch;
    batch = Batch::whole(batch.shard, {before.what.batch.span.first, batch.span.end});
    message.first = before.first;
    message.what.attempts = std::max(message.what.attempts, before.what.attempts);
    before = message;
  } else if (box.messages.size() < max_messages) {
    box.messages.push_back(message);
  } else {
    box.left_out += 1;
  }
}

}  // namespace trimhorizon
