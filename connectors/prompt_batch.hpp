// What every connector does with a batch of prompts before it speaks its CRM's words: refuses what cannot be written,
// sends each kind in calls of few items, and puts the outcomes back in order. Thread rule: the network thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/error.hpp"

namespace coachd::connectors {

struct PromptBatch {
  using Items = std::vector<const PromptItem*>;
  std::vector<PromptWrite> writes;
  std::size_t items_per_call = 25;
  /// What can be told to fail without a call.
  std::function<std::optional<model::CrmError>(const PromptWrite&)> refuse;
  /// One call: an outcome per item, in order, or what became of the call as a whole.
  std::function<Task<std::vector<WriteOutcome>>(PromptWrite::Op, Items)> send;
};

/// What can be told of a task without a call, whatever the CRM: who cannot be written, and why. `is_id` and
/// `is_task_id` tell the CRM's ids.
inline std::optional<model::CrmError> refuse_task(const PromptWrite& write, std::string_view crm,
                                                  bool (*is_id)(std::string_view),
                                                  bool (*is_task_id)(std::string_view)) {
  const PromptItem& item = write.item;
  const auto permanent = [](std::string what) {
    return model::CrmError{model::Failure::permanent, std::move(what), "", 0, false};
  };
  if (item.carrier != "task")
    return permanent(std::string(crm) + " prompts are written as tasks only, in this version");
  if (write.op != PromptWrite::Op::create) {
    if (is_task_id(item.crm_id)) return std::nullopt;
    return permanent("a prompt without a task's id cannot be changed or removed");
  }
  const bool about_a_record = !item.object.empty() || !item.record.empty();
  if (!is_id(item.person.get()) || (about_a_record && !is_id(item.record.get())))
    return permanent("a prompt without a person or a record cannot be written");
  if (short_key(item.key).size() != 10) return permanent("a prompt without a key cannot be written");
  return std::nullopt;
}

/// One outcome per write, in order. A batch that fails as a whole in its only call is the result's error; of several
/// calls, the items of the call that failed carry it.
inline Task<std::vector<WriteOutcome>> write_batch(PromptBatch batch) {
  const auto& writes = batch.writes;
  std::vector<WriteOutcome> outcomes(writes.size());
  std::optional<model::CrmError> whole;  // of a call that failed as a whole
  std::size_t calls = 0;
  for (const auto op : {PromptWrite::Op::remove, PromptWrite::Op::update, PromptWrite::Op::create}) {
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (writes[i].op != op) continue;
      if (auto error = batch.refuse(writes[i]))
        outcomes[i].error = std::move(error);
      else
        mine.push_back(i);
    }
    for (std::size_t first = 0; first < mine.size(); first += batch.items_per_call) {
      const std::size_t count = std::min(batch.items_per_call, mine.size() - first);
      PromptBatch::Items items;
      for (std::size_t i = first; i < first + count; ++i) items.push_back(&writes[mine[i]].item);
      ++calls;
      const auto part = co_await batch.send(op, std::move(items));
      if (!part) whole = part.error();
      for (std::size_t i = 0; i < count; ++i)
        if (part)
          outcomes[mine[first + i]] = (*part)[i];
        else
          outcomes[mine[first + i]].error = part.error();
    }
  }
  if (whole && calls == 1) {
    const auto is_whole = [&what = whole->what](const WriteOutcome& o) { return o.error && o.error->what == what; };
    if (std::all_of(outcomes.begin(), outcomes.end(), is_whole)) co_return std::move(*whole);
  }
  co_return outcomes;
}

}  // namespace coachd::connectors
