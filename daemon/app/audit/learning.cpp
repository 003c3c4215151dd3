#include "daemon/app/audit/learning.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/dates.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/kept_case.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {

using file::Cell;

CaseMaker::CaseMaker(const Prepared& p, const Rulebook& book) : prepared_(p), book_(book) {
  case_.object = book.object;
  case_.values.resize(book.types.size());
  for (std::size_t s = 0; s < book.types.size(); ++s)
    checkbox_.push_back(file::is_checkbox(p.layout.origin, book.columns[s]));
}

std::optional<model::Instant> CaseMaker::instant(std::span<const Cell> cells, std::size_t place) const {
  if (place == Rulebook::npos || prepared_.reading->blank(cells[place])) return std::nullopt;
  const file::ReadDate d = prepared_.reading->dates().read(file::trimmed(cells[place].text));
  if (d.kind == file::ReadDate::Kind::instant) return d.instant;
  if (d.kind == file::ReadDate::Kind::day) return prepared_.zone.start_of(d.day);
  return std::nullopt;
}

const rules::Case* CaseMaker::make(std::uint64_t line, std::span<const Cell> cells,
                                   std::vector<file::ColumnShape>* shapes) {
  const file::Reading& reading = *prepared_.reading;
  const auto says_deleted = [](const Cell& c) { return c.boolean || c.text == "1" || c.text == "true"; };
  const bool deleted = book_.deleted != Rulebook::npos && says_deleted(cells[book_.deleted]);
  for (std::size_t s = 0; s < case_.values.size(); ++s) {
    if (book_.types[s] == model::FieldType::reference) {  // a name: nobody asks what it looks like
      case_.values[s] = reading.blank(cells[s]) ? model::Value::blank() : model::Value::text(cells[s].text);
      continue;
    }
    auto trouble = file::Reading::Trouble::none;
    case_.values[s] = shapes == nullptr ? reading.value(cells[s], book_.types[s], trouble)
                                        : reading.value(cells[s], book_.types[s], checkbox_[s], (*shapes)[s], trouble);
    if (trouble != file::Reading::Trouble::none && !deleted) ++troubles_[{s, trouble}];
  }
  if (deleted) return nullptr;
  const auto part = [&](std::size_t place) {
    return reading.blank(cells[place]) ? std::string_view{} : file::trimmed(cells[place].text);
  };
  case_.id = book_.id.size() == 1 ? part(book_.id.front()) : std::string_view{};
  if (case_.id.empty()) {
    id_.clear();
    for (const std::size_t place : book_.id) {
      if (!id_.empty() && !part(place).empty()) id_ += '/';
      id_ += part(place);
    }
    if (id_.empty()) id_ = "line " + std::to_string(line);
    case_.id = id_;
  }
  case_.created = instant(cells, book_.created);
  case_.modified = instant(cells, book_.modified);
  case_.created_by =
      book_.created_by == Rulebook::npos ? std::string_view{} : file::trimmed(cells[book_.created_by].text);
  return &case_;
}

RecordLearner::RecordLearner(const Prepared& p, const Rulebook& book, bool shapes)
    : book_(book), cases_(p, book), shapes_(shapes), no_facts_(book.plan->facts.size()) {
  piece_.shapes.resize(book.types.size());
}

void RecordLearner::row(std::uint64_t line, std::span<const Cell> cells) {
  ++piece_.records;
  const rules::Case* c = cases_.make(line, cells, shapes_ ? &piece_.shapes : nullptr);
  if (c == nullptr) {
    ++piece_.deleted;
    return;
  }
  if (!no_facts_.empty())
    piece_.facts.add(*book_.plan, *c,
                     rules::Examination(*book_.loaded.rules, *book_.plan, *c, no_facts_, book_.world, book_.now),
                     keys_);
  keep(*c, keys_, piece_.cases, kept_);
}

RecordLearner::Piece& RecordLearner::piece() {
  piece_.cases.resize(kept_);
  piece_.troubles = cases_.troubles();
  return piece_;
}

void RecordLearner::clear() {
  // Where they were taken: the next ones are about as many.
  piece_.cases.resize(std::max(piece_.cases.size(), kept_ + kept_ / 32));
  kept_ = 0;
  piece_.shapes.assign(book_.types.size(), {});
  piece_.facts.clear();
  cases_.forget_troubles();
  piece_.records = piece_.deleted = 0;
}

}  // namespace coachd::app
