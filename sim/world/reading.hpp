// A reader calls GetRecords and GetShardIterator. What a read gave stays in the reader until
// batches are made of it. ESM-POL-01, ESM-POL-16, ESM-POL-19, KDS-LIM-03..07.
//
// Always:
//  1. The explorer knows no limits: a reader sees the whole shard at once.
//  2. All polling readers of a shard share its limits.
#pragma once

#include "sim/kinesis/iterator.hpp"
#include "sim/world/moment.hpp"

namespace trimhorizon {

// The bytes of a record that is no aggregate, data and key, as a read counts them.
std::int64_t stored_bytes(const Plan& plan, const StoredRecord& stored);
// The switches about reads, as the service knows them.
ReadRules read_rules_of(const Plan& plan);
TrimmedPosition trimmed_position_of(const Plan& plan);

// The position after the last record that the reader holds, or its position when it holds none.
Position held_end(const World& world, const Reader& reader);

// Takes a new iterator if the reader needs one (KDS-LIM-07). False when AWS refuses it: then the
// reader tries again later, and the caller must stop.
bool take_iterator(const Moment& moment, ReaderId id);

// Reads on for the next batch, if the records at hand are not enough and the batch may still grow.
// `full`: does the batch have no room for more? False when AWS refuses the read and nothing is at
// hand: then the reader tries again later, and the caller must stop. REQUIRES: not exploring.
bool read_ahead(const Moment& moment, ReaderId id, bool full);

// Site read_throttled (KDS-LIM-04): AWS refuses the read, and the reader tries again later. It is
// not asked with enhanced fan-out, which shares no limits (KDS-EFO-08). True: the caller must stop.
bool is_read_throttled(const Moment& moment, ReaderId id);

// The switch `partial_remainder: topped_up` reads on to fill a batch, and waits for nothing.
void read_to_top_up(const Moment& moment, ReaderId id);

// When AWS pushes the next records to a reader with enhanced fan-out, at the earliest. REQUIRES: it
// has it.
Instant pushed_at(const World& world, const Reader& reader);

// ESM-POL-16: a retry reads its records again. They are at hand, so a refusal holds up nothing.
void read_again(const Moment& moment, ReaderId id, const Batch& batch);

// The reader has read to the end of its shard. It waits for a put, or reads once a second.
void rest(const Moment& moment, ReaderId id);
// Another reader of this shard starts to poll, so a reader that waits for a put reads once a second
// from now on: its empty reads count against the common limit (KDS-LIM-04).
void wake_rivals(const Moment& moment, ReaderId id);

}  // namespace trimhorizon
