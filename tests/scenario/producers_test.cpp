// Producers: explicit puts and generated traffic.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

ProducerSettings producer(const std::string& lines) {
  return read(with_producer(lines)).producers.at(0).settings;
}

}  // namespace

TEST_CASE("records get their defaults: id, key k0 to k9 in turn, the id as data") {
  const ProducerSettings shop = producer(
      "    put:\n"
      "      - {at: 0s, records: [{}, {id: x, key: a}, {size: 10B}]}\n"
      "      - {at: 1.5s, record: {data: abc, size: 5B, ExplicitHashKey: 12}}\n");
  CHECK(shop.ids == "shop-");
  REQUIRE(shop.put.size() == 2);
  CHECK(shop.put[0].put_records);
  CHECK(shop.put[0].at == Instant{0});
  REQUIRE(shop.put[0].records.size() == 3);
  CHECK(shop.put[0].records[0] == PutRecordSpec{"shop-0", "k0", "shop-0", {}});
  CHECK(shop.put[0].records[1] == PutRecordSpec{"x", "a", "x", {}});
  CHECK(shop.put[0].records[2] == PutRecordSpec{"shop-2", "k2", "shop-2    ", {}});
  CHECK_FALSE(shop.put[1].put_records);
  CHECK(shop.put[1].at == Instant{1'500'000});
  CHECK(shop.put[1].records[0] == PutRecordSpec{"shop-3", "k3", "abc  ", "12"});
  CHECK_FALSE(shop.load);
  CHECK(shop.retry == ProducerRetry{});
}

TEST_CASE("ids, keys, data and hash keys are the text that stands there") {
  const ProducerSettings shop = producer(
      "    ids: 1e3\n"
      "    put:\n"
      "      - {at: 0s, record: {id: 007, key: true, data: null, ExplicitHashKey: 0}}\n"
      "      - {at: 0s, record: {id: ~, key: 1e3, data: 0x10}}\n"
      "      - {at: 0s, record: {key: 1_000, data: 'it''s'}}\n"
      "      - {at: 0s, record: {key: .5, data: \"\\u00e4\"}}\n");
  CHECK(shop.put[0].records[0] == PutRecordSpec{"007", "true", "null", "0"});
  CHECK(shop.put[1].records[0] == PutRecordSpec{"~", "1e3", "0x10", {}});
  CHECK(shop.put[2].records[0] == PutRecordSpec{"1e32", "1_000", "it's", {}});
  CHECK(shop.put[3].records[0] == PutRecordSpec{"1e33", ".5", "\xc3\xa4", {}});
}

