#include "daemon/pipeline/resolution.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/prompting.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

using connectors::FoundPrompt;
using model::PromptState;
using store::OutboxRow;
using store::PromptRow;

// More than five completed by one person within a minute were swept away, not done.
constexpr std::ptrdiff_t heap = 5;
constexpr std::chrono::minutes heap_within{1};

class Resolver {
 public:
  Resolver(const Context& context, const store::Snapshot& snapshot, bool adopting, model::Instant now)
      : context_(context), snapshot_(snapshot), adopting_(adopting), now_(now) {}

  void count_heaps(const std::vector<FoundPrompt>& found) {
    std::set<std::string_view> counted;  // a page may show an item twice
    for (const auto& f : found)
      if (f.completed && !f.deleted && counted.insert(f.crm_id).second)
        completed_[f.modified_by.get()].push_back(f.modified);
    for (auto& [person, times] : completed_) std::sort(times.begin(), times.end());
  }

  void one(const FoundPrompt& f) {
    auto prompt = by_short_key(f);
    if (!prompt) return unknown(f);
    if (!prompt->crm_id.empty() && prompt->crm_id != f.crm_id) return twin(*prompt, f);
    if (prompt->crm_id.empty()) {
      // An intent that arrived although its answer did not; or, after a restore, one that the backup had still waiting.
      if (adopting_ ? model::ended(prompt->state) : f.deleted || !awaiting(prompt->state)) return;
      prompt->crm_id = f.crm_id;
      prompt->next_at.reset();
      if (!prompt->sent_at) prompt->sent_at = f.modified;
      unit_.counters.push_back({"prompts_sent", 1});
      unit_.counters.push_back({"prompts_adopted", 1});
      unit_.outbox_done.emplace_back(context_.connection, prompt->key);
      set(*prompt, PromptState::live, "");
    }
    people(*prompt, f);
  }

  store::UnitOfWork finish() {
    for (auto& [key, prompt] : changed_) {
      if (prompt.object != field_question)
        unit_.make_due.push_back({context_.connection, prompt.object, prompt.record, now_, 0});
      unit_.prompts.push_back(std::move(prompt));
    }
    answer_questions(context_, snapshot_, questions_, now_, unit_);
    return std::move(unit_);
  }

 private:
  // Whether some minute around that completion holds a heap of them.
  [[nodiscard]] bool swept(const FoundPrompt& f) const {
    const auto known = completed_.find(f.modified_by.get());
    if (known == completed_.end()) return false;
    const auto& times = known->second;
    return std::any_of(std::lower_bound(times.begin(), times.end(), f.modified - heap_within),
                       std::upper_bound(times.begin(), times.end(), f.modified), [&](model::Instant from) {
                         const auto first = std::lower_bound(times.begin(), times.end(), from);
                         const auto last = std::upper_bound(first, times.end(), from + heap_within);
                         return from + heap_within >= f.modified && last - first > heap;
                       });
  }
  static bool awaiting(PromptState s) {
    return s == PromptState::intent || s == PromptState::sending || s == PromptState::doubtful;
  }

  [[nodiscard]] std::optional<PromptRow> by_short_key(const FoundPrompt& f) const {
    for (const auto& [key, p] : changed_)
      if (connectors::short_key(key) == f.short_key) return p;
    return snapshot_.prompt_by_short_key(context_.connection, f.short_key);
  }

  void set(PromptRow& p, PromptState state, std::string reason) {
    p.state = state;
    p.reason = std::move(reason);
    p.changed = now_;
    changed_[p.key] = p;
  }

  void end(PromptRow& p, PromptState state, const char* counter, const std::string& by = {}) {
    if (p.object == field_question && state != PromptState::withdrawn) questions_.push_back({p.key, state, by});
    p.next_at.reset();
    set(p, state, "");
    unit_.outbox_done.emplace_back(context_.connection, p.key);
    unit_.counters.push_back({counter, 1});
  }

