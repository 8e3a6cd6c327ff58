#include "sim/producer/aggregate.hpp"

#include <algorithm>
#include <map>

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// ---------- protocol buffers, as much as an aggregate needs ----------

// The tag of a field is its number and how its value is written.
enum class WireType : std::uint8_t { varint = 0, eight_bytes = 1, bytes = 2, four_bytes = 5 };

constexpr std::uint64_t field_tag(std::uint64_t field, WireType type) {
  return field << 3 | static_cast<std::uint64_t>(type);
}

// All tags that are written here take one byte.
constexpr std::uint64_t key_table_tag = field_tag(1, WireType::bytes);
constexpr std::uint64_t hash_key_table_tag = field_tag(2, WireType::bytes);
constexpr std::uint64_t records_tag = field_tag(3, WireType::bytes);
constexpr std::uint64_t key_index_tag = field_tag(1, WireType::varint);
constexpr std::uint64_t hash_key_index_tag = field_tag(2, WireType::varint);
constexpr std::uint64_t data_tag = field_tag(3, WireType::bytes);

// Seven bits a byte, the low ones first.
void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

constexpr std::int64_t varint_bytes(std::uint64_t value) {
  std::int64_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

void put_bytes(std::string& out, std::uint64_t tag, std::string_view bytes) {
  put_varint(out, tag);
  put_varint(out, bytes.size());
  out += bytes;
}

// A field of bytes: its tag, its length, its bytes.
constexpr std::int64_t field_bytes(std::int64_t length) {
  return 1 + varint_bytes(static_cast<std::uint64_t>(length)) + length;
}

struct ProtoField {
  std::uint64_t tag = 0;
  std::uint64_t number = 0;     // of a varint
  std::string_view bytes = {};  // of a field of bytes
};

// Takes a message apart, from the front.
class ProtoFields {
 public:
  explicit ProtoFields(std::string_view message) : left_(message) {}

  bool at_end() const { return left_.empty(); }
  // nullopt: the message is damaged.
  std::optional<ProtoField> next() {
    ProtoField field;
    const auto tag = varint();
    if (!tag) return std::nullopt;
    field.tag = *tag;
    std::optional<std::uint64_t> length = 0;
    switch (static_cast<WireType>(*tag & 7)) {
      case WireType::varint: {
        const auto number = varint();
        if (!number) return std::nullopt;
        field.number = *number;
        return field;
      }
      case WireType::eight_bytes: length = 8; break;
      case WireType::four_bytes: length = 4; break;
      case WireType::bytes: length = varint(); break;
      default: return std::nullopt;
    }
    if (!length || *length > left_.size()) return std::nullopt;
    field.bytes = left_.substr(0, *length);
    left_.remove_prefix(*length);
    return field;
  }

 private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }

  std::string_view left_;
};

// ---------- the message ----------

// The digest of a message as bytes: MD5, as of a partition key.
std::string md5_bytes(std::string_view message) {
  const HashKey digest = hash_of_partition_key(message);
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8) bytes += static_cast<char>(digest >> shift);
  return bytes;
}

// The texts of a table while it is written, and their indexes.
class TableInProgress {
 public:
  std::uint64_t index_of(const std::string& text) {
    const auto [place, is_new] = indexes_.emplace(text, texts_.size());
    if (is_new) texts_.push_back(&place->first);
    return place->second;
  }
  void write(std::string& out, std::uint64_t tag) const {
    for (const std::string* text : texts_) put_bytes(out, tag, *text);
  }

 private:
  std::map<std::string, std::uint64_t> indexes_;
  std::vector<const std::string*> texts_;
};

struct RecordInProgress {
  std::optional<std::uint64_t> key;
  std::optional<std::uint64_t> hash_key;
  std::optional<std::string_view> data;
};

std::optional<RecordInProgress> parse_record(std::string_view message) {
  RecordInProgress record;
  for (ProtoFields fields(message); !fields.at_end();) {
    const auto field = fields.next();
    if (!field) return std::nullopt;
    if (field->tag == key_index_tag) record.key = field->number;
    if (field->tag == hash_key_index_tag) record.hash_key = field->number;
    if (field->tag == data_tag) record.data = field->bytes;
  }
  return record;
}

struct MessageInProgress {
  std::vector<std::string_view> keys;
  std::vector<std::string_view> hash_keys;
  std::vector<RecordInProgress> records;
};

