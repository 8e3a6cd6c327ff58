// What a position-time picture shows of one shard in one mapping: its records and the invocations
// that had them, gathered while a run is made again.
//
// Always:
//  1. Invocations come first, then the records in the order of their arrival.
//  2. Positions count the records of the shard from 0.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/report/table.hpp"

namespace trimhorizon {

class ShardHistory {
 public:
  // `shard` empty: the one that tells most, with the most failed invocations, or else with the most
  // invocations, or else the first one that has a record.
  ShardHistory(std::string mapping, std::string shard);

  void add(const InvocationRow& row, const std::vector<DeliveryRow>& records);
  void add(const RecordRow& row);

  const std::string& shard() const { return shard_; }
  // The shards in which the mapping found records.
  std::vector<std::string> shards() const;
  // One row per record: `id, copy` (0, or n for the nth copy of a record), `arrival, fate, effects`
  // and `total`, the effects of all copies.
  std::shared_ptr<const Table> records() const;
  // One row per invocation: `number, started, ended, outcome`, and its positions [first, end).
  std::shared_ptr<const Table> bars() const;
  // One row per effect: `number` of the invocation, `position`, and `nth` effect of its record.
  std::shared_ptr<const Table> effects() const;

 private:
  struct Effect {
    std::uint32_t offset = 0;  // in the batch
    std::uint64_t nth = 0;
  };
  struct Bar {
    InvocationRow row;           // without its records
    std::string first_sequence;  // of the first record that the log still had
    std::uint32_t offset = 0;    // of this record in the batch
    std::uint64_t count = 0;
    std::uint64_t first = 0;  // position
    std::vector<Effect> effects;
  };
  struct OfShard {
    std::uint64_t failed = 0;
    std::uint64_t invocations = 0;
    std::uint64_t stored = 0;
    std::vector<Bar> bars;
  };
  struct Copies {
    std::uint64_t copies = 0;
    std::uint64_t effects = 0;
  };
  struct Record {
    std::string id;
    std::uint64_t copy = 0;
    std::int64_t arrival_us = 0;
    Fate fate = Fate::pending;
    std::uint64_t effects = 0;
  };
  void choose(const std::string& first_shard);

  std::string mapping_;
  std::string shard_;
  bool chosen_ = false;
  std::map<std::string, OfShard> shards_;
  std::map<std::string, std::uint64_t> effects_;        // of a record so far
  std::map<std::string, Copies> copies_;                // of a record, by its id
  std::map<std::string, std::vector<Bar*>> beginning_;  // bars by first_sequence
  std::vector<Record> records_;
};

}  // namespace trimhorizon
