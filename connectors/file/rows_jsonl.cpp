#include <simdjson.h>

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
  expected_[position] = {std::string(key), place};
  return place;
}

// Fills cells_ from one line; answers what is wrong with it, or nothing.
std::string RowReader::Jsonl::parse(const char* line, std::size_t size, std::size_t readable) {
  for (Cell& c : cells_) c = Cell{};
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

void RowReader::Jsonl::read(Block& block, Rows& rows) {
  const char* p = block.data.get();
  const char* const end = p + block.size;
  std::uint64_t line = block.first_line;
  for (; p < end; ++line) {
    const auto* nl = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    const char* stop = nl == nullptr ? end : nl;
    const char* next = nl == nullptr ? end : nl + 1;
    while (stop > p && (stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t')) --stop;
    if (stop > p) {
      const auto readable = static_cast<std::size_t>(end - p) + Blocks::padding;
      if (std::string wrong = parse(p, static_cast<std::size_t>(stop - p), readable); wrong.empty())
        rows.row(line, cells_);
      else
        rows.bad(line, std::move(wrong));
    }
    p = next;
  }
}

}  // namespace coachd::file
