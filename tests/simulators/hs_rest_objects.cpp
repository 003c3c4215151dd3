// The reading half of objects: list, one record, batch read, search.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_search.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

}  // namespace

hs_wanted hs_rest::wanted(const hs_object_def& object, const std::vector<std::string>& names,
                          const std::vector<std::string>& with_history) const {
  hs_wanted w;
  std::set<const hs_property*> seen;
  const auto add = [&](std::string_view name) {
    // Unknown names are passed over in silence.
    if (const auto* p = object.find(name); p != nullptr && seen.insert(p).second) w.properties.push_back(p);
  };
  if (names.empty() && with_history.empty()) {
    for (const auto name : object.defaults) add(name);
  }
  for (const auto& name : names) add(name);
  for (const auto& name : with_history) {
    if (const auto* p = object.find(name); p != nullptr) {
      add(name);
      w.with_history.push_back(p);
    }
  }
  for (const auto name : {std::string_view{"hs_object_id"}, object.created, object.modified}) add(name);
  return w;
}

boost::system::result<std::optional<row_number>, hs_problem> hs_rest::locate(const hs_object_def& object,
                                                                             std::string_view id,
                                                                             std::string_view by) const {
  if (by.empty() || by == "hs_object_id") return records_.find(object.object, id);
  const auto* p = object.find(by);
  if (p == nullptr || !p->unique) {
    return validation(fmt::format("Unable to look up by non-unique property {} (idProperty must be unique)", by));
  }
  return records_.find_unique(*p, std::string{id});
}

boost::system::result<std::optional<row_number>, hs_problem> hs_rest::locate_living(const hs_object_def& object,
                                                                                    std::string_view id,
                                                                                    std::string_view by) const {
  auto n = locate(object, id, by);
  if (!n || !*n) return n;
  const auto into = records_.merged.find({object.object, **n});
  return into == records_.merged.end() ? *n : std::optional{into->second};
}

http_reply hs_rest::objects(const call& c) {
  if (c.parts.empty()) return hs_no_page();
  const auto* object = records_.schema().find(c.parts[0]);
  if (object == nullptr) return refuse(validation(fmt::format("Unable to infer object type from: {}", c.parts[0])));
  const auto& p = c.parts;
  const auto is = [&](std::string_view verb) { return c.method == verb; };
  if (p.size() == 1) return is("GET") ? list(c, *object) : is("POST") ? create_one(c, *object) : hs_wrong_verb();
  if (p.size() == 2 && p[1] == "search") return is("POST") ? search(c, *object) : hs_wrong_verb();
  if (p.size() == 3 && p[1] == "batch") {
    if (p[2] == "read") return is("POST") ? batch_read(c, *object) : hs_wrong_verb();
    if (p[2] == "create" || p[2] == "update" || p[2] == "upsert" || p[2] == "archive")
      return is("POST") ? batch_write(c, *object, p[2]) : hs_wrong_verb();
    return hs_no_page();
  }
  if (p.size() == 6 && p[2] == "associations" && p[3] == "default")
    return is("PUT") ? associate_default(c, *object) : hs_wrong_verb();
  if (p.size() == 4 && p[2] == "associations") {
    const auto* to = records_.schema().find(p[3]);
    const auto n = records_.find(object->object, p[1]);
    if (to == nullptr || !n) return refuse(no_such_object());
    return is("GET") ? json_reply(200, fmt::format(R"({{"results":[{}]}})", links_json(*object, *n, *to)))
                     : hs_wrong_verb();
  }
  if (p.size() == 2 && p[1] == "merge") return is("POST") ? merge(c, *object) : hs_wrong_verb();
  if (p.size() != 2) return hs_no_page();
  if (is("GET")) return read_one(c, *object, p[1]);
  return is("PATCH") || is("DELETE") ? write_one(c, *object, p[1]) : hs_wrong_verb();
}

