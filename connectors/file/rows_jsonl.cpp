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
#include "connectors/file/rows.hpp"
#include "connectors/file/rows_impl.hpp"

namespace coachd::file {

namespace ondemand = simdjson::ondemand;

// A block is looked at twice: simdjson marks where its tokens begin, all lines at once, and a walk over the marks fills
// the cells of the plain lines. What is not plain (an odd escape, a number out of range, anything broken) is parsed
// line by line, which also says what is wrong.
struct RowReader::Jsonl::Parser {
  ondemand::parser parser;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> marks;
  std::size_t capacity = 0;
  const char* base = nullptr;          // of the block
  const std::uint32_t* at = nullptr;   // the next mark
  const std::uint32_t* end = nullptr;  // behind the last one; there stands the size of the block
  bool escapes = false;                // the row holds some
  std::string unescaped;               // of the row; never grows while a cell looks into it

  /// False where the block as a whole cannot be marked: some line is broken.
  [[nodiscard]] bool mark(const Block& block) {
    base = block.data.get();
    if (capacity < block.size) {
      capacity = block.size;
      if (simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, marks)) return false;
    }
    if (marks->stage1(reinterpret_cast<const std::uint8_t*>(base), block.size, simdjson::stage1_mode::regular))
      return false;
    at = marks->structural_indexes.get();
    end = at + marks->n_structural_indexes;
    return true;
  }
};

