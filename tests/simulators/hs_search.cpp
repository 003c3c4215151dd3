#include "tests/simulators/hs_search.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"

namespace coachd::sim {
namespace {

int compare(const hs_property& p, const std::string& held, const std::string& asked) {
  const auto a = hs_ordered(p, held);
  const auto b = hs_ordered(p, asked);
  if (a && b) return *a < *b ? -1 : *a > *b ? 1 : 0;
  if (p.type == "enumeration") return held.compare(asked);
  return hs_lower(held).compare(hs_lower(asked));
}

bool has_token(const std::string& held, std::string_view asked) {
  auto token = hs_lower(asked);
  const bool open_front = token.starts_with('*');
  const bool open_back = token.ends_with('*');
  std::erase(token, '*');
  const auto text = hs_lower(held);
  const auto edge = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0);
  };
  for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
    const auto end = at + token.size();
    if ((open_front || at == 0 || edge(text[at - 1])) && (open_back || end == text.size() || edge(text[end])))
      return true;
  }
  return false;
}

bool passes(const hs_filter& f, const hs_record& r, const hs_records& records) {
  std::string held;
  const bool there = records.append_text(held, r, *f.property) && !held.empty();
  const auto& op = f.op;
  if (op == "HAS_PROPERTY") return there;
  if (op == "NOT_HAS_PROPERTY") return !there;
  const auto equals = [&](const std::string& v) { return compare(*f.property, held, v) == 0; };
  // Lists of texts are matched against the text in lower case, so that a value with capitals never matches.
  const auto listed = [&] {
    return std::ranges::any_of(
        f.values, [&](const std::string& v) { return f.property->type == "string" ? hs_lower(held) == v : equals(v); });
  };
  if (op == "NEQ") return !there || !equals(f.values[0]);
  if (op == "NOT_IN") return !there || !listed();
  if (op == "NOT_CONTAINS_TOKEN") return !there || !has_token(held, f.values[0]);
  if (!there) return false;
  if (op == "EQ") return equals(f.values[0]);
  if (op == "IN") return listed();
  if (op == "CONTAINS_TOKEN") return has_token(held, f.values[0]);
  const int sign = compare(*f.property, held, f.values[0]);
  if (op == "LT") return sign < 0;
  if (op == "LTE") return sign <= 0;
  if (op == "GT") return sign > 0;
  if (op == "GTE") return sign >= 0;
  return sign >= 0 && compare(*f.property, held, f.values[1]) <= 0;  // BETWEEN
}

// The narrowest span of the modified date that every group asks for; wider spans are left to the filters.
std::pair<std::optional<instant>, std::optional<instant>> span(const hs_search& search, const hs_property* modified) {
  if (search.groups.size() != 1) return {};
  std::optional<instant> from;
  std::optional<instant> to;
  const auto floor_of = [](double ms) { return instant{std::chrono::seconds{static_cast<std::int64_t>(ms / 1000)}}; };
  for (const auto& f : search.groups.front()) {
    if (f.property != modified || f.values.empty()) continue;
    const auto first = hs_moment(f.values[0]);
    if (!first) continue;
    if (f.op == "GT" || f.op == "GTE" || f.op == "EQ" || f.op == "BETWEEN")
      from = std::max(from.value_or(instant::min()), floor_of(*first));
    if (f.op == "LT" || f.op == "LTE" || f.op == "EQ") to = std::min(to.value_or(instant::max()), floor_of(*first));
    if (const auto high = f.op == "BETWEEN" ? hs_moment(f.values[1]) : std::nullopt)
      to = std::min(to.value_or(instant::max()), floor_of(*high));
  }
  return {from, to};
}

void order(std::vector<hs_record>& found, const hs_search& search, const hs_property* modified,
           const hs_records& records) {
  const auto* by = search.sort;
  if (by == modified) {
    if (search.descending) std::ranges::reverse(found);
    return;
  }
  struct keyed {
    std::optional<double> number;
    std::string text;
    hs_record record;
  };
  std::vector<keyed> keys;
  keys.reserve(found.size());
  for (const auto& r : found) {
    keyed k{std::nullopt, {}, r};
    if (by == nullptr || by->source == hs_source::id) {  // the oldest first when nothing is asked for
      k.number = static_cast<double>(r.n);
    } else {
      records.append_text(k.text, r, *by);
      k.number = hs_ordered(*by, k.text);
    }
    keys.push_back(std::move(k));
  }
  std::ranges::sort(keys, [&](const keyed& a, const keyed& b) {
    if (a.number != b.number) return search.descending ? b.number < a.number : a.number < b.number;
    if (a.text != b.text) return search.descending ? b.text < a.text : a.text < b.text;
    return a.record.n < b.record.n;
  });
  std::ranges::transform(keys, found.begin(), &keyed::record);
}

}  // namespace

hs_found run_search(const hs_search& search, const hs_object_def& object, const hs_records& records,
                    const hs_index& index, instant now) {
  const auto* modified = object.find(object.modified);
  const auto [from, to] = span(search, modified);
  auto found = index.modified_between(object.object, from, to, now);
  std::erase_if(found, [&](const hs_record& r) {
    const auto all = [&](const std::vector<hs_filter>& group) {
      return std::ranges::all_of(group, [&](const hs_filter& f) { return passes(f, r, records); });
    };
    if (!search.groups.empty() && std::ranges::none_of(search.groups, all)) return true;
    if (search.words.empty()) return false;
    return std::ranges::none_of(object.properties, [&](const hs_property& p) {
      std::string text;
      return p.source == hs_source::text && records.append_text(text, r, p) &&
             hs_lower(text).find(search.words) != std::string::npos;
    });
  });
  order(found, search, modified, records);
  hs_found out;
  out.total = found.size();
  const auto first = std::min(search.after, found.size());
  const auto last = std::min(first + search.limit, found.size());
  out.page.assign(found.begin() + static_cast<std::ptrdiff_t>(first),
                  found.begin() + static_cast<std::ptrdiff_t>(last));
  return out;
}

}  // namespace coachd::sim