http_reply hs_rest::list(const call& c, const hs_object_def& object) {
  const auto history = hs_words(c.value("propertiesWithHistory"));
  const std::uint64_t most = history.empty() ? 100 : 50;
  const auto limit = whole(c.query.contains("limit") ? c.value("limit") : "10");
  if (!limit || *limit == 0 || *limit > most) {
    return refuse(validation(fmt::format("limit must be between 1 and {}{}", most,
                                         history.empty() ? "" : " when propertiesWithHistory is requested")));
  }
  const auto& rows = records_.rows(object.object);
  row_number from = 0;
  if (const auto after = c.value("after"); !after.empty()) {
    const auto id = whole(after);
    if (!id) return refuse(validation("Invalid paging token: " + after));
    const auto first = hs_records::id_of(object.object, 0);
    // The first record past that id, whether or not the id is still there.
    if (*id >= first) {
      const auto step = hs_records::id_of(object.object, 1) - first;
      from = static_cast<row_number>(std::min<std::uint64_t>((*id - first) / step + 1, rows.size()));
    }
  }
  const bool archived = c.value("archived") == "true";
  const auto w = wanted(object, hs_words(c.value("properties")), history);
  std::string out = R"({"results":[)";
  std::uint64_t written = 0;
  row_number last = 0;
  if (from > 0 && faults_.strikes("duplicate-rows", c.text)) --from;
  row_number n = from;
  for (; n < rows.size() && written < *limit; ++n) {
    const auto record = records_.at(object.object, n);
    if (records_.archived(record) != archived) continue;
    if (written > 0) out += ',';
    write_with_links(out, c, object, n, w);
    ++written;
    last = n;
  }
  while (n < rows.size() && records_.archived(records_.at(object.object, n)) != archived) ++n;
  out += ']';
  if (n < rows.size()) {
    const auto after = hs_records::id_of(object.object, last);
    fmt::format_to(std::back_inserter(out), R"(,"paging":{{"next":{{"after":"{}","link":"{}{}?limit={}&after={}"}}}})",
                   after, c.base, c.path, *limit, after);
  }
  return json_reply(200, out + "}");
}

http_reply hs_rest::read_one(const call& c, const hs_object_def& object, std::string_view id) {
  const auto n = locate_living(object, id, c.value("idProperty"));
  if (!n) return refuse(n.error());
  if (!*n || records_.archived(records_.at(object.object, **n)) != (c.value("archived") == "true"))
    return refuse(no_such_object());
  std::string out;
  write_with_links(out, c, object, **n,
                   wanted(object, hs_words(c.value("properties")), hs_words(c.value("propertiesWithHistory"))));
  return json_reply(200, std::move(out));
}

http_reply hs_rest::batch_read(const call& c, const hs_object_def& object) {
  const auto* inputs = c.body->if_contains("inputs");
  if (inputs == nullptr || !inputs->is_array()) return refuse(validation("inputs is required"));
  const auto history = hs_texts(*c.body, "propertiesWithHistory");
  const std::size_t most = history.empty() ? 100 : 50;
  if (inputs->get_array().size() > most) {
    return refuse(validation(fmt::format("The maximum number of inputs supported in a batch request is {}", most)));
  }
  const bool archived = c.value("archived") == "true";
  const auto by = hs_text(*c.body, "idProperty");
  const auto w = wanted(object, hs_texts(*c.body, "properties"), history);
  std::set<row_number> rows;  // each once, in the portal's order and not in that of the inputs
  std::vector<std::string> unknown;
  for (const auto& input : inputs->get_array()) {
    const auto id = input.is_object() ? hs_text(input.get_object(), "id") : std::string{};
    const auto n = locate(object, id, by);
    if (!n) return refuse(n.error());
    if (*n && records_.archived(records_.at(object.object, **n)) == archived) {
      rows.insert(**n);
    } else {
      unknown.push_back(id);
    }
  }
  const auto at = [&] {
    std::string text;
    append_hs_instant(text, clock_.now());
    return text;
  }();
  std::string out = R"({"status":"COMPLETE","results":[)";
  bool any = false;
  for (const auto n : rows) {
    if (any) out += ',';
    any = true;
    records_.write(out, records_.at(object.object, n), w);
  }
  fmt::format_to(std::back_inserter(out), R"(],"startedAt":"{0}","completedAt":"{0}")", at);
  if (!unknown.empty()) {
    fmt::format_to(
        std::back_inserter(out),
        R"(,"numErrors":1,"errors":[{{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get )"
        R"(some {} objects, they may be deleted or not exist. Check that ids are valid.",)"
        R"("context":{{"ids":["{}"]}}}}])",
        object.singular, fmt::join(unknown, R"(",")"));
  }
  return json_reply(unknown.empty() ? 200 : 207, out + "}");
}

http_reply hs_rest::search(const call& c, const hs_object_def& object) {
  const auto asked = parse_search(c.raw, object);
  if (!asked) return refuse(asked.error());
  auto found = run_search(*asked, object, records_, index_, clock_.now());
  if (asked->after > 0 && !found.page.empty() && faults_.strikes("duplicate-rows", c.text))
    found.page.insert(found.page.begin(), found.page.front());
  const auto w = wanted(object, asked->properties, {});
  std::string out = fmt::format(R"({{"total":{},"results":[)", found.total);
  for (std::size_t i = 0; i < found.page.size(); ++i) {
    if (i > 0) out += ',';
    records_.write(out, found.page[i], w);
  }
  out += ']';
  if (const auto next = asked->after + asked->limit; asked->limit > 0 && next < found.total) {
    fmt::format_to(std::back_inserter(out), R"(,"paging":{{"next":{{"after":"{}"}}}})", next);
  }
  return json_reply(200, out + "}");
}

}  // namespace coachd::sim
