// Numbers of field names and of sets of fields: all of them in memory, new ones written by the writer in the
// transaction of the first row that uses them, or before. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

class SqliteDictionary final : public Dictionary {
 public:
  enum class Use : std::uint8_t { write, read_only };
  explicit SqliteDictionary(Use use) : use_(use) {}

  /// Reads what the file holds. REQUIRES: the connection is not in use elsewhere.
  void load(Connection& c);

  [[nodiscard]] std::uint32_t field(std::string_view connection, std::string_view object,
                                    std::string_view name) override;
  [[nodiscard]] std::string field_name(std::uint32_t number) const override;
  [[nodiscard]] std::uint32_t set(std::vector<std::uint32_t> fields) override;
  [[nodiscard]] std::vector<std::uint32_t> fields_of_set(std::uint32_t number) const override;

  /// Writes what is not in the file yet; returns how far it went, for `written`. Writer's thread, inside its
  /// transaction.
  struct Mark {
    std::size_t fields = 0, sets = 0;
  };
  [[nodiscard]] Mark write_new(Connection& c);
  /// To be called after the commit: up to here all is durable.
  void written(Mark m);
  [[nodiscard]] bool has_new() const;

 private:
  using FieldKey = std::tuple<std::string, std::string, std::string>;  // connection, object, name
  [[nodiscard]] std::uint32_t next(std::size_t known) const;

  const Use use_;
  mutable std::mutex mutex_;
  std::map<FieldKey, std::uint32_t> fields_;
  std::unordered_map<std::uint32_t, FieldKey> field_keys_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> sets_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> set_fields_;
  std::vector<std::uint32_t> field_order_, set_order_;  // numbers in the order they were given
  Mark durable_;
};

}  // namespace coachd::store::sqlite
