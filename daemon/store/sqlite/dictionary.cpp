#include "daemon/store/sqlite/dictionary.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {
namespace {

std::string joined(const std::vector<std::uint32_t>& numbers) {
  std::string out;
  for (const auto n : numbers) out += (out.empty() ? "" : ",") + std::to_string(n);
  return out;
}

std::vector<std::uint32_t> split(const std::string& text) {
  std::vector<std::uint32_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::uint32_t n = 0;
    at = std::from_chars(at, end, n).ptr;
    numbers.push_back(n);
    if (at < end) ++at;  // the comma
  }
  return numbers;
}

}  // namespace

// Numbers begin with 1: 0 says "none" in rows. Without the right to write, new ones begin where no row's number can be.
std::uint32_t SqliteDictionary::next(std::size_t known) const {
  return static_cast<std::uint32_t>(known) + 1 + (use_ == Use::read_only ? 0x8000'0000U : 0U);
}

void SqliteDictionary::load(Connection& c) {
  const std::scoped_lock lock(mutex_);
  for (auto& [number, key] : rows_of(
           c,
           [](Query& q) {
             return std::pair(static_cast<std::uint32_t>(q.integer(0)), FieldKey(q.text(1), q.text(2), q.text(3)));
           },
           "SELECT number,connection,object,name FROM field ORDER BY number")) {
    fields_.emplace(key, number);
    field_keys_.emplace(number, std::move(key));
    field_order_.push_back(number);
  }
  for (auto& [number, fields] : rows_of(
           c, [](Query& q) { return std::pair(static_cast<std::uint32_t>(q.integer(0)), split(q.text(1))); },
           "SELECT number,fields FROM field_set ORDER BY number")) {
    sets_.emplace(fields, number);
    set_fields_.emplace(number, std::move(fields));
    set_order_.push_back(number);
  }
  durable_ = {field_order_.size(), set_order_.size()};
}

std::uint32_t SqliteDictionary::field(std::string_view connection, std::string_view object, std::string_view name) {
  const std::scoped_lock lock(mutex_);
  FieldKey key{connection, object, name};
  if (const auto found = fields_.find(key); found != fields_.end()) return found->second;
  const auto number = next(field_order_.size());
  field_keys_.emplace(number, key);
  fields_.emplace(std::move(key), number);
  field_order_.push_back(number);
  return number;
}

std::string SqliteDictionary::field_name(std::uint32_t number) const {
  const std::scoped_lock lock(mutex_);
  const auto found = field_keys_.find(number);
  return found == field_keys_.end() ? std::string() : std::get<2>(found->second);
}

std::uint32_t SqliteDictionary::set(std::vector<std::uint32_t> fields) {
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  const std::scoped_lock lock(mutex_);
  if (const auto found = sets_.find(fields); found != sets_.end()) return found->second;
  const auto number = next(set_order_.size());
  set_fields_.emplace(number, fields);
  sets_.emplace(std::move(fields), number);
  set_order_.push_back(number);
  return number;
}

std::vector<std::uint32_t> SqliteDictionary::fields_of_set(std::uint32_t number) const {
  const std::scoped_lock lock(mutex_);
  const auto found = set_fields_.find(number);
  return found == set_fields_.end() ? std::vector<std::uint32_t>() : found->second;
}

SqliteDictionary::Mark SqliteDictionary::write_new(Connection& c) {
  const std::scoped_lock lock(mutex_);
  for (auto i = durable_.fields; i < field_order_.size(); ++i) {
    const auto& [connection, object, name] = field_keys_.at(field_order_[i]);
    Query(c, "INSERT INTO field(number,connection,object,name) VALUES(?,?,?,?)", field_order_[i], connection, object,
          name)
        .run();
  }
  for (auto i = durable_.sets; i < set_order_.size(); ++i)
    Query(c, "INSERT INTO field_set(number,fields) VALUES(?,?)", set_order_[i], joined(set_fields_.at(set_order_[i])))
        .run();
  return {field_order_.size(), set_order_.size()};
}

void SqliteDictionary::written(Mark m) {
  const std::scoped_lock lock(mutex_);
  durable_ = m;
}

bool SqliteDictionary::has_new() const {
  const std::scoped_lock lock(mutex_);
  return durable_.fields < field_order_.size() || durable_.sets < set_order_.size();
}

}  // namespace coachd::store::sqlite
