// The writing half of sf_query.hpp: records and values as REST answers have them.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

void write_named(std::string& out, std::string_view name) {
  write_json_text(out, name);
  out += ':';
}

void write_attributes(std::string& out, const table& t, row_number n, std::string_view version) {
  fmt::format_to(std::back_inserter(out),
                 R"("attributes":{{"type":"{0}","url":"/services/data/v{1}/sobjects/{0}/{2}"}})", t.def().name, version,
                 t.cell(n, 0).text());
}

// Columns of one parent come together in one nested object, at the place of the first.
void write_parent(std::string& out, const result_rows& result, std::size_t first, row_number n,
                  std::string_view version, const table& t, std::size_t depth, const std::vector<std::size_t>& group) {
  const auto& path = result.columns[first];
  const auto& [column, next] = path.steps[depth];
  const auto* id = t.cell(n, column).text_ref();
  const auto found = id == nullptr ? std::nullopt : next->find(*id);
  write_named(out, path.names[depth]);
  if (!found) {
    out += "null";
    return;
  }
  out += '{';
  write_attributes(out, *next, *found, version);
  std::vector<std::string> done;
  for (const auto i : group) {
    const auto& p = result.columns[i];
    if (p.steps.size() == depth + 1) {
      out += ',';
      write_named(out, p.names.back());
      write_value(out, next->cell(*found, p.column), next->def().fields[static_cast<std::size_t>(p.column)].type);
    } else if (std::ranges::find(done, p.names[depth + 1]) == done.end()) {
      done.push_back(p.names[depth + 1]);
      std::vector<std::size_t> inner;
      for (const auto k : group) {
        if (result.columns[k].steps.size() > depth + 1 && result.columns[k].names[depth + 1] == p.names[depth + 1]) {
          inner.push_back(k);
        }
      }
      out += ',';
      write_parent(out, result, i, *found, version, *next, depth + 1, inner);
    }
  }
  out += '}';
}

}  // namespace

void write_value(std::string& out, const value& v, field_type type) {
  switch (v.kind()) {
    case value::type::null: out += "null"; return;
    case value::type::boolean: out += v.boolean() ? "true" : "false"; return;
    case value::type::number: {
      const auto text = fmt::format("{}", v.number());
      out += text;
      // Money, percentages and doubles come with a fraction, whole numbers without.
      if (type != field_type::integer && text.find_first_of(".e") == std::string::npos) out += ".0";
      return;
    }
    case value::type::at: write_json_text(out, rest_instant(v.at())); return;
    case value::type::date: write_json_text(out, iso_day(v.date())); return;
    case value::type::text:
      if (type == field_type::json)
        out += v.text();
      else
        write_json_text(out, v.text());
      return;
  }
}

void write_record(std::string& out, const result_rows& result, row_number n, std::string_view version) {
  const auto& t = *result.from;
  out += '{';
  write_attributes(out, t, n, version);
  std::vector<std::string> done;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    const auto& path = result.columns[i];
    if (path.steps.empty()) {
      out += ',';
      write_named(out, path.names.back());
      write_value(out, t.cell(n, path.column), t.def().fields[static_cast<std::size_t>(path.column)].type);
    } else if (std::ranges::find(done, path.names.front()) == done.end()) {
      done.push_back(path.names.front());
      std::vector<std::size_t> group;
      for (std::size_t k = i; k < result.columns.size(); ++k) {
        if (!result.columns[k].steps.empty() && result.columns[k].names.front() == path.names.front())
          group.push_back(k);
      }
      out += ',';
      write_parent(out, result, i, n, version, t, 0, group);
    }
  }
  out += '}';
}

}  // namespace coachd::sim