  void people(PromptRow& p, const FoundPrompt& f) {
    const bool ours = f.modified_by.get() == context_.options.integration_user;
    if (f.deleted) {
      if (p.state == PromptState::live || p.state == PromptState::updating) {
        // While coachd runs it deletes nothing that it holds for live: a restored backup does not know of it.
        if (ours && adopting_) end(p, PromptState::withdrawn, "prompts_withdrawn");
        if (!ours) end(p, PromptState::dismissed, "prompts_dismissed", f.modified_by.get());
      } else if (p.state == PromptState::withdrawing) {
        end(p, PromptState::withdrawn, "prompts_withdrawn");
      }
      return;
    }
    if (p.state == PromptState::done && f.completed && swept(f)) {  // its heap was read in two parts
      unit_.counters.push_back({"prompts_done", -1});
      return end(p, PromptState::ignored, "prompts_ignored");
    }
    if (p.state != PromptState::live && p.state != PromptState::updating && p.state != PromptState::withdrawing) return;
    if (f.completed) {
      const bool away = swept(f);
      return end(p, away ? PromptState::ignored : PromptState::done, away ? "prompts_ignored" : "prompts_done",
                 f.modified_by.get());
    }
    if (f.person.get() != p.person && !f.person.empty()) {
      p.person = f.person.get();
      set(p, p.state, "reassigned");
      unit_.counters.push_back({"prompts_reassigned", 1});
    } else if (!ours && f.modified_by.get() == p.person && p.reason.empty()) {
      set(p, p.state, "touched");  // its person wrote in it: it will not be deleted under their hands
    }
  }

  // Two items of one prompt: the one that the store does not know of goes.
  void twin(const PromptRow& p, const FoundPrompt& f) {
    if (f.deleted) return;
    remove(p, f, "a twin of the same prompt");
  }

  void remove(PromptRow row, const FoundPrompt& f, std::string reason) {
    row.key = stable_key("twin\x1f" + context_.connection + "\x1f" + f.crm_id);
    row.crm_id = f.crm_id;
    row.state = PromptState::withdrawing;
    row.reason = std::move(reason);
    row.opened = row.changed = now_;
    row.next_at.reset();
    row.sent_at.reset();
    row.lines.clear();
    if (snapshot_.prompt(context_.connection, row.key)) return;  // on its way already
    unit_.outbox.push_back(
        {context_.connection, row.key, OutboxRow::Op::remove, OutboxRow::State::ready, 0, now_, now_});
    unit_.prompts.push_back(std::move(row));
  }

  // Ours by its short key, but the store has never heard of it (a restored backup): computed keys tell which prompt it
  // is.
  // What has ended there counts as it ended, so that nothing is asked again.
  void unknown(const FoundPrompt& f) {
    if (!adopting_) return;
    PromptRow row;
    row.connection = context_.connection;
    row.record = f.record.get();
    row.carrier = context_.options.carrier;
    bool found = computed_for(f.person.get(), 50, row, f);
    for (auto p = context_.world->people.begin(); !found && p != context_.world->people.end(); ++p)
      found = computed_for(p->first, 5, row, f);  // it was reassigned meanwhile
    row.person = f.person.get();
    if (found) {
      row.crm_id = f.crm_id;
      row.opened = row.changed = now_;
      row.sent_at = f.modified;
      unit_.counters.push_back({"prompts_adopted", 1});
      set(row, PromptState::live, "");
      people(row, f);
      if (auto& kept = changed_[row.key]; model::ended(kept.state)) kept.changed = f.modified;
      return;
    }
    if (f.deleted || f.completed) return;
    row.object = context_.rules->objects.empty() ? std::string() : context_.rules->objects.begin()->first;
    row.episode = 1;
    remove(row, f, "not known to this state folder");
  }
  [[nodiscard]] bool computed_for(const std::string& person, std::int32_t episodes, PromptRow& row,
                                  const FoundPrompt& f) const {
    for (const auto& [object, plan] : context_.rules->objects) {
      for (row.episode = 1; row.episode <= episodes; ++row.episode) {
        row.object = object;
        row.key = prompt_key(row.connection, object, row.record, person, row.carrier, row.episode);
        if (connectors::short_key(row.key) == f.short_key) return true;
      }
    }
    return false;
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  bool adopting_;
  model::Instant now_;
  store::UnitOfWork unit_;
  std::map<std::string, PromptRow> changed_;                      // by key
  std::map<std::string, std::vector<model::Instant>> completed_;  // by person, in order
  std::vector<QuestionEnded> questions_;                          // about fields, that somebody answered
};

}  // namespace

store::UnitOfWork resolve(const Context& context, const store::Snapshot& snapshot,
                          const std::vector<FoundPrompt>& found, bool adopting, model::Instant now) {
  Resolver resolver(context, snapshot, adopting, now);
  resolver.count_heaps(found);
  for (const bool deleted : {false, true})  // of two items of one prompt the one that is there counts
    for (const auto& f : found)
      if (f.deleted == deleted) resolver.one(f);
  return resolver.finish();
}

}  // namespace coachd::pipeline
