// Several lines of one record folded into one (a map's `key`): the first filled value of each column counts, and
// columns whose lines disagree are counted. Memory grows with the records of which a line is still to come, not with
// the file. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"

namespace coachd::app {

/// A row that owns its texts.
struct KeptRow {
  std::uint64_t line = 0;
  std::vector<file::Cell::Kind> kinds;
  std::vector<std::string> texts;

  KeptRow(std::uint64_t at, std::span<const file::Cell> cells);
  [[nodiscard]] file::Cell cell(std::size_t i) const noexcept;
};

/// How many lines each record has, by a hash of its key.
class KeyCounts {
 public:
  void add(std::uint64_t key) { ++counts_[key]; }
  [[nodiscard]] std::uint32_t lines(std::uint64_t key) const;
  [[nodiscard]] bool repeated() const;
  [[nodiscard]] std::size_t records() const noexcept { return counts_.size(); }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> counts_;
};

/// The key of a row: a hash of the cells at `places`.
[[nodiscard]] std::uint64_t key_of(std::span<const file::Cell> cells, const std::vector<std::size_t>& places);

class Folder {
 public:
  Folder(const KeyCounts& counts, std::vector<std::size_t> key_places, const file::Reading& reading)
      : counts_(counts), key_places_(std::move(key_places)), reading_(reading) {}
  /// Hands the record to `rows` when its last line came, at the line of its first. Its texts stay until `forget`.
  void add(KeptRow row, file::Rows& rows);
  void forget() noexcept { said_.clear(); }
  /// Records whose lines disagree, by column place.
  [[nodiscard]] const std::map<std::size_t, std::uint64_t>& disagreeing() const noexcept { return disagreeing_; }

 private:
  struct Open {
    KeptRow row;
    std::uint32_t left;
    std::vector<bool> disagrees;
  };
  void fold(Open& open, const KeptRow& row);
  void say(KeptRow row, file::Rows& rows);
  const KeyCounts& counts_;
  std::vector<std::size_t> key_places_;
  const file::Reading& reading_;
  std::unordered_map<std::uint64_t, Open> open_;
  std::map<std::size_t, std::uint64_t> disagreeing_;
  std::vector<file::Cell> cells_;
  std::vector<KeptRow> said_;
};

/// Keeps the rows of a block for a Folder.
class RowKeeper : public file::Rows {
 public:
  struct Piece {
    std::vector<KeptRow> rows;
    std::vector<std::pair<std::uint64_t, std::string>> bad;
  };
  void row(std::uint64_t line, std::span<const file::Cell> cells) override { piece_.rows.emplace_back(line, cells); }
  void bad(std::uint64_t line, std::string why) override { piece_.bad.emplace_back(line, std::move(why)); }
  [[nodiscard]] Piece take() { return std::exchange(piece_, {}); }

 private:
  Piece piece_;
};

}  // namespace coachd::app