std::optional<MessageInProgress> parse_message(std::string_view message) {
  MessageInProgress parsed;
  for (ProtoFields fields(message); !fields.at_end();) {
    const auto field = fields.next();
    if (!field) return std::nullopt;
    if (field->tag == key_table_tag) parsed.keys.push_back(field->bytes);
    if (field->tag == hash_key_table_tag) parsed.hash_keys.push_back(field->bytes);
    if (field->tag != records_tag) continue;
    const auto record = parse_record(field->bytes);
    if (!record) return std::nullopt;
    parsed.records.push_back(*record);
  }
  return parsed;
}

// The index of a key in a table of AggregateSize, and whether it was added now.
template <class Key>
std::pair<std::uint32_t, bool> find_or_add(std::vector<std::pair<Key, std::uint32_t>>& table,
                                           Key key) {
  const auto place =
      std::lower_bound(table.begin(), table.end(), key,
                       [](const auto& entry, const Key& wanted) { return entry.first < wanted; });
  if (place != table.end() && place->first == key) return {place->second, false};
  const auto index = static_cast<std::uint32_t>(table.size());
  table.emplace(place, key, index);
  return {index, true};
}

std::int64_t decimal_digits(HashKey key) {
  std::int64_t digits = 1;
  for (; key >= 10; key /= 10) ++digits;
  return digits;
}

}  // namespace

std::optional<HashKey> UserRecord::hash_key() const {
  return explicit_hash_key ? parse_hash_key(*explicit_hash_key) : hash_of_partition_key(key);
}

std::string write_aggregate(const std::vector<UserRecord>& records) {
  TableInProgress keys;
  TableInProgress hash_keys;
  std::string written;
  for (const UserRecord& record : records) {
    std::string one;
    put_varint(one, key_index_tag);
    put_varint(one, keys.index_of(record.key));
    if (record.explicit_hash_key) {
      put_varint(one, hash_key_index_tag);
      put_varint(one, hash_keys.index_of(*record.explicit_hash_key));
    }
    put_bytes(one, data_tag, record.data);
    put_bytes(written, records_tag, one);
  }
  std::string message;
  keys.write(message, key_table_tag);
  hash_keys.write(message, hash_key_table_tag);
  message += written;
  return std::string(aggregate_magic) + message + md5_bytes(message);
}

std::optional<std::vector<UserRecord>> read_aggregate(std::string_view stored) {
  if (!stored.starts_with(aggregate_magic)) return std::nullopt;
  stored.remove_prefix(aggregate_magic.size());
  // KDS-PRD-22: the magic alone is ordinary data. KCL also wants a byte of a message.
  if (stored.size() <= std::size_t{aggregate_digest_bytes}) return std::nullopt;
  const std::string_view message = stored.substr(0, stored.size() - aggregate_digest_bytes);
  // KDS-PRD-22: so are bytes with another digest.
  const bool is_whole = stored.substr(message.size()) == md5_bytes(message);
  if (!TH_RULE(a_wrong_digest_is_no_aggregate, is_whole, true)) return std::nullopt;
  const auto parsed = parse_message(message);
  if (!parsed) return std::nullopt;
  std::vector<UserRecord> records;
  for (const RecordInProgress& record : parsed->records) {
    if (!record.key || *record.key >= parsed->keys.size() || !record.data) return std::nullopt;
    UserRecord out{std::string(parsed->keys[*record.key]), {}, std::string(*record.data)};
    if (record.hash_key) {
      if (*record.hash_key >= parsed->hash_keys.size()) return std::nullopt;
      out.explicit_hash_key = std::string(parsed->hash_keys[*record.hash_key]);
    }
    records.push_back(std::move(out));
  }
  return records;
}

void AggregateSize::add(KeyId key, std::int64_t key_bytes, std::optional<HashKey> explicit_hash_key,
                        std::int64_t data_bytes) {
  // KPL's own estimate counts three bytes around each text and data, and two for an index.
  constexpr std::int64_t around = 3;
  constexpr std::int64_t index_estimate = 2;
  ++records_;
  data_bytes_ += data_bytes;
  estimate_ += data_bytes + around + index_estimate;

  const auto [index, key_is_new] = find_or_add(keys_, key);
  if (key_is_new) {
    packed_bytes_ += field_bytes(key_bytes);
    estimate_ += key_bytes + around;
  }
  std::int64_t record = 1 + varint_bytes(index) + field_bytes(data_bytes);
  if (explicit_hash_key) {
    const auto [hash_index, hash_is_new] = find_or_add(hash_keys_, *explicit_hash_key);
    const std::int64_t digits = decimal_digits(*explicit_hash_key);
    if (hash_is_new) {
      packed_bytes_ += field_bytes(digits);
      estimate_ += digits + around;
    }
    record += 1 + varint_bytes(hash_index);
    estimate_ += index_estimate;
  }
  packed_bytes_ += field_bytes(record);
}

}  // namespace trimhorizon
