#include "daemon/pipeline/sweep.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/facts.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

namespace {

std::string row_name(const std::string& connection) {
  return "sweep: " + connection;
}

// The word before the next space, which is taken away with it.
std::string_view word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

std::int64_t number(std::string_view text) {
  std::int64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

}  // namespace

// The row reads `VERSION done`, or `VERSION place DONE TOTAL OBJECT RECORD`. Any version where none is named.
std::optional<Sweep::Place> Sweep::place_in(std::string_view row, std::string_view version) {
  const auto of = word(row);
  if (of.empty() || (!version.empty() && of != version)) return std::nullopt;
  const auto kind = word(row);
  Place place;
  place.done = kind == "done";
  if (place.done) return place;
  if (kind != "place") return std::nullopt;  // as an older program wrote it: from the beginning
  place.progress.done = number(word(row));
  place.progress.total = number(word(row));
  place.object = word(row);
  place.after = row;
  return place;
}

std::optional<SweepProgress> sweep_progress(const store::Snapshot& snapshot, const std::string& connection) {
  const auto place = Sweep::place_in(snapshot.metadata(row_name(connection)).value_or(""), "");
  return place && !place->done ? std::optional(place->progress) : std::nullopt;
}

Sweep::Sweep(const Context& context, const store::Snapshot& snapshot)
    : name_(row_name(context.connection)),
      version_(std::to_string(context.rules->hash) + "-" + std::to_string(context.world->version)) {
  if (auto place = place_in(snapshot.metadata(name_).value_or(""), version_)) {
    place_ = std::move(*place);
    done_ = place_.done;
    return;
  }
  for (const auto& [object, plan] : context.rules->objects)
    if (!plan.only_beside()) place_.progress.total += snapshot.record_count(context.connection, object);
}

void Sweep::write(store::UnitOfWork& unit, const Place& place) const {
  auto row = version_ + " done";
  if (!place.done)
    row = version_ + " place " + std::to_string(place.progress.done) + " " + std::to_string(place.progress.total) +
          " " + place.object + " " + place.after;
  unit.metadata.emplace_back(name_, std::move(row));
}

store::UnitOfWork Sweep::next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                              model::Instant now) {
  store::UnitOfWork unit;
  next_ = place_;
  const auto& objects = context.rules->objects;
  const auto judged = [&](auto from) {  // what only stands beside others has no answers of its own
    return std::find_if(from, objects.end(), [](const auto& one) { return !one.second.only_beside(); });
  };
  auto it = judged(next_.object.empty() ? objects.begin() : objects.find(next_.object));
  if (it == objects.end()) {
    next_.done = true;
    write(unit, next_);
    return unit;
  }
  const auto& plan = it->second;
  next_.object = plan.object;
  const auto rows = snapshot.records_after(context.connection, plan.object, next_.after, limit);
  FactKeeper facts(context, snapshot, false);
  BesideKeeper beside(context, snapshot);
  const auto around = context.surrounded.find(plan.object);
  for (const auto& row : rows) {
    unit.make_due.push_back({context.connection, plan.object, row.record, now, 0});
    next_.after = row.record;
    // Tombstones are walked too but were not counted; nor was what came since.
    next_.progress.done = std::min(next_.progress.done + (row.deleted ? 0 : 1), next_.progress.total);
    // New rules may ask who else a column names that has been read all along.
    if (around != context.surrounded.end()) beside.judged(around->second, nullptr, row);
    if (plan.facts.empty()) continue;
    const auto built = build_case(context, plan, row, {}, {});
    facts.record(plan, row.record, nullptr, built ? &built->value : nullptr);
  }
  facts.finish(unit, now);
  beside.finish(unit, now);
  if (rows.size() < limit) {  // this object is through
    it = judged(std::next(it));
    next_.done = it == objects.end();
    next_.object = next_.done ? std::string() : it->second.object;
    next_.after.clear();
  }
  write(unit, next_);
  return unit;
}

void Sweep::forget(store::UnitOfWork& unit, const std::string& connection) {
  unit.metadata.emplace_back(row_name(connection), "");
}

void Sweep::advance() {
  place_ = next_;
  done_ = place_.done;
}

}  // namespace coachd::pipeline
