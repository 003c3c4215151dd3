#include "daemon/store/store.hpp"

#include <cstddef>
#include <future>
#include <memory>
#include <tuple>
#include <utility>

#include "rules/model/value.hpp"

namespace coachd::store {
namespace {

auto lists(const UnitOfWork& u) {
  return std::tie(u.journal, u.cursors, u.snapshots, u.history, u.known_since, u.make_due, u.evaluated, u.cannot_tell,
                  u.findings, u.prompts, u.outbox, u.outbox_done, u.reasons, u.kept, u.kept_gone, u.facts, u.facts_gone,
                  u.read_list, u.counters, u.metadata);
}

std::size_t text_bytes(const model::StoredValue& value) {
  const auto v = value.view();
  return v.kind() == model::Value::Kind::text ? v.as_text().size() : 0;
}

}  // namespace

bool UnitOfWork::empty() const {
  return !applied_to && std::apply([](const auto&... list) { return (list.empty() && ...); }, lists(*this));
}

std::size_t UnitOfWork::bytes() const {
  const auto rows = [](const auto& list) { return list.size() * sizeof(list[0]); };
  auto n = sizeof(UnitOfWork) + std::apply([&](const auto&... list) { return (rows(list) + ...); }, lists(*this));
  // Texts that may be long; what else a row holds outside of itself is little.
  for (const auto& j : journal) n += j.body.size();
  for (const auto& s : snapshots) n += s.values.size();
  for (const auto& h : history) n += text_bytes(h.from) + text_bytes(h.to);
  for (const auto& f : findings) n += f.detail.size();
  for (const auto& p : prompts) n += p.subject.size() + p.body.size();
  for (const auto& k : kept) n += k.body.size();
  for (const auto& e : evaluated) n += e.cannot_tell.size();
  for (const auto& [name, text] : metadata) n += text.size();
  return n;
}

Applied apply_and_wait(Store& store, UnitOfWork unit) {
  // Shared with the callback: the store's thread may still be inside set_value when the waiting thread goes on.
  auto answer = std::make_shared<std::promise<Applied>>();
  auto result = answer->get_future();
  store.apply(std::move(unit), [answer](Applied a) { answer->set_value(a); });
  return result.get();
}

}  // namespace coachd::store
