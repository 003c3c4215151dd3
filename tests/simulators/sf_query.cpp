#include "tests/simulators/sf_query.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/soql.hpp"
#include "tests/simulators/value.hpp"

#include <fmt/format.h>

namespace coachd::sim {
namespace {

using soql::comparison;
using soql::literal;
using soql::literal_type;
using soql::problem;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

int compare_text(std::string_view a, std::string_view b) {
  const auto n = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<unsigned char>(lower(a[i]));
    const auto y = static_cast<unsigned char>(lower(b[i]));
    if (x != y) return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

// LIKE with % and _, a backslash before either (or before itself) taking it literally; without case.
bool like(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    const char c = p < pattern.size() ? (escaped ? pattern[p + 1] : pattern[p]) : '\0';
    if (p < pattern.size() && !escaped && c == '%') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && ((!escaped && c == '_') || lower(c) == lower(text[t]))) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

struct compiled {
  soql::condition::type kind = soql::condition::type::test;
  std::vector<compiled> parts;
  column_path path;
  field_type type = field_type::string;
  comparison op = comparison::eq;
  std::vector<value> values;
  std::vector<std::string> owned;  // texts of `values`
  std::string pattern;
};

const value& resolve(const column_path& path, const table& from, row_number n) {
  static const value nothing{};
  const table* t = &from;
  for (const auto& [column, next] : path.steps) {
    const auto* id = t->cell(n, column).text_ref();
    const auto found = id == nullptr ? std::nullopt : next->find(*id);
    if (!found) return nothing;
    t = next;
    n = *found;
  }
  return t->cell(n, path.column);
}

class compiler {
 public:
  compiler(const table& from, const table_finder& tables, instant now) : from_{from}, tables_{tables}, now_{now} {}

  column_path path(std::string_view name) {
    column_path p;
    const table* t = &from_;
    auto rest = name;
    if (const auto dot = rest.find('.');
        dot != std::string_view::npos && lowered(rest.substr(0, dot)) == lowered(from_.def().name)) {
      rest = rest.substr(dot + 1);
    }
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      const auto relation = rest.substr(0, dot);
      const auto& fields = t->def().fields;
      const auto f = std::ranges::find_if(fields, [&](const field_def& d) {
        return !d.relationship.empty() && lowered(d.relationship) == lowered(relation);
      });
      if (f == fields.end()) {
        throw problem{"INVALID_FIELD",
                      fmt::format("\n{}\n^\nERROR at Row:1:Column:8\nDidn't understand relationship '{}' in field "
                                  "path. If you are attempting to use a custom relationship, be sure to "
                                  "append the '__r' after the custom relationship name.",
                                  name, relation)};
      }
      const auto* next = tables_(f->refers_to.substr(0, f->refers_to.find(',')));
      p.steps.emplace_back(static_cast<int>(f - fields.begin()), next);
      p.names.emplace_back(f->relationship);
      t = next;
      rest = rest.substr(dot + 1);
    }
    p.last = t;
    p.column = t->def().column(rest);
    if (p.column < 0) {
      throw problem{
          "INVALID_FIELD",
          fmt::format("\n{}\n^\nERROR at Row:1:Column:8\nNo such column '{}' on entity '{}'. If you are attempting to "
                      "use a custom field, be sure to append the '__c' after the custom field name. Please reference "
                      "your WSDL or the describe call for the appropriate names.",
                      name, rest, t->def().name)};
    }
    p.names.push_back(t->def().fields[static_cast<std::size_t>(p.column)].name);
    return p;
  }

  compiled compile(const soql::condition& c) {
    compiled out;
    out.kind = c.kind;
    if (c.kind != soql::condition::type::test) {
      for (const auto& part : c.parts) out.parts.push_back(compile(part));
      return out;
    }
    out.path = path(c.field);
    const auto& f = out.path.last->def().fields[static_cast<std::size_t>(out.path.column)];
    if (!f.filterable) {
      throw problem{"INVALID_FIELD", fmt::format("field '{}' can not be filtered in a query call", f.name)};
    }
    out.type = f.type;
    out.op = c.op;
    if (c.op == comparison::like) {
      if (!textual(f.type))
        throw problem{"INVALID_QUERY_FILTER_OPERATOR",
                      "invalid operator on " + std::string{name_of(f.type)} + " field"};
      out.pattern = c.values.front().text;
      return out;
    }
    if (f.type == field_type::boolean && c.op != comparison::eq && c.op != comparison::ne) {
      throw problem{"INVALID_QUERY_FILTER_OPERATOR", "invalid operator on boolean field"};
    }
    out.owned.reserve(c.values.size());
    for (const auto& v : c.values) out.values.push_back(convert(v, f, out.owned));
    return out;
  }

  static bool textual(field_type type) {
    return type == field_type::string || type == field_type::textarea || type == field_type::picklist ||
           type == field_type::email || type == field_type::phone;
  }

 private:
  value convert(const literal& v, const field_def& f, std::vector<std::string>& owned) {
    if (v.type == literal_type::null) return {};
    const auto keep = [&](std::string text) {
      owned.push_back(std::move(text));
      return value::of(&owned.back());
    };
    switch (f.type) {
      case field_type::id:
      case field_type::reference: {
        if (v.type != literal_type::text) break;
        auto full = normal_id(v.text);
        if (full.empty() && !v.text.empty()) {
          throw problem{"INVALID_QUERY_FILTER_OPERATOR", fmt::format("invalid ID field: {}", v.text)};
        }
        return keep(std::move(full));
      }
      case field_type::boolean:
        if (v.type == literal_type::boolean) return value::of(v.boolean);
        break;
      case field_type::number:
      case field_type::currency:
      case field_type::percent:
      case field_type::integer:
        if (v.type == literal_type::number) return value::of(v.number);
        break;
      case field_type::date:
        if (v.type == literal_type::date) return value::of(v.date);
        if (v.type == literal_type::word) return value::of(day_of(v.text));
        break;
      case field_type::datetime:
        if (v.type == literal_type::datetime) return value::of(v.at);
        if (v.type == literal_type::word) return value::of(instant{day_of(v.text)});
        break;
      default:
        if (v.type == literal_type::text) return keep(v.text);
        break;
    }
    const bool quoted = v.type == literal_type::text;
    throw problem{
        quoted ? "MALFORMED_QUERY" : "INVALID_FIELD",
        fmt::format("\n{}\n^\nERROR at Row:1:Column:1\nvalue of filter criterion for field '{}' must be of type {}{}",
                    f.name, f.name, f.type == field_type::datetime ? "dateTime" : name_of(f.type),
                    quoted ? " and should not be enclosed in quotes"
                           : (wants_quotes(f.type) ? " and should be enclosed in quotes" : ""))};
  }

  static bool wants_quotes(field_type type) {
    return textual(type) || type == field_type::id || type == field_type::reference;
  }

  [[nodiscard]] day day_of(std::string_view word) const {
    const auto today = std::chrono::floor<std::chrono::days>(now_);
    const auto w = lowered(word);
    if (w == "yesterday") return today - std::chrono::days{1};
    if (w == "tomorrow") return today + std::chrono::days{1};
    if (w == "today") return today;
    int n = 0;
    const auto number = w.substr(w.find(':') + 1);
    std::from_chars(number.data(), number.data() + number.size(), n);
    return w.starts_with("last") ? today - std::chrono::days{n} : today + std::chrono::days{n};
  }

  const table& from_;
  const table_finder& tables_;
  instant now_;
};

// -1, 0, 1; null before everything. Ids by their bytes, other texts without case.
int compare(const value& a, const value& b, bool by_bytes) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null() ? 0 : (a.is_null() ? -1 : 1);
  switch (a.kind()) {
    case value::type::boolean: return static_cast<int>(a.boolean()) - static_cast<int>(b.boolean());
    case value::type::number: return a.number() < b.number() ? -1 : (a.number() > b.number() ? 1 : 0);
    case value::type::at: return a.at() < b.at() ? -1 : (a.at() > b.at() ? 1 : 0);
    case value::type::date: return a.date() < b.date() ? -1 : (a.date() > b.date() ? 1 : 0);
    default: {
      if (!by_bytes) return compare_text(a.text(), b.text());
      const int c = a.text().compare(b.text());
      return c < 0 ? -1 : (c > 0 ? 1 : 0);
    }
  }
}

bool by_bytes(field_type type) {
  return type == field_type::id || type == field_type::reference;
}

bool test(const compiled& c, const value& v) {
  if (c.op == comparison::like) return !v.is_null() && like(v.text(), c.pattern);
  const bool bytes = by_bytes(c.type);
  const auto equal = [&](const value& x) {
    // A text that was cleared is null: an empty literal means the same.
    if (v.is_null()) return x.is_null() || (x.kind() == value::type::text && x.text().empty());
    return !x.is_null() && compare(v, x, bytes) == 0;
  };
  switch (c.op) {
    case comparison::eq: return equal(c.values.front());
    case comparison::ne: return !equal(c.values.front());
    case comparison::in: return std::ranges::any_of(c.values, equal);
    case comparison::not_in: return std::ranges::none_of(c.values, equal);
    default: break;
  }
  const auto& x = c.values.front();
  if (v.is_null() || x.is_null()) return false;
  const int order = compare(v, x, bytes);
  return c.op == comparison::lt   ? order < 0
         : c.op == comparison::gt ? order > 0
         : c.op == comparison::le ? order <= 0
                                  : order >= 0;
}

bool holds(const compiled& c, const table& from, row_number n) {
  switch (c.kind) {
    case soql::condition::type::all:
      return std::ranges::all_of(c.parts, [&](const compiled& p) { return holds(p, from, n); });
    case soql::condition::type::any:
      return std::ranges::any_of(c.parts, [&](const compiled& p) { return holds(p, from, n); });
    case soql::condition::type::negated: return !holds(c.parts.front(), from, n);
    default: return test(c, resolve(c.path, from, n));
  }
}

struct interval {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

// Between which stamps every row that can hold lies.
interval stamps(const compiled& c, const table& from) {
  interval all;
  if (c.kind == soql::condition::type::all) {
    for (const auto& p : c.parts) {
      const auto i = stamps(p, from);
      all.from = std::max(all.from, i.from);
      all.to = std::min(all.to, i.to);
    }
    return all;
  }
  if (c.kind == soql::condition::type::any) {
    interval hull{all.to, all.from};
    for (const auto& p : c.parts) {
      const auto i = stamps(p, from);
      hull.from = std::min(hull.from, i.from);
      hull.to = std::max(hull.to, i.to);
    }
    return hull;
  }
  if (c.kind == soql::condition::type::test && c.path.steps.empty() && c.path.column == from.stamp_column() &&
      !c.values.empty() && c.values.front().kind() == value::type::at && c.op != comparison::in) {
    const auto at = c.values.front().at().time_since_epoch().count();
    if (c.op == comparison::eq || c.op == comparison::gt || c.op == comparison::ge) all.from = at;
    if (c.op == comparison::eq || c.op == comparison::lt || c.op == comparison::le) all.to = at;
  }
  return all;
}

// Rows named by an equality on Id or an indexed lookup that every result must fulfil.
std::optional<std::vector<row_number>> named_rows(const compiled& c, const table& from) {
  if (c.kind == soql::condition::type::all) {
    for (const auto& p : c.parts) {
      if (auto rows = named_rows(p, from)) return rows;
    }
    return std::nullopt;
  }
  if (c.kind != soql::condition::type::test || !c.path.steps.empty() ||
      (c.op != comparison::eq && c.op != comparison::in) || (c.path.column != 0 && !from.indexed(c.path.column))) {
    return std::nullopt;
  }
  std::vector<row_number> rows;
  for (const auto& v : c.values) {
    if (v.is_null()) return std::nullopt;
    const auto found = from.find(v.text());
    if (c.path.column == 0) {
      if (found) rows.push_back(*found);
    } else {
      const auto& holding = from.holding_text(c.path.column, v.text());
      rows.insert(rows.end(), holding.begin(), holding.end());
    }
  }
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

// No row before this one can hold: where Ids above one that a row has are asked for. Rows stand in the order of their
// Ids.
row_number first_row(const compiled& c, const table& from) {
  row_number first = 0;
  if (c.kind == soql::condition::type::all) {
    for (const auto& p : c.parts) first = std::max(first, first_row(p, from));
  } else if (c.kind == soql::condition::type::test && c.path.steps.empty() && c.path.column == 0 &&
             (c.op == comparison::gt || c.op == comparison::ge)) {
    first = from.find(c.values.front().text()).value_or(0);
  }
  return first;
}

struct sort_key {
  column_path path;
  bool descending;
  bool nulls_last;
  bool bytes;
};

class runner {
 public:
  runner(const soql::query& q, const table& from, const table_finder& tables, bool deleted_too, instant now)
      : q_{q}, from_{from}, compiler_{from, tables, now}, deleted_{deleted_too ? -1 : from.def().column("IsDeleted")} {}

  result_rows run() {
    result_rows result;
    result.from = &from_;
    result.count_only = q_.count;
    for (const auto& f : q_.fields) result.columns.push_back(compiler_.path(f));
    if (q_.where) where_ = compiler_.compile(*q_.where);
    std::vector<sort_key> keys;
    for (const auto& o : q_.orders) {
      auto path = compiler_.path(o.field);
      const auto& f = path.last->def().fields[static_cast<std::size_t>(path.column)];
      keys.push_back({std::move(path), o.descending, o.nulls_last, by_bytes(f.type)});
    }
    if (q_.offset > 2000) throw problem{"NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"};
    collect(result.rows, keys);
    if (q_.offset > 0) {
      const auto skip = std::min<std::size_t>(q_.offset, result.rows.size());
      result.rows.erase(result.rows.begin(), result.rows.begin() + static_cast<std::ptrdiff_t>(skip));
    }
    if (q_.limit && result.rows.size() > *q_.limit) result.rows.resize(*q_.limit);
    result.total = result.rows.size();
    return result;
  }

 private:
  [[nodiscard]] bool seen(row_number n) const {
    if (deleted_ >= 0 && from_.cell(n, deleted_).boolean()) return false;
    return !where_ || holds(*where_, from_, n);
  }

  // The order of the stamp index answers the usual ORDER BY without sorting.
  [[nodiscard]] bool in_index_order(const std::vector<sort_key>& keys) const {
    return !keys.empty() && keys.size() <= 2 && keys[0].path.steps.empty() &&
           keys[0].path.column == from_.stamp_column() && !keys[0].descending &&
           (keys.size() == 1 || (keys[1].path.steps.empty() && keys[1].path.column == 0 && !keys[1].descending));
  }

  [[nodiscard]] static bool in_id_order(const std::vector<sort_key>& keys) {
    return keys.size() == 1 && keys[0].path.steps.empty() && keys[0].path.column == 0 && !keys[0].descending;
  }

  void collect(std::vector<row_number>& rows, const std::vector<sort_key>& keys) const {
    const auto enough = q_.limit ? *q_.limit + q_.offset : std::numeric_limits<std::uint64_t>::max();
    const auto named = where_ ? named_rows(*where_, from_) : std::nullopt;
    const auto span = where_ && from_.stamp_column() >= 0 ? stamps(*where_, from_) : interval{};
    const bool indexed = !named && from_.stamp_column() >= 0 && (in_index_order(keys) || span.from > interval{}.from);
    if (named) {
      for (const auto n : *named) {
        if (seen(n)) rows.push_back(n);
      }
    } else if (indexed) {
      const auto& index = from_.by_stamp();
      const bool ordered = in_index_order(keys);
      for (auto i = index.lower_bound({span.from, 0}); i != index.end() && i->first <= span.to; ++i) {
        if (seen(i->second)) rows.push_back(i->second);
        if (ordered && rows.size() >= enough) break;
      }
      if (ordered) return;
    } else {
      const auto size = static_cast<row_number>(from_.size());
      const bool ordered = keys.empty() || in_id_order(keys);
      for (row_number n = where_ ? first_row(*where_, from_) : 0; n < size && (!ordered || rows.size() < enough); ++n) {
        if (seen(n)) rows.push_back(n);
      }
      if (ordered) return;
    }
    if (keys.empty()) return;
    std::ranges::sort(rows, [&](row_number a, row_number b) {
      for (const auto& k : keys) {
        const auto& x = resolve(k.path, from_, a);
        const auto& y = resolve(k.path, from_, b);
        int c = compare(x, y, k.bytes);
        if (k.nulls_last && x.is_null() != y.is_null()) c = -c;
        if (c != 0) return k.descending ? c > 0 : c < 0;
      }
      return a < b;
    });
  }

  const soql::query& q_;
  const table& from_;
  compiler compiler_;
  int deleted_;
  std::optional<compiled> where_;
};

}  // namespace

boost::system::result<result_rows, problem> run_query(std::string_view text, const table_finder& tables,
                                                      bool deleted_too, instant now) {
  const auto parsed = soql::parse(text);
  if (!parsed) return parsed.error();
  const auto* from = tables(parsed->object);
  if (from == nullptr) {
    return problem{
        "INVALID_TYPE",
        fmt::format(
            "\n{}\n^\nERROR at Row:1:Column:1\nsObject type '{}' is not supported. If you are attempting to use a "
            "custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or "
            "the describe call for the appropriate names.",
            parsed->object, parsed->object)};
  }
  try {
    return runner{*parsed, *from, tables, deleted_too, now}.run();
  } catch (const problem& p) {
    return p;
  }
}

}  // namespace coachd::sim
