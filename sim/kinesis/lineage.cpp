#include "sim/kinesis/lineage.hpp"

#include <algorithm>
#include <iterator>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/topological_sort.hpp>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/sole_owner.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t most_relatives = 2;  // KDS-RSH-01: split into two, merge of two

using Dag = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

// Lists the shards in the order in which the search finds them.
class Finder : public boost::default_bfs_visitor {
 public:
  explicit Finder(std::vector<std::uint32_t>& found) : found_(&found) {}
  template <class Graph>
  void discover_vertex(std::size_t shard, const Graph&) {
    found_->push_back(static_cast<std::uint32_t>(shard));
  }

 private:
  std::vector<std::uint32_t>* found_;
};

}  // namespace

struct Lineage::Graph {
  Dag dag;
  // by shard, as add_child got them; kept here because every delivery asks
  std::vector<std::vector<std::uint32_t>> parents;
};

Lineage::Lineage(std::uint32_t initial_shards) {
  if (initial_shards > 0)
    graph_ = std::make_shared<Graph>(
        Graph{Dag(initial_shards), std::vector<std::vector<std::uint32_t>>(initial_shards)});
}

std::uint32_t Lineage::shard_count() const {
  return graph_ ? static_cast<std::uint32_t>(num_vertices(graph_->dag)) : 0;
}

std::uint32_t Lineage::add_child(const std::vector<std::uint32_t>& parents) {
  // KDS-RSH-01: AWS splits one shard into two, or merges two into one, and nothing else.
  TH_CHECK(!parents.empty() && parents.size() <= most_relatives);
  TH_CHECK(parents.size() == 1 || parents[0] != parents[1]);
  for (const std::uint32_t parent : parents) {
    TH_CHECK(parent < shard_count());
    TH_CHECK(out_degree(parent, graph_->dag) < most_relatives);
  }
  if (!sole_owner(graph_)) graph_ = std::make_shared<Graph>(*graph_);
  // the next unused number (KDS-SHD-06)
  const auto child = static_cast<std::uint32_t>(add_vertex(graph_->dag));
  for (const std::uint32_t parent : parents) add_edge(parent, child, graph_->dag);
  graph_->parents.push_back(parents);
  return child;
}

std::span<const std::uint32_t> Lineage::parents_of(std::uint32_t shard) const {
  TH_CHECK(shard < shard_count());
  return graph_->parents[shard];
}

std::vector<std::uint32_t> Lineage::children_of(std::uint32_t shard) const {
  TH_CHECK(shard < shard_count());
  std::vector<std::uint32_t> children;
  const auto [first, last] = out_edges(shard, graph_->dag);
  for (auto edge = first; edge != last; ++edge) {
    children.push_back(static_cast<std::uint32_t>(target(*edge, graph_->dag)));
  }
  std::sort(children.begin(), children.end());
  return children;
}

std::vector<std::uint32_t> Lineage::ancestors_of(std::uint32_t shard) const {
  TH_CHECK(shard < shard_count());
  std::vector<std::uint32_t> found;
  boost::breadth_first_search(boost::make_reverse_graph(graph_->dag), shard,
                              boost::visitor(Finder(found)));
  found.erase(found.begin());  // the shard itself
  return found;
}

// The sort of the reversed graph puts each shard after all its ancestors. Consumers must read a
// parent to its end before its child.
std::vector<std::uint32_t> Lineage::reading_order() const {
  std::vector<std::uint32_t> order;
  if (!graph_) return order;
  const auto turned = boost::make_reverse_graph(graph_->dag);
  boost::topological_sort(turned, std::back_inserter(order));
  return order;
}

std::vector<std::uint32_t> Lineage::children_ready(std::vector<std::uint32_t> finished) const {
  std::sort(finished.begin(), finished.end());
  const auto is_finished = [&](std::uint32_t shard) {
    return std::binary_search(finished.begin(), finished.end(), shard);
  };
  std::vector<std::uint32_t> ready;
  for (const std::uint32_t shard : finished) {
    for (const std::uint32_t child : children_of(shard)) {
      const std::span<const std::uint32_t> parents = parents_of(child);
      // KDS-RSH-07: a merged shard waits for both parents.
      const bool waits = TH_RULE(a_merged_shard_waits_for_both_parents,
                                 !std::all_of(parents.begin(), parents.end(), is_finished),
                                 !is_finished(parents.front()));
      if (!waits && !is_finished(child)) ready.push_back(child);
    }
  }
  std::sort(ready.begin(), ready.end());
  ready.erase(std::unique(ready.begin(), ready.end()), ready.end());
  return ready;
}

bool operator==(const Lineage& a, const Lineage& b) {
  if (a.graph_ == b.graph_) return true;
  return a.shard_count() == b.shard_count() &&
         (a.shard_count() == 0 || a.graph_->parents == b.graph_->parents);
}

}  // namespace trimhorizon