namespace {

constexpr std::string_view not_an_object = "no JSON object";

std::string why(simdjson::error_code e) {
  if (e == simdjson::UTF8_ERROR) return "bytes that are no characters";
  if (e == simdjson::UNCLOSED_STRING) return "a quote that never closes";
  if (e == simdjson::INCORRECT_TYPE) return std::string(not_an_object);
  return std::string("broken JSON: ") + simdjson::error_message(e);
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

bool white(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';  // a line holds no line break
}

bool digits(std::string_view& s) noexcept {
  std::size_t n = 0;
  while (n < s.size() && s[n] >= '0' && s[n] <= '9') ++n;
  s.remove_prefix(n);
  return n > 0;
}

// A JSON number without an exponent, short enough to be in range.
bool plain_number(std::string_view s) noexcept {
  if (s.size() > 40) return false;
  if (s.front() == '-') s.remove_prefix(1);
  const bool zero = !s.empty() && s.front() == '0';
  if (zero) s.remove_prefix(1);
  if (!zero && !digits(s)) return false;
  if (s.empty()) return true;
  if (s.front() != '.') return false;
  s.remove_prefix(1);
  return digits(s) && s.empty();
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

int RowReader::Jsonl::place_of(std::string_view key, std::size_t position) {
  int place = -1;
  if (const auto it = places_.find(key); it != places_.end()) {
    place = it->second;
  } else if (all_) {
    place = static_cast<int>(columns.size());
    columns.emplace_back(key);
    places_.emplace(std::string(key), place);
    cells_.emplace_back();
  }
  if (position >= expected_.size()) expected_.resize(position + 1);
  // Keys are compared as they are written: one that was written with an escape equals none.
  const bool escaped = key.find('\\') != std::string_view::npos;
  expected_[position] = {escaped ? std::string(1, '\\') : std::string(key), place};
  return place;
}

// Fills cells_ from one line; answers what is wrong with it, or nothing.
std::string RowReader::Jsonl::parse(const char* line, std::size_t size, std::size_t readable) {
  for (Cell& c : cells_) make_null(c);
  ondemand::document doc;
  if (const auto e = parser_->parser.iterate(line, size, readable).get(doc)) return why(e);
  ondemand::object object;
  if (const auto e = doc.get_object().get(object)) return why(e);
  std::size_t position = 0;
  for (auto result : object) {
    ondemand::field f;
    if (const auto e = std::move(result).get(f)) return why(e);
    int place = 0;
    // The same key as on the row before, as it is written: the usual case.
    if (position < expected_.size() && f.key().unsafe_is_equal(expected_[position].key)) {
      place = expected_[position].place;
    } else {
      std::string_view key;
      if (const auto e = f.unescaped_key().get(key)) return why(e);
      place = place_of(key, position);
    }
    ++position;
    if (place < 0) continue;
    if (const auto e = read_value(f.value(), cells_[static_cast<std::size_t>(place)])) return why(e);
  }
  if (doc.current_location().error() == simdjson::SUCCESS) return "something after the JSON object";
  return {};
}

// Fills cells_ from the line that ends at `stop`, by its marks. False: it is not plain, parse it.
bool RowReader::Jsonl::walk(std::size_t stop) {
  for (Cell& c : cells_) make_null(c);
  const char* const base = parser_->base;
  const std::uint32_t* m = parser_->at;
  parser_->unescaped.clear();
  if (*m >= stop || base[*m] != '{') return false;
  if (*++m >= stop) return false;
  if (base[*m] == '}') {
    parser_->at = m + 1;
    return m[1] >= stop;
  }
  for (std::size_t position = 0;; ++position) {
    const std::size_t key_at = m[0];
    if (key_at >= stop || base[key_at] != '"') return false;
    const std::size_t colon = m[1];
    if (colon >= stop || base[colon] != ':') return false;
    const std::size_t from = m[2];
    if (from >= stop) return false;
    m += 3;
    std::size_t key_end = colon;
    while (white(base[key_end - 1])) --key_end;
    if (key_end < key_at + 2 || base[key_end - 1] != '"') return false;
    const std::string_view key(base + key_at + 1, key_end - key_at - 2);
    int place = 0;
    if (position < expected_.size() && expected_[position].is(key)) {
      place = expected_[position].place;
    } else {
      if (key.find('\\') != std::string_view::npos) return false;
      place = place_of(key, position);
    }
    std::size_t end = *m;  // of the value: the mark behind it
    const char first = base[from];
    if (first == '{' || first == '[') {
      for (int depth = 1;; ++m) {
        if (*m >= stop) return false;
        const char c = base[*m];
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0) break;
      }
      end = *m++ + std::size_t{1};
    }
    if (*m >= stop) return false;
    if (place >= 0) {
      while (white(base[end - 1])) --end;
      if (!fill(cells_[static_cast<std::size_t>(place)], std::string_view(base + from, end - from), stop - from))
        return false;
    }
    const char behind = base[*m++];
    if (behind == ',') continue;
    parser_->at = m;
    return behind == '}' && *m >= stop;
  }
}

// The cell of a value as it is written; false where it is not plain. `most`: how much unescaped text can still come.
bool RowReader::Jsonl::fill(Cell& c, std::string_view token, std::size_t most) {
  switch (token.front()) {
    case '"': {
      if (token.size() < 2 || token.back() != '"') return false;
      c.kind = Cell::Kind::text;
      c.text = token.substr(1, token.size() - 2);
      if (!parser_->escapes || std::memchr(c.text.data(), '\\', c.text.size()) == nullptr) return true;
      std::string& out = parser_->unescaped;
      if (out.empty()) out.reserve(most);
      const std::size_t start = out.size();
      if (!unescape(c.text, out)) return false;
      c.text = std::string_view(out).substr(start);
      return true;
    }
    case 'n': return token == "null";
    case 't':
    case 'f':
      c.kind = Cell::Kind::boolean;
      c.boolean = token.front() == 't';
      c.text = c.boolean ? "true" : "false";
      return token == c.text;
    case '{':
    case '[':
      c.kind = Cell::Kind::text;
      c.text = token;
      return true;
    default:
      c.kind = Cell::Kind::number;
      c.text = token;
      return plain_number(token);
  }
}

void RowReader::Jsonl::read(Block& block, Rows& rows) {
  const char* p = block.data.get();
  const char* const end = p + block.size;
  std::uint64_t line = block.first_line;
  const bool marked = parser_->mark(block);
  for (; p < end; ++line) {
    const auto* nl = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    const char* stop = nl == nullptr ? end : nl;
    const char* next = nl == nullptr ? end : nl + 1;
    while (stop > p && (stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t')) --stop;
    if (stop > p) {
      parser_->escapes = std::memchr(p, '\\', static_cast<std::size_t>(stop - p)) != nullptr;
      if (marked && walk(static_cast<std::size_t>(stop - block.data.get()))) {
        rows.row(line, cells_);
      } else {
        const auto readable = static_cast<std::size_t>(end - p) + Blocks::padding;
        if (std::string wrong = parse(p, static_cast<std::size_t>(stop - p), readable); wrong.empty())
          rows.row(line, cells_);
        else
          rows.bad(line, std::move(wrong));
        if (marked)
          while (parser_->at < parser_->end && *parser_->at < static_cast<std::size_t>(next - block.data.get()))
            ++parser_->at;
      }
    }
    p = next;
  }
}

}  // namespace coachd::file
