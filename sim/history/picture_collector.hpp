// The position-time pictures of a run, one for each of the first readers, and the longest time that
// each consumer was stuck at one record. It watches ordinary runs, so it must be cheap: its memory
// is bounded, and after the beginning it allocates nothing.
//
// Always:
//  1. A picture has at most points_max points, bars_max bars and fates_max fates, spread evenly.
//  2. Points are sorted by time. Each shows the state at the end of its stretch of time.
//  3. The counts of all bars and bars_left_out add up to the number of invocations that have ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

class PictureCollector : public Observer {
 public:
  static constexpr std::size_t readers_max = 16;
  static constexpr std::size_t points_max = 512;
  static constexpr std::size_t bars_max = 400;
  static constexpr std::size_t fates_max = 256;
  static constexpr std::uint64_t labels_max = 20;  // a picture of more records has no labels

  void on(const Happened& event, const World& world) override;
  bool takes_runs() const override { return true; }
  void on_run(const PutRun& run, const World& world) override;
  // Adds the pictures and longest_block to the consumers of a result. REQUIRES: the result is of
  // this world.
  void fill(Result& result, const World& world) const;

 private:
  // A shard that stands: from the first attempt at the record at its head until that record is
  // settled, whatever restarts in between.
  struct Block {
    Position head = 0;
    // When retention takes the records of a batch one after the other, the shard stands on.
    Position first = 0;  // the head of the first of these blocks
    Position end = 0;    // of the batch; 0: the batch before is done
    Instant since;
    Duration lasted{0};
    Duration stood{0};  // with the blocks after it
    std::uint64_t attempts = 0;
    std::uint64_t throttles = 0;
    bool fits_nowhere = false;
    LongestBlock::Release release = LongestBlock::Release::still_there;

    bool stands() const { return attempts + throttles > 0 || fits_nowhere; }
    bool is_block() const { return attempts + throttles > 1 || fits_nowhere; }
  };
  struct Picture {
    std::vector<PicturePoint> points;
    Duration stretch{1};   // at most one point in each stretch of time
    Instant stretch_ends;  // that of the last point
    std::vector<PictureBar> bars;
    std::uint64_t bar_invocations = 1;  // a bar shows at most this many invocations
    std::uint64_t bars_left_out = 0;
    std::vector<PictureFate> fates;
    std::uint64_t fates_step = 1;  // of so many stretches of records with a fate, one is kept
    std::uint64_t fates_seen = 0;
    Position trim_horizon = 0;
  };

  Picture& picture(ReaderId id) {
    if (pictures_.size() <= id.value) add_pictures(id);
    return pictures_[id.value];
  }
  void add_pictures(ReaderId last);
  std::uint64_t tip_of(std::size_t reader) const;  // the last tip that was drawn
  void on_put(const Put& put, const World& world);
  void on_settled(const Settled& settled, const World& world);
  void on_waits(const PollingWaits& waits, const World& world);
  // A put changes the tip alone. What else a point has is noted with the next one.
  void note_tip(ReaderId id, Instant at, Position tip, const World& world) {
    Picture& drawn = picture(id);
    if (drawn.points.empty() || at >= drawn.stretch_ends) return note_state(id, at, tip, world);
    PicturePoint& last = drawn.points.back();
    last.at = at;
    last.tip = tip;
  }
  void note_state(ReaderId id, Instant at, Position tip, const World& world);
  void note_bar(const Ended& ended, Instant at);
  static void note_fate(Picture& drawn, const Settled& settled, Instant at);
  // Notes that the record at the head was tried, or refused.
  Block& tried(ReaderId reader, const Batch& batch, Instant at);
  void note_split(const SplitInTwo& split);
  void note_release(const Settled& settled, Instant at);
  static LongestBlock::Release release_of(Fate fate);
  static void thin_points(Picture& picture);
  static void thin_bars(Picture& picture, Instant now);
  static ShardPicture shard_picture(const Picture& picture, ReaderId id, const World& world);

  std::vector<Picture> pictures_;  // by ReaderId: those of the first readers
  std::vector<Block> heads_;       // by ReaderId: the record at the head now
  std::vector<Block> longest_;     // by ReaderId
};

}  // namespace trimhorizon
