#include "daemon/app/state_view.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/app/description_json.hpp"
#include "daemon/app/evaluation_loop.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/detections.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/loaded.hpp"
#include "daemon/pipeline/sweep.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {

StateView::StateView(settings::Settings settings) : settings_(std::move(settings)) {
  try {
    store_ = store::sqlite::open_to_read(settings_.state);
  } catch (const store::sqlite::OpenError& e) {
    throw std::runtime_error(e.what());
  }
  reader_ = store_->open_reader();
  own_ = store_->open_reader();
}

model::Instant StateView::now() {
  const auto real = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  // A state that was written on a test clock says so: its own time is the one that counts.
  const auto state = own_->snapshot();
  return on_test_clock(*state) ? saved_wall(*state).value_or(real) : real;
}

const pipeline::Context* StateView::context(const std::string& connection) {
  const auto known = contexts_.find(connection);
  if (known != contexts_.end()) return known->second.get();
  auto& slot = contexts_[connection];
  const auto c = settings_.connections.find(connection);
  const auto kept = own_->snapshot()->newest(connection, "description");
  const auto description = kept ? description_from_json(kept->body) : std::nullopt;
  if (c == settings_.connections.end() || !description) return nullptr;
  const auto at = now();
  const auto built =
      build_context(read_rule_files(settings_.rules), setup_of(settings_, c->second), *description, *store_, false, at)
          .context;
  if (built) slot = pipeline::with_day_facts(*built, pipeline::kept_day_facts(*own_->snapshot(), connection), at);
  return slot.get();
}

bool StateView::first_load_done(const store::Snapshot& snapshot, const std::string& connection) {
  return pipeline::first_load_done(snapshot, connection);
}

std::optional<Progress> StateView::sweep(const std::string& connection) {
  const auto p = pipeline::sweep_progress(*own_->snapshot(), connection);
  return p ? std::optional(Progress{p->done, p->total}) : std::nullopt;
}

std::string StateView::kind_of(const std::string& connection, const std::string& rule) {
  const auto* c = context(connection);
  const auto index = c ? pipeline::find_rule(*c->rules, rule) : std::nullopt;
  return index ? std::string(model::to_string(c->rules->rules[*index].kind)) : "unknown";
}

std::string StateView::person_name(const std::string& connection, const std::string& person) {
  const auto* c = context(connection);
  const auto* p = c ? c->world->person(person) : nullptr;
  return p && !p->name.empty() ? p->name : person;
}

std::string StateView::record_name(const std::string& connection, const std::string& object,
                                   const std::string& record) {
  const auto* c = context(connection);
  const auto* plan = c ? c->rules->plan(object) : nullptr;
  if (!plan || plan->name == rules::no_slot) return record;
  const auto snapshot = own_->snapshot();
  const auto built = pipeline::build_case(*c, *snapshot, object, record);
  if (!built) return record;
  const auto name = model::to_string(built->value.value(plan->name));
  return name.empty() ? record : name;
}

std::optional<pipeline::Detail> StateView::detail(const store::FindingRow& finding) {
  if (finding.detail.empty()) return std::nullopt;
  return pipeline::decode_detail(finding.detail);
}

std::string StateView::unit(const store::FindingRow& finding) {
  return std::string(pipeline::unit_of(finding.object));
}

std::string StateView::about(const store::FindingRow& finding) {
  const auto of = unit(finding);
  if (of.empty()) return record_name(finding.connection, finding.object, finding.record);
  if (of == "person") return person_name(finding.connection, finding.owner);
  const auto found = detail(finding);
  if (of == "field" && found && !found->field.empty()) return found->field;
  return finding.record;
}

std::vector<store::FindingRow> StateView::findings(bool ended_too) {
  const auto snapshot = look();
  if (!ended_too) return snapshot->open_findings("", 10'000'000);
  std::vector<store::FindingRow> rows;
  for (const auto& [connection, settings] : settings_.connections) {
    const auto* c = context(connection);
    if (!c) continue;
    for (const auto& [object, plan] : c->rules->objects) {
      constexpr std::size_t page = 1000;
      std::string after;
      for (;;) {
        const auto records = snapshot->records_after(connection, object, after, page);
        for (const auto& r : records)
          for (auto& f : snapshot->findings_of(connection, object, r.record)) rows.push_back(std::move(f));
        if (records.size() < page) break;
        after = records.back().record;
      }
    }
    for (auto& f : snapshot->findings_of_units(connection)) rows.push_back(std::move(f));
  }
  return rows;
}

std::optional<ExplainedRecord> StateView::explain(const std::string& record, const std::string& connection,
                                                  const std::string& rule) {
  const auto snapshot = look();
  for (const auto& [name, settings] : settings_.connections) {
    const auto* c = connection.empty() || name == connection ? context(name) : nullptr;
    if (!c) continue;
    for (const auto& [object, plan] : c->rules->objects) {
      if (!snapshot->record(name, object, record)) continue;
      const auto at = now();
      const auto seen = pipeline::view_record(*c, *snapshot, object, record, at);
      ExplainedRecord out{name,           object, record, record_name(name, object, record),
                          !seen.built,    {},     {},     snapshot->prompts_of(name, object, record),
                          seen.revisit_at};
      for (auto& f : snapshot->findings_of(name, object, record))
        if (!f.ended && detail(f) && (rule.empty() || rule == f.rule || f.rule.ends_with("/" + rule)))
          out.detected.push_back(std::move(f));
      const auto reasons = snapshot->reasons_of(name, object, record);
      for (const auto index : plan.rules) {
        const auto& info = c->rules->rules[index];
        const auto key = pipeline::rule_key(info);
        if (!seen.built || !(rule.empty() || rule == key || rule == info.id.get())) continue;
        out.rules.push_back(
            {key, rules::explain(*c->rules, plan, index, seen.built->value, seen.facts, *c->world, at), {}});
        for (const auto& r : reasons)
          if (r.rule == key) out.rules.back().reasons.push_back(r);
      }
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace coachd::app
