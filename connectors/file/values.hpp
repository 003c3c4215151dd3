// From the text of a cell to a value: what reads as blank, how numbers and dates are written, and as what a column of
// which at least 99 % of the values are numbers, dates, phones or e-mails is judged. Immutable but for the counters;
// any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/dates.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/rows.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::file {

struct ColumnShape;

/// How texts of one export are read.
class Reading {
 public:
  Reading(Origin origin, std::vector<std::string> blank, Numbers numbers, Dates dates);

  /// Null, empty, white space only, or one of the words that mean blank here.
  [[nodiscard]] bool blank(const Cell& c) const {
    if (c.kind == Cell::Kind::null) return true;
    return (c.text.empty() || may_be_blank_[static_cast<unsigned char>(c.text.front())]) && blank_text(c);
  }
  [[nodiscard]] std::optional<double> number(std::string_view text) const;
  [[nodiscard]] const Dates& dates() const noexcept { return dates_; }
  [[nodiscard]] Origin origin() const noexcept { return origin_; }

  /// What could not be read as the column's type, though most of the column can.
  enum class Trouble : std::uint8_t { none, ambiguous_date, impossible_date, no_number };
  /// The cell's value for a column of that type. What cannot be read stays text (it is filled), and `trouble` says why.
  [[nodiscard]] model::Value value(const Cell& c, model::FieldType type, Trouble& trouble) const;
  /// The same, and `shape` gets what the value looks like, blank ones aside: both for hardly more than the price of
  /// one.
  [[nodiscard]] inline model::Value value(const Cell& c, model::FieldType type, bool checkbox, ColumnShape& shape,
                                          Trouble& trouble) const;

 private:
  [[nodiscard]] bool blank_text(const Cell& c) const;
  [[nodiscard]] model::Value shaped_value(const Cell& c, model::FieldType type, bool checkbox, ColumnShape& shape,
                                          Trouble& trouble) const;
  [[nodiscard]] model::Value filled(const Cell& c, model::FieldType type, Trouble& trouble) const;
  Origin origin_;
  std::vector<std::string> blank_;
  std::bitset<256> may_be_blank_;  // the first bytes of what is
  std::bitset<256> words_;         // the first bytes of texts that can look like an e-mail, and like nothing else
  Numbers numbers_;
  Dates dates_;
};

/// What the values of one column look like.
struct ColumnShape {
  std::uint64_t filled = 0;
  std::uint64_t numbers = 0;
  std::uint64_t days = 0;  ///< dates, and instants at exactly midnight
  std::uint64_t instants = 0;
  std::uint64_t unclear_dates = 0;  ///< ambiguous or impossible
  std::uint64_t phones = 0;
  std::uint64_t emails = 0;
  std::uint64_t booleans = 0;  ///< true and false; 0 and 1 in a column known as a checkbox

  /// What one value looks like: bits of the counters above but `filled`.
  struct Looks {
    enum : std::uint8_t { number = 1, day = 2, instant = 4, unclear_date = 8, phone = 16, email = 32, boolean = 64 };
    std::uint8_t bits = 0;
  };
  /// REQUIRES: the cell is not blank. `checkbox`: see is_checkbox.
  [[nodiscard]] static Looks look(const Cell& c, const Reading& reading, bool checkbox);
  void add(Looks looks, std::uint64_t count) noexcept;
  /// Sees a text without outer white space that can look like an e-mail, and like nothing else.
  void see_word(std::string_view text) noexcept {
    ++filled;
    if (looks_like_email(text)) ++emails;
  }
  [[nodiscard]] static bool looks_like_email(std::string_view s) noexcept;
  /// REQUIRES: the cell is not blank.
  void see(const Cell& c, const Reading& reading, bool checkbox) { add(look(c, reading, checkbox), 1); }
  void add(const ColumnShape& other);
  bool operator==(const ColumnShape&) const = default;
  /// number, date, datetime, phone, email or boolean where at least 99 % of the values are that (checkboxes: all); else
  /// unknown, which is judged as free text.
  [[nodiscard]] model::FieldType type() const;
};

// Most cells are null or a text that is a word or begins with one: told here, without a call.
model::Value Reading::value(const Cell& c, model::FieldType type, bool checkbox, ColumnShape& shape,
                            Trouble& trouble) const {
  if (c.kind == Cell::Kind::null) {
    trouble = Trouble::none;
    return model::Value::blank();
  }
  if (type == model::FieldType::unknown && c.kind == Cell::Kind::text && !c.text.empty() &&
      words_[static_cast<unsigned char>(c.text.front())] && static_cast<unsigned char>(c.text.back()) > ' ') {
    trouble = Trouble::none;
    shape.see_word(c.text);
    return model::Value::text(c.text);
  }
  return shaped_value(c, type, checkbox, shape, trouble);
}

}  // namespace coachd::file
