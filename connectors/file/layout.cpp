#include "connectors/file/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/csv.hpp"
#include "connectors/file/encoding.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"

namespace coachd::file {
namespace {

constexpr std::size_t look_bytes = 256 << 10;
constexpr std::size_t look_keys = std::size_t{4} << 20;  // JSONL: how much is read for the keys there are
constexpr std::size_t look_rows = 50;

struct Sniffed {
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::size_t agree = 0;  // rows with as many columns as the first
};

Sniffed sniff(std::string text, bool whole, char delimiter, std::vector<std::string>* header) {
  Sniffed s;
  std::vector<std::string_view> fields;
  char* p = text.data();
  char* const end = p + text.size();
  while (p < end && s.rows < look_rows) {
    const csv::Row r = csv::scan(p, end, whole, delimiter);
    if (r.scan == csv::Scan::more) break;
    if (r.scan == csv::Scan::row && r.end > p) {
      csv::fields(p, p + (r.end - p), r.quoted, delimiter, fields);
      if (s.rows++ == 0) {
        s.columns = fields.size();
        if (header != nullptr) header->assign(fields.begin(), fields.end());
      } else if (fields.size() == s.columns) {
        ++s.agree;
      }
    } else if (r.scan != csv::Scan::row && s.rows == 0) {
      return s;  // no header that can be read
    }
    p += r.next - p;
  }
  return s;
}

void name_columns(std::vector<std::string>& columns) {
  std::set<std::string> seen;
  for (std::string& c : columns) {
    c = std::string(trimmed(c));
    if (c.empty()) continue;
    std::string name = c;
    for (int n = 2; !seen.insert(name).second; ++n) name = c + " (" + std::to_string(n) + ")";
    c = name;
  }
}

void look_at_csv(Layout& layout, std::string text, bool whole) {
  if (std::string_view(text).starts_with("sep=") && text.size() > 5) {  // Excel's own hint
    layout.skip_lines = 1;
    const auto nl = text.find('\n');
    text.erase(0, nl == std::string::npos ? text.size() : nl + 1);
  }
  double best = -1;
  for (const char d : {',', ';', '\t'}) {
    const Sniffed s = sniff(text, whole, d, nullptr);
    if (s.columns < 2 && best >= 0) continue;
    const double agree = s.rows > 1 ? static_cast<double>(s.agree) / static_cast<double>(s.rows - 1) : 1;
    const double score =
        s.columns < 2 ? 0 : 1 + 10 * agree + static_cast<double>(std::min<std::size_t>(s.columns, 500)) / 1000;
    if (score > best) {
      best = score;
      layout.delimiter = d;
    }
  }
  (void)sniff(text, whole, layout.delimiter, &layout.columns);
  name_columns(layout.columns);
  if (std::all_of(layout.columns.begin(), layout.columns.end(), [](const std::string& c) { return c.empty(); }))
    throw std::runtime_error(layout.path + " has no header row: the first row must name the columns");
}

class KeysOnly : public Rows {
 public:
  void row(std::uint64_t, std::span<const Cell>) override {}
  void bad(std::uint64_t, std::string) override {}
};

}  // namespace

std::string_view to_string(Origin o) {
  switch (o) {
    case Origin::unknown: return "";
    case Origin::salesforce: return "Salesforce export";
    case Origin::hubspot: return "HubSpot export";
  }
  return "";
}

Layout look_at(const std::string& path) {
  Layout layout;
  layout.path = path;
  EncodingGuess guess;
  std::string start(look_bytes, '\0');
  bool whole = false;
  {
    Bytes bytes(path);
    layout.bytes = bytes.size();
    start.resize(bytes.read(start.data(), start.size()));
    whole = start.size() < look_bytes;
    if (start.empty()) throw std::runtime_error(path + " is empty");
    guess.see(start);
    layout.encoding = guess.result();
    const auto first = start.find_first_not_of(" \t\r\n", layout.encoding.mark);
    if (layout.encoding.encoding == Encoding::utf8 && first != std::string::npos && start[first] == '{') {
      layout.kind = Kind::jsonl;  // is UTF-8 by its own standard; the parser checks every row
    } else if (layout.encoding.encoding == Encoding::utf8 || layout.encoding.encoding == Encoding::windows_1252) {
      std::string piece(std::size_t{1} << 20, '\0');
      for (;;) {
        const std::size_t got = bytes.read(piece.data(), piece.size());
        if (got == 0) break;
        guess.see(std::string_view(piece.data(), got));
      }
      layout.encoding = guess.result();
    }
    if (layout.encoding.encoding == Encoding::utf8 && first != std::string::npos && start[first] == '[')
      throw std::runtime_error(path + " is a JSON array: write one object a line instead (jq -c '.[]')");
  }
  if (layout.kind == Kind::jsonl) {
    Blocks blocks(layout, look_keys);
    Block block;
    if (blocks.next(block)) {
      RowReader reader(layout);
      KeysOnly rows;
      reader.read(block, rows);
      layout.columns = reader.columns();
    }
  } else {
    std::string text;
    Decoder(layout.encoding.encoding).decode(std::string_view(start).substr(layout.encoding.mark), whole, text);
    if (text.find('\n') == std::string::npos && text.find('\r') != std::string::npos)
      throw std::runtime_error(path +
                               " ends its lines with a carriage return alone: save it again with usual line ends");
    look_at_csv(layout, std::move(text), whole);
  }
  layout.origin = origin_of(layout.columns);
  return layout;
}

}  // namespace coachd::file
