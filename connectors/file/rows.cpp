#include "connectors/file/rows.hpp"

#include <simdjson.h>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/csv.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows_impl.hpp"

namespace coachd::file {

RowReader::RowReader(const Layout& layout, std::vector<std::string> wanted) {
  if (layout.kind == Kind::csv)
    csv_ = std::make_unique<Csv>(layout, std::move(wanted), false);
  else
    jsonl_ = std::make_unique<Jsonl>(std::move(wanted), false);
}

RowReader::RowReader(const Layout& layout) {
  if (layout.kind == Kind::csv)
    csv_ = std::make_unique<Csv>(layout, layout.columns, true);
  else
    jsonl_ = std::make_unique<Jsonl>(layout.columns, true);
}

RowReader::~RowReader() = default;

void RowReader::read(Block& block, Rows& rows) {
  if (csv_)
    csv_->read(block, rows);
  else
    jsonl_->read(block, rows);
}

const std::vector<std::string>& RowReader::columns() const {
  return csv_ ? csv_->columns : jsonl_->columns;
}

RowReader::Csv::Csv(const Layout& layout, std::vector<std::string> wanted, bool all)
    : columns(std::move(wanted)), layout_(layout), place_(layout.columns.size(), -1), cells_(columns.size()) {
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const auto it = all ? columns.begin() + static_cast<std::ptrdiff_t>(i)
                        : std::find(columns.begin(), columns.end(), layout.columns[i]);
    if (it != columns.end()) place_[i] = static_cast<int>(it - columns.begin());
  }
}

void RowReader::Csv::read(Block& block, Rows& rows) {
  char* p = block.data.get();
  char* const end = p + block.size;
  std::uint64_t line = block.first_line;
  std::uint32_t skip = block.ordinal == 0 ? layout_.skip_lines + 1 : 0;  // the header is a row like the others
  while (p < end) {
    const csv::Row r = csv::scan(p, end, true, layout_.delimiter);
    const auto size = static_cast<std::size_t>(r.end - p);
    if (skip > 0)
      --skip;
    else if (r.scan == csv::Scan::broken)
      rows.bad(line, "broken quotes");
    else if (size > 0)
      row(p, r.end, r.quoted, line, rows);
    line += r.lines;
    p += r.next - p;
  }
}

void RowReader::Csv::row(char* begin, const char* end, bool quoted, std::uint64_t line, Rows& rows) {
  const auto size = static_cast<std::size_t>(end - begin);
  if (layout_.encoding.suspect && !simdjson::validate_utf8(begin, size)) {
    rows.bad(line, "bytes that are no characters");
    return;
  }
  csv::fields(begin, begin + size, quoted, layout_.delimiter, fields_);
  if (fields_.size() != place_.size()) {
    rows.bad(line, std::to_string(fields_.size()) + " columns instead of " + std::to_string(place_.size()));
    return;
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (place_[i] < 0) continue;
    Cell& c = cells_[static_cast<std::size_t>(place_[i])];
    c.kind = fields_[i].empty() ? Cell::Kind::null : Cell::Kind::text;
    c.text = fields_[i];
  }
  rows.row(line, cells_);
}

}  // namespace coachd::file
