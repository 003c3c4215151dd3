// The half of hs_writes.hpp that reads values: which property may take which text, and what the row then holds.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/system/result.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

// ISO or epoch milliseconds.
std::optional<instant> moment(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error == std::errc{} && end == text.data() + text.size())
    return std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{ms}});
  if (const auto d = parse_day(text)) return instant{*d};
  return parse_instant(text);
}

std::string iso(instant at) {
  std::string out;
  append_hs_instant(out, at);
  return out;
}

std::string_view find_value(const hs_values& values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  return found == values.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace

std::vector<hs_problem::detail> hs_writes::missing(const hs_object_def& object, const hs_values& values,
                                                   const hs_record* present, bool enforce) const {
  std::vector<hs_problem::detail> wrong;
  const auto blank = [&](std::string_view name) {
    const auto sent = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
    if (sent != values.end()) return sent->second.empty();
    std::string text;
    return present == nullptr || !records_.append_text(text, *present, *object.find(name)) || text.empty();
  };
  const auto need = [&](std::string_view name, std::string_view why) {
    if (blank(name)) wrong.push_back({"REQUIRED_FIELD", fmt::format("{} is required{}", name, why), std::string{name}});
  };
  if (present == nullptr) {
    switch (object.object) {
      case hs_object::deals:
        need("dealname", "");
        need("dealstage", "");
        break;
      case hs_object::tasks:
      case hs_object::notes: need("hs_timestamp", ""); break;
      default: break;
    }
  }
  // Rules of the portal's admin, which bind the newer versions of the API only.
  if (!enforce) return wrong;
  if (object.object == hs_object::tasks && present == nullptr) need("hs_task_priority", " on the create form");
  if (object.object == hs_object::deals) {
    std::string stage{find_value(values, "dealstage")};
    if (stage.empty() && present != nullptr) records_.append_text(stage, *present, *object.find("dealstage"));
    if (stage == "closedlost" || stage == hs_pipelines[1].stages.back().id)
      need("loss_reason", " in stage Closed Lost");
  }
  return wrong;
}

boost::system::result<hs_writes::translated, hs_problem> hs_writes::translate(const hs_object_def& object,
                                                                              const hs_values& values,
                                                                              const hs_record* present,
                                                                              bool creating) const {
  translated out;
  std::vector<hs_problem::detail> wrong;
  const hs_pipeline* pipeline = present != nullptr && object.object == hs_object::deals
                                    ? &records_.pipeline_of(*present->cells)
                                    : &hs_pipelines[0];
  if (const auto asked = find_value(values, "pipeline"); !asked.empty() && find_hs_pipeline(asked) != nullptr)
    pipeline = find_hs_pipeline(asked);
  const auto& fields = records_.rows(object.object).def().fields;
  for (const auto& [name, text] : values) {
    const auto refuse = [&](std::string code, std::string why) {
      wrong.push_back({std::move(code), std::move(why), name});
    };
    const auto* p = object.find(name);
    if (p == nullptr) {
      refuse("PROPERTY_DOESNT_EXIST", fmt::format("Property \"{}\" does not exist", name));
      continue;
    }
    if (!p->writable) {
      refuse("READ_ONLY_VALUE", fmt::format("\"{}\" is a read only property; its value cannot be set.", name));
      continue;
    }
    const auto put = [&](plain_value v) {
      out.fields.emplace_back(fields[static_cast<std::size_t>(p->column)].name, std::move(v));
    };
    if (text.empty()) {
      if (p->source == hs_source::owner) {
        put(*records_.people().nobody());
        continue;
      }
      if (p->column >= 0) put(std::monostate{});
      if (p->column < 0 || p->source == hs_source::due) out.extras.emplace_back(p, "");
      continue;
    }
    switch (p->source) {
      case hs_source::text: put(text); break;
      case hs_source::number: {
        double n = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (error != std::errc{} || end != text.data() + text.size()) {
          refuse("INVALID_LONG", fmt::format("{} was not a valid number.", text));
        } else {
          put(n);
        }
        break;
      }
      case hs_source::closing:
      case hs_source::due: {
        const auto at = moment(text);
        if (!at) {
          refuse("INVALID_LONG", fmt::format("{} was not a valid long.", text));
          break;
        }
        if (p->column >= 0) put(iso_day(std::chrono::floor<std::chrono::days>(*at)));
        if (p->source == hs_source::due) out.extras.emplace_back(p, iso(*at));
        break;
      }
      case hs_source::stage: {
        const auto label = hs_stage_label(*pipeline, text);
        if (label.empty()) {
          refuse("INVALID_OPTION",
                 fmt::format("{} was not one of the allowed options of pipeline {}", text, pipeline->id));
        } else {
          put(std::string{label});
        }
        break;
      }
      case hs_source::pipeline: {
        const auto* type = records_.record_type(text);
        if (type == nullptr) {
          refuse("INVALID_OPTION", fmt::format("{} was not one of the allowed options", text));
        } else {
          put(*type);
        }
        break;
      }
      case hs_source::owner: {
        const auto* user = records_.people().by_owner_id(text);
        if (user == nullptr) {
          refuse("INVALID_OWNER_ID", fmt::format("Owner {} does not exist", text));
        } else if (!records_.people().active(user)) {
          refuse("INVALID_OWNER_ID", fmt::format("Owner {} is not active", text));
        } else {
          put(*user);
        }
        break;
      }
      case hs_source::choice: {
        const auto option = std::ranges::find(p->options, text, &hs_option::value);
        if (option == p->options.end()) {
          refuse("INVALID_OPTION", fmt::format("{} was not one of the allowed options", text));
          break;
        }
        // What the column cannot take stands beside it.
        const auto& field = fields[static_cast<std::size_t>(p->column)];
        const bool fits = !option->held.empty() && (creating ? field.createable : field.updateable);
        if (fits) put(option->held);
        out.extras.emplace_back(p, fits ? std::string{} : text);
        break;
      }
      default: out.extras.emplace_back(p, text); break;
    }
  }
  if (!wrong.empty()) return invalid_properties(std::move(wrong));
  return out;
}

}  // namespace coachd::sim
