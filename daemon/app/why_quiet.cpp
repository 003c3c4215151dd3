#include "daemon/app/why_quiet.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/loaded.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"

namespace coachd::app {
namespace {

using model::PromptState;
using Of = QuietAnswer::Reason::Of;

bool is_rule(std::string_view asked, std::string_view key, std::string_view finding) {
  return asked.empty() || asked == key || asked == finding ||
         (key.ends_with(asked) && key.size() > asked.size() && key[key.size() - asked.size() - 1] == '/');
}

class Answering {
 public:
  Answering(StateView& state, const QuietQuestion& question, const std::string& name, const settings::Connection& c)
      : question_(question), name_(name), context_(state.context(name)), now_(state.now()), snapshot_(state.look()) {
    out_.connection = name;
    if (!context_) {
      whole("the CRM has not been described yet, or the rules have errors: see `coachd check` and `coachd status`");
      return;
    }
    if (c.mode != settings::Mode::live) whole("the connection observes: nothing is written to the CRM (`mode:`)");
    if (!pipeline::first_load_done(*snapshot_, name)) whole("the first load is not done yet");
    if (!question_.person.empty() && !find_person()) return;
    for (const auto& off : context_->rules->off)
      if (!question_.rule.empty() && is_rule(question_.rule, off.rule.get(), off.rule.get()))
        whole("the rule is off here: " + off.why);
    findings();
    untold();
  }

  [[nodiscard]] QuietAnswer take() {
    for (auto& [key, count] : counts_) out_.reasons.push_back({key.first, count, key.second});
    std::sort(out_.reasons.begin(), out_.reasons.end(), [](const auto& x, const auto& y) {
      return std::tie(x.of, y.count, x.why) < std::tie(y.of, x.count, y.why);
    });
    return std::move(out_);
  }

 private:
  void whole(std::string why) { out_.reasons.push_back({Of::connection, 0, std::move(why)}); }

  // False: nobody of that name is known here.
  bool find_person() {
    const auto* p = context_->world->person(question_.person);
    if (!p)
      for (const auto& [id, person] : context_->world->people)
        if (person.email == question_.person) p = &person;
    if (!p) {
      whole("nobody here has the id or e-mail `" + question_.person + "`");
      return false;
    }
    person_ = p->id.get();
    if (!p->active) whole("the person is not active");
    if (!p->human) whole("the person is a queue, a bot or an integration user");
    const auto& only = context_->options.live_for;
    if (!only.empty() && std::find(only.begin(), only.end(), p->email) == only.end())
      whole("`live_for` does not name the person");
    return true;
  }

  void findings() {
    for (const auto& f : snapshot_->open_findings(name_, 10'000'000)) {
      if (!question_.record.empty() && f.record != question_.record) continue;
      if (!person_.empty() && f.owner != person_) continue;
      if (!is_rule(question_.rule, f.rule, f.finding)) continue;
      ++out_.findings;
      if (auto why = held_back(f))
        ++counts_[{Of::findings, std::move(*why)}];
      else
        ++out_.asked;
    }
  }

  // Nothing where its prompt is out.
  std::optional<std::string> held_back(const store::FindingRow& f) {
    const auto index = pipeline::find_rule(*context_->rules, f.rule);
    if (!index) return "its rule is no longer there";
    const auto& rule = context_->rules->rules[*index];
    if (!rule.prompts()) return "it asks nobody by itself, its `control` ends before a prompt: " + f.rule;
    if (f.old_record) return "old record: nobody has worked on it since the rule went live";
    const store::PromptRow* last = nullptr;
    const auto prompts = snapshot_->prompts_of(name_, f.object, f.record);
    for (const auto& p : prompts)
      if (std::find(p.lines.begin(), p.lines.end(), f.rule) != p.lines.end() && (!last || p.changed > last->changed))
        last = &p;
    if (last && !model::ended(last->state)) {
      if (model::in_crm(last->state) && last->state != PromptState::withdrawing) return std::nullopt;
      return "its prompt waits (" + std::string(model::to_string(last->state)) + ")" +
             (last->reason.empty() ? "" : ": " + last->reason);
    }
    const store::ReasonRow* newest = nullptr;
    const auto reasons = snapshot_->reasons_of(name_, f.object, f.record);
    for (const auto& r : reasons)
      if (r.rule == f.rule && (!newest || r.since > newest->since)) newest = &r;
    if (newest) return newest->reason;
    if (last)
      return "its prompt has ended (" + std::string(model::to_string(last->state)) + ")" +
             (last->reason.empty() ? "" : ": " + last->reason);
    return "not decided yet";
  }

  void untold() {
    if (!question_.record.empty()) {
      for (const auto& [object, plan] : context_->rules->objects) {
        const auto seen = pipeline::view_record(*context_, *snapshot_, object, question_.record, now_);
        for (const auto& v : seen.untold) cannot_tell(pipeline::rule_key(context_->rules->rules[v.rule]), v.missing, 1);
      }
      return;
    }
    if (!person_.empty()) return;  // counted per rule, not per person
    for (const auto& row : snapshot_->cannot_tell())
      if (row.connection == name_) cannot_tell(row.rule, row.reason, row.delta);
  }
  void cannot_tell(const std::string& rule, const std::string& missing, std::int64_t count) {
    const auto id = rule.substr(rule.find('/') + 1);
    if (count > 0 && is_rule(question_.rule, rule, id))
      counts_[{Of::untold, "cannot be told: " + missing + (question_.rule.empty() ? " (" + rule + ")" : "")}] += count;
  }

  const QuietQuestion& question_;
  const std::string& name_;
  const pipeline::Context* context_;
  model::Instant now_;
  std::unique_ptr<store::Snapshot> snapshot_;
  std::string person_;
  std::map<std::pair<Of, std::string>, std::int64_t> counts_;
  QuietAnswer out_;
};

bool has_record(StateView& state, const std::string& connection, const std::string& record) {
  if (record.empty()) return true;
  const auto* context = state.context(connection);
  if (!context) return false;
  const auto snapshot = state.look();
  return std::any_of(context->rules->objects.begin(), context->rules->objects.end(), [&](const auto& object) {
    return snapshot->record(connection, object.first, record).has_value();
  });
}

}  // namespace

std::vector<QuietAnswer> why_quiet(StateView& state, const QuietQuestion& question) {
  std::vector<QuietAnswer> out;
  for (const auto& [name, connection] : state.settings().connections)
    if ((question.connection.empty() || question.connection == name) && has_record(state, name, question.record))
      out.push_back(Answering(state, question, name, connection).take());
  return out;
}

}  // namespace coachd::app
