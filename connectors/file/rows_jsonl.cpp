#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/json_scan.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/rows_impl.hpp"

namespace coachd::file {

namespace ondemand = simdjson::ondemand;
using scan::behind_nested;
using scan::behind_number;
using scan::behind_white;
using scan::end_of_text;

// A row is scanned once, from its first byte to its last, and its keys are told by the row before. What is not plain
// (an odd escape, a number out of range, anything broken) is parsed line by line, which also says what is wrong.
struct RowReader::Jsonl::Parser {
  ondemand::parser parser;
};

namespace {

constexpr std::string_view not_an_object = "no JSON object";

std::string why(simdjson::error_code e) {
  if (e == simdjson::UTF8_ERROR) return "bytes that are no characters";
  if (e == simdjson::UNCLOSED_STRING) return "a quote that never closes";
  if (e == simdjson::INCORRECT_TYPE) return std::string(not_an_object);
  return std::string("broken JSON: ") + simdjson::error_message(e);
}

bool is_null(const char* p) noexcept {
  return std::memcmp(p, "null", 4) == 0;
}

// Member by member: assigned as a whole, what was just put together from bytes is copied from memory, and waits for it.
void make_null(Cell& c) noexcept {
  c.kind = Cell::Kind::null;
  c.boolean = false;
  c.text = {};
}

simdjson::error_code read_value(ondemand::value v, Cell& c) {
  ondemand::json_type type{};
  if (const auto e = v.type().get(type)) return e;
  switch (type) {
    case ondemand::json_type::null: {
      bool null = false;
      if (const auto e = v.is_null().get(null)) return e;
      c.kind = Cell::Kind::null;
      c.text = {};
      return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    case ondemand::json_type::string: c.kind = Cell::Kind::text; return v.get_string().get(c.text);
    case ondemand::json_type::boolean:
      c.kind = Cell::Kind::boolean;
      if (const auto e = v.get_bool().get(c.boolean)) return e;
      c.text = c.boolean ? "true" : "false";
      return simdjson::SUCCESS;
    case ondemand::json_type::number: {
      c.kind = Cell::Kind::number;
      std::string_view token = v.raw_json_token();
      while (!token.empty() &&
             (token.back() == ' ' || token.back() == '\t' || token.back() == '\r' || token.back() == '\n'))
        token.remove_suffix(1);
      c.text = token;
      double d = 0;
      return v.get_double().get(d);  // checks that it is one
    }
    case ondemand::json_type::object:
    case ondemand::json_type::array: {
      c.kind = Cell::Kind::text;
      return simdjson::to_json_string(v).get(c.text);
    }
  }
  return simdjson::INCORRECT_TYPE;
}

// Appends what the escapes mean; false where that takes more than the usual ones.
bool unescape(std::string_view s, std::string& out) {
  for (;;) {
    const auto slash = s.find('\\');
    out.append(s.substr(0, slash));
    if (slash == std::string_view::npos) return true;
    s.remove_prefix(slash + 1);
    if (s.empty()) return false;
    switch (s.front()) {
      case '"':
      case '\\':
      case '/': out.push_back(s.front()); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      default: return false;
    }
    s.remove_prefix(1);
  }
}

}  // namespace

RowReader::Jsonl::Jsonl(std::vector<std::string> wanted, bool all)
    : columns(std::move(wanted)), all_(all), cells_(columns.size()), parser_(std::make_unique<Parser>()) {
  for (std::size_t i = 0; i < columns.size(); ++i) places_.emplace(columns[i], static_cast<int>(i));
}

RowReader::Jsonl::~Jsonl() = default;

int RowReader::Jsonl::place_of(std::string_view key) {
  if (const auto it = places_.find(key); it != places_.end()) return it->second;
  if (!all_) return -1;
  const int place = static_cast<int>(columns.size());
  columns.emplace_back(key);
  places_.emplace(std::string(key), place);
  cells_.emplace_back();
  return place;
}

// Fills cells_ from one line; answers what is wrong with it, or nothing.
std::string RowReader::Jsonl::parse(const char* line, std::size_t size, std::size_t readable) {
  for (Cell& c : cells_) make_null(c);
  ondemand::document doc;
  if (const auto e = parser_->parser.iterate(line, size, readable).get(doc)) return why(e);
  ondemand::object object;
  if (const auto e = doc.get_object().get(object)) return why(e);
  for (auto result : object) {
    ondemand::field f;
    if (const auto e = std::move(result).get(f)) return why(e);
    std::string_view key;
    if (const auto e = f.unescaped_key().get(key)) return why(e);
    const int place = place_of(key);
    if (place < 0) continue;
    if (const auto e = read_value(f.value(), cells_[static_cast<std::size_t>(place)])) return why(e);
  }
  if (doc.current_location().error() == simdjson::SUCCESS) return "something after the JSON object";
  unescaped_.reserve(block_size_);
  for (Cell& c : cells_) {  // the parser forgets its texts with the next line
    if (c.kind != Cell::Kind::text) continue;
    const std::size_t start = unescaped_.size();
    unescaped_.append(c.text);
    c.text = std::string_view(unescaped_).substr(start);
  }
  return {};
}

// Fills cells_ from the row that begins here and answers where it ends, or null: it is not plain, parse it.
const char* RowReader::Jsonl::scan(const char* p, const char* const end) {
  for (Cell& c : cells_) make_null(c);
  for (std::size_t position = 0;; ++position) {
    int place = -1;
    if (position < between_.size() && between_[position].is(p, end)) {
      place = between_[position].place;
      p += between_[position].bytes.size();
    } else {
      const char* const q = behind_white(p);
      if (position > 0 && *q == '}') return q + 1;
      if (position == 0 && *q == '{' && *behind_white(q + 1) == '}') return behind_white(q + 1) + 1;
      p = key(q, position, place);
      if (p == nullptr) return nullptr;
    }
    Cell* const cell = place < 0 ? nullptr : &cells_[static_cast<std::size_t>(place)];
    if (*p == '"') {  // the usual case
      const char* const stop = end_of_text(p + 1);
      if (*stop == '"') {
        if (cell != nullptr) {
          cell->kind = Cell::Kind::text;
          cell->text = std::string_view(p + 1, static_cast<std::size_t>(stop - p - 1));
        }
        p = stop + 1;
        continue;
      }
    } else if (is_null(p)) {  // cells are null from the start
      p += 4;
      continue;
    }
    p = value(p, cell);
    if (p == nullptr) return nullptr;
  }
}

// Behind the key that is expected here and its colon; null where there is none.
const char* RowReader::Jsonl::key(const char* const from, std::size_t position, int& place) {
  const char* p = from;
  if (*p != (position == 0 ? '{' : ',')) return nullptr;
  p = behind_white(p + 1);
  if (*p != '"') return nullptr;
  const char* const begin = p + 1;
  p = end_of_text(begin);
  if (*p != '"') return nullptr;
  const std::string_view name(begin, static_cast<std::size_t>(p - begin));
  p = behind_white(p + 1);
  if (*p != ':') return nullptr;
  p = behind_white(p + 1);
  place = place_of(name);
  if (position >= between_.size()) between_.resize(position + 1);
  between_[position] = {std::string(from, p), place};
  return p;
}

// Behind the value that begins here, or null: it is not plain. `cell`: null where nobody wants it.
const char* RowReader::Jsonl::value(const char* p, Cell* cell) {
  const char* const from = p;
  const auto is = [&](std::string_view word) { return std::memcmp(from, word.data(), word.size()) == 0; };
  auto kind = Cell::Kind::text;
  switch (*from) {
    case '"': {  // with escapes
      for (p = end_of_text(from + 1); *p == '\\'; p = end_of_text(p + 2))
        if (static_cast<unsigned char>(p[1]) < 0x20) return nullptr;
      if (*p != '"') return nullptr;
      if (cell == nullptr) return p + 1;
      unescaped_.reserve(block_size_);
      const std::size_t start = unescaped_.size();
      if (!unescape({from + 1, p}, unescaped_)) return nullptr;
      cell->kind = kind;
      cell->text = std::string_view(unescaped_).substr(start);
      return p + 1;
    }
    case 'n': return is_null(from) ? from + 4 : nullptr;
    case 't':
    case 'f':
      if (!is(*from == 't' ? "true" : "false")) return nullptr;
      p = from + (*from == 't' ? 4 : 5);
      kind = Cell::Kind::boolean;
      break;
    case '{':
    case '[': p = behind_nested(from); break;
    default: p = behind_number(from); kind = Cell::Kind::number;
  }
  if (cell == nullptr || p == nullptr) return p;
  cell->kind = kind;
  cell->boolean = *from == 't';
  cell->text = std::string_view(from, static_cast<std::size_t>(p - from));
  return p;
}

void RowReader::Jsonl::read(Block& block, Rows& rows) {
  const char* p = block.data.get();
  const char* const end = p + block.size;
  const bool characters = simdjson::validate_utf8(p, block.size);
  block_size_ = block.size;
  unescaped_.clear();
  for (std::uint64_t line = block.first_line; p < end; ++line) {
    const std::size_t before = unescaped_.size();
    if (const char* stop = characters ? scan(p, end) : nullptr) {
      stop = behind_white(stop);
      if (stop == end || *stop == '\n') {
        rows.row(line, cells_);
        p = stop + 1;
        continue;
      }
    }
    unescaped_.resize(before);
    const auto* nl = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    const char* stop = nl == nullptr ? end : nl;
    while (stop > p && (stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t')) --stop;
    if (stop > p) {
      const auto readable = static_cast<std::size_t>(end - p) + Blocks::padding;
      if (std::string wrong = parse(p, static_cast<std::size_t>(stop - p), readable); wrong.empty())
        rows.row(line, cells_);
      else
        rows.bad(line, std::move(wrong));
    }
    p = nl == nullptr ? end : nl + 1;
  }
}

}  // namespace coachd::file