TEST_CASE("generated traffic gets its defaults") {
  const ProducerSettings shop = producer("    rate: 4000/s\n    records: 1_000_000\n");
  REQUIRE(shop.load);
  GeneratedLoad wanted;
  wanted.rate = {RateStep{Instant{0}, 4'000'000'000, seconds(1)}};
  wanted.records = 1'000'000;
  CHECK(*shop.load == wanted);
}

TEST_CASE("all of generated traffic is read") {
  const ProducerSettings shop = producer(
      "    rate: [{from: 0s, rate: 0.5/m}, {from: 10m, rate: 500/h}]\n"
      "    for: 20m\n    arrivals: poisson\n    size: 1KiB\n    batch: 100\n"
      "    keys: {count: 10_000, distribution: zipf, exponent: 1.25, prefix: key-}\n"
      "    retry: {attempts: 0, scope: whole_request, backoff: 5ms}\n");
  GeneratedLoad wanted;
  wanted.rate = {RateStep{Instant{0}, 500'000, minutes(1)},
                 RateStep{Instant{0} + minutes(10), 500'000'000, hours(1)}};
  wanted.lasts = minutes(20);
  wanted.arrivals = Arrivals::poisson;
  wanted.keys = {KeyDistribution::zipf, 10'000, 1'250'000, "key-"};
  wanted.size_bytes = 1024;
  wanted.batch = 100;
  REQUIRE(shop.load);
  CHECK(*shop.load == wanted);
  CHECK(shop.retry ==
        ProducerRetry{RetryMode::retries, 0, RetryScope::whole_request, milliseconds(5)});
}

TEST_CASE("keys are in turn, uniform or by Zipf's law") {
  const std::string load = "    rate: 1/s\n    for: 1s\n";
  CHECK(producer(load + "    keys: {round_robin: 3}\n").load->keys ==
        KeySettings{KeyDistribution::round_robin, 3, 1'000'000, "k"});
  CHECK(producer(load + "    keys: {count: 3, prefix: ''}\n").load->keys ==
        KeySettings{KeyDistribution::uniform, 3, 1'000'000, ""});
  CHECK(producer(load + "    keys: {count: 3, distribution: zipf, exponent: 1.0}\n").load->keys ==
        producer(load + "    keys: {count: 3, distribution: zipf}\n").load->keys);
}

TEST_CASE("a producer may look away, or give up at once") {
  CHECK(producer("    retry: none\n").retry.mode == RetryMode::none);
  CHECK(producer("    retry: ignore\n").retry.mode == RetryMode::ignore);
}

TEST_CASE("an id that is made twice is a mistake, whoever makes it") {
  CHECK(said_about(with_producer("    put:\n      - {at: 0s, record: {id: a}}\n"
                                 "      - {at: 0s, record: {id: a}}\n")) ==
        "8:31 another record is already called `a` (ids are unique in a scenario)");
  CHECK(said_about(with_producer("    ids: r\n    put:\n      - {at: 0s, record: {id: r1}}\n"
                                 "      - {at: 0s, record: {}}\n")) ==
        "9:26 another record is already called `r1` (ids are unique in a scenario: give this "
        "record an `id`, or the producer other `ids`)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nproducers:\n"
                   "  a: {stream: s, ids: r, rate: 1/s, records: 13}\n"
                   "  b: {stream: s, ids: r1, rate: 1/s, records: 100}\n") ==
        "5:23 two records would be called `r10` (ids are unique in a scenario: give this producer "
        "other `ids`)");
}

TEST_CASE("a producer puts what is listed or what is generated, never half of both") {
  CHECK(said_about(with_producer("    put: [{at: 0s, record: {}}]\n"
                                 "    rate: 1/s\n    records: 10\n")) ==
        "7:11 a producer can have `put` or `rate`, not both (write a second producer for the same "
        "stream)");
  CHECK(said_about(with_producer("    put: []\n    rate: 1/s\n    records: 10\n")) == "");
}

TEST_CASE("a record and a request have a largest size [KDS-SHD-17, KDS-PRD-03]") {
  CHECK(said_about(with_producer("    put: [{at: 0s, record: {key: ab, size: 1MiB}}]\n")) ==
        "6:44 the record is 1048578 bytes long with its key: the stream accepts at most 1024 KiB "
        "(make it smaller, or raise MaxRecordSizeInKiB of the stream)");
  CHECK(mistakes_in(with_producer("    put: [{at: 0s, record: {key: ab, size: 1048574B}}]\n"))
            .empty());
  const std::string ten =
      "{size: 1000KiB}, {size: 1000KiB}, {size: 1000KiB}, {size: 1000KiB}, "
      "{size: 1000KiB}, {size: 1000KiB}, {size: 1000KiB}, {size: 1000KiB}, "
      "{size: 1000KiB}, {size: 1000KiB}";
  CHECK(mistakes_in(with_producer("    put: [{at: 0s, records: [" + ten + "]}]\n")).empty());
  CHECK(
      said_about(with_producer("    put: [{at: 0s, records: [" + ten + ", {size: 240KiB}]}]\n")) ==
      "6:29 the request is 10485782 bytes long: at most 10 MiB (10485760) are allowed (write "
      "several calls)");
  CHECK(said_about(with_producer("    put: [{at: 0s, record: {data: abcdef, size: 3B}}]\n")) ==
        "6:49 data is 6 bytes long: more than size 3B (write size: 6B or leave it out)");
  CHECK(said_about(with_producer("    rate: 1/s\n    for: 1s\n    size: 1MiB\n")) ==
        "8:11 a record is 1048578 bytes long with its key: the stream accepts at most 1024 KiB");
  CHECK(
      said_about(with_producer("    rate: 1/s\n    for: 1s\n    size: 500KiB\n    batch: 30\n")) ==
      "9:12 a request is 15360060 bytes long: at most 10 MiB (10485760) are allowed (write "
      "batch: 20)");
  CHECK(said_about(with_producer("    rate: 1/s\n    records: 100000\n    size: 9B\n")) ==
        "8:11 data is the id: `shop-99999` does not fit into 9B");
}

TEST_CASE("a put holds 1 to 500 records [KDS-PRD-03]") {
  std::string five_hundred = "{}";
  for (int i = 1; i < 500; ++i) five_hundred += ", {}";
  CHECK(
      mistakes_in(with_producer("    put: [{at: 0s, records: [" + five_hundred + "]}]\n")).empty());
  CHECK(said_about(with_producer("    put: [{at: 0s, records: [" + five_hundred + ", {}]}]\n")) ==
        "6:29 records has 501 items: at most 500 are allowed");
  CHECK(said_about(with_producer("    put: [{at: 0s, records: []}]\n")) ==
        "6:29 records is an empty list");
}

TEST_CASE("PutRecords has no SequenceNumberForOrdering [KDS-PRD-06]") {
  CHECK(said_about(
            with_producer("    put: [{at: 0s, records: [{SequenceNumberForOrdering: 1}]}]\n")) ==
        "6:31 unknown key `SequenceNumberForOrdering` in a record");
}

TEST_CASE("a partition key has 1 to 256 characters, not bytes") {
  std::string umlauts;
  for (int i = 0; i < 256; ++i) umlauts += "\xc3\xa4";
  CHECK(
      mistakes_in(with_producer("    put: [{at: 0s, record: {key: " + umlauts + "}}]\n")).empty());
  CHECK(said_about(with_producer("    put: [{at: 0s, record: {key: " + umlauts + "x}}]\n")) ==
        "6:34 key has 257 characters: at most 256 are allowed");
  CHECK(said_about(with_producer("    put: [{at: 0s, record: {key: ''}}]\n")) ==
        "6:34 key is empty");
}

TEST_CASE("what the rate of a load needs and excludes") {
  CHECK(said_about(with_producer("    rate: 1/s\n")) ==
        "4:3 `records` or `for` is missing in this producer (write how much traffic is generated: "
        "records: 1000 or for: 10m)");
  CHECK(said_about(with_producer("    records: 5\n")) ==
        "6:14 `records` is about generated traffic, which needs a `rate` (write rate: 10/s)");
  CHECK(said_about(with_producer("    rate: 0/s\n    for: 1m\n")) ==
        "6:11 rate must be above 0 (a producer without `rate` generates nothing)");
  CHECK(said_about(with_producer(
            "    rate: [{from: 5s, rate: 1/s}, {from: 5s, rate: 2/s}]\n    for: 1m\n")) ==
        "6:42 from must be later than in the entry before");
  CHECK(said_about(with_producer(
            "    rate: [{from: 5s, rate: 1/s}, {from: 6s, rate: 0/s}]\n    records: 100\n")) ==
        "6:11 the last rate is 0: the records would never end (write `for` instead of `records`, "
        "or another last rate)");
  CHECK(mistakes_in(with_producer(
                        "    rate: [{from: 5s, rate: 1/s}, {from: 6s, rate: 0/s}]\n    for: 1m\n"))
            .empty());
}

TEST_CASE("explicit records together have a bearable size") {
  std::string puts = "    put:\n";
  for (int i = 0; i < 300; ++i) puts += "      - {at: 0s, record: {size: 1023KiB}}\n";
  CHECK(said_about(with_producer(puts)) ==
        "263:26 the explicit records are larger than 256 MiB, variants included (use a producer "
        "with `rate` instead)");
}

TEST_CASE("an entry with nothing in it is a mistake, one without a key is a record of defaults") {
  CHECK(
      said_about(with_producer("    put: [{at: 0s, record: }, {at: 0s, records: [~]}]\n")) ==
      "6:20 record is empty (write {} for a record with all defaults)\n"
      "6:50 an entry of records is empty (write {} for an entry with all defaults, or remove it)");
  CHECK(
      said_about(with_producer("    put:\n      - {at: 0s, record: {}}\n"
                               "      - at: 0s\n        records:\n          - {}\n"
                               "          -\n")) ==
      "11:11 an entry of records is empty (write {} for an entry with all defaults, or remove it)");
}

TEST_CASE("generated data holds the id, whatever ends the traffic") {
  CHECK(said_about(with_producer("    rate: 10/s\n    for: 5s\n    size: 6B\n")) ==
        "8:11 data is the id: `shop-49` does not fit into 6B");
  CHECK(said_about(with_producer("    rate: 10/s\n    for: 5s\n    size: 7B\n")) == "");
  CHECK(said_about(with_producer("    rate: 1/h\n    for: 5s\n    size: 1B\n")) == "");
}

TEST_CASE("what the end of the run or of the traffic forestalls is a warning") {
  const std::string end =
      ": warning: a run ends at 1s (`duration`), before this: only `explore`, and the "
      "replay of what it found, come so far";
  CHECK(read(with_producer("    put: [{at: 1s, record: {}}, {at: 5m, record: {}}]\n"
                           "duration: 1s\n"))
            .warnings == std::vector<std::string>{"s.yaml:6:38" + end});
  CHECK(read(with_producer("    rate: [{from: 0s, rate: 1/s}, {from: 2s, rate: 2/s}]\n"
                           "    for: 3s\nduration: 1s\n"))
            .warnings == std::vector<std::string>{"s.yaml:6:42" + end});
  CHECK(read(with_producer("    rate: [{from: 1s, rate: 1/s}, {from: 9s, rate: 2/s}]\n"
                           "    for: 8s\n"))
            .warnings ==
        std::vector<std::string>{
            "s.yaml:6:42: warning: this rate is never used: `for` ends the traffic earlier"});
}

TEST_CASE("what is wrong in a producer says how to write it") {
  const auto said = [&](const std::string& line) {
    const std::string all = said_about(with_producer("    rate: 1/s\n    records: 9\n    " + line));
    return all.substr(all.find('(') + 1);
  };
  CHECK(said("retries: 3\n") == "write retry: {attempts: 3})");
  CHECK(said("retry: 3\n") == "for example retry: {attempts: 5})");
  CHECK(said("retry: {max: 3}\n") == "did you mean `attempts`?)");
  CHECK(said("keys: 100\n") == "for example {count: 500, distribution: zipf})");
  CHECK(said("partition_key: a\n") == "write keys: {round_robin: 1} for one partition key)");
  CHECK(said_about(with_producer("    put: [{at: 0s, record: [{key: a}]}]\n")) ==
        "6:28 record must be one record, not a list (write `records: […]` for several)");
  CHECK(said_about(with_producer("    rate: [{at: 0s, rate: 1/s}]\n    for: 5s\n")) ==
        "6:13 unknown key `at` in a `rate` entry (did you mean `from`?)");
}

TEST_CASE("an exponent is not judged where the distribution is wrong") {
  CHECK(said_about(with_producer("    rate: 1/s\n    records: 5\n    keys: {count: 5, "
                                 "distribution: zip, exponent: 1.0}\n")) ==
        "8:36 distribution must be `uniform` or `zipf`, not `zip` (did you mean `zipf`?)");
}

TEST_CASE("a rate is not compared with one whose time is wrong") {
  const auto said = [](const std::string& second, const std::string& third) {
    return said_about(with_producer("    rate: [{from: 1m, rate: 1/s}, {from: " + second +
                                    ", rate: 3/s}, {from: " + third + ", rate: 1/s}]\n" +
                                    "    records: 5\n"));
  };
  CHECK(said("5mx", "7m").starts_with("6:42 from must be a duration, not `5mx`"));
  CHECK(said("5mx", "7m").find('\n') == std::string::npos);
  CHECK(said("5mx", "30s").ends_with("\n6:66 from must be later than in the entry before"));
}

TEST_CASE("a size is not held against a stream, data or an id that are wrong") {
  const auto said = [](const std::string& stream, const std::string& record) {
    return said_about("trimhorizon: 1\nstreams: {s: {MaxRecordSizeInKiB: " + stream +
                      "}}\nproducers: {p: {stream: s, put: [{at: 0s, record: " + record + "}]}}\n");
  };
  CHECK(said("2MB", "{size: 2000KiB}") ==
        "2:35 MaxRecordSizeInKiB is in KiB, as in CloudFormation: write 2048");
  CHECK(said("2048", "{data: [], size: 1B}") ==
        "3:58 data must be a text, not a list (for example "
        "data: '{\"qty\": 3}')");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\n"
                   "producers: {p: {stream: t, put: [{at: 0s, record: {size: 2000KiB}}]}}\n") ==
        "3:25 no stream is called `t` (write `s`)");
}

TEST_CASE("an entry without any key is one mistake") {
  CHECK(said_about(with_producer("    put: [{}]\n")) ==
        "6:11 `at` is missing in this put (for example at: 5s)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\ntimeline: [{}]\n") ==
        "3:12 `at` is missing in this timeline entry (for example at: 10m)");
}

TEST_CASE("an unknown key may stand for what seems to be missing") {
  CHECK(said_about(with_producer("    put: [{at: 1s, zork: {}}]\n")) ==
        "6:20 unknown key `zork` in a put");
  CHECK(said_about(with_producer("    rate: 1/s\n    for: 1s\n    keys: {zork: 5}\n")) ==
        "8:12 unknown key `zork` in `keys`");
}
