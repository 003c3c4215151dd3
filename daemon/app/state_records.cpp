#include "daemon/app/state_records.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

void each_record(const pipeline::Context& context, const store::Snapshot& snapshot, const rules::ObjectPlan& plan,
                 const std::function<void(const rules::Case&)>& see) {
  constexpr std::size_t page = 1000;
  std::string after;
  for (;;) {
    auto rows = snapshot.records_after(context.connection, plan.object, after, page);
    const bool last = rows.size() < page;
    if (!rows.empty()) after = rows.back().record;
    for (auto& row : rows) {
      if (row.deleted) continue;
      auto history = snapshot.history(context.connection, plan.object, row.record);
      const auto known = snapshot.known_since(context.connection, plan.object, row.record);
      const auto built = pipeline::build_case(context, plan, std::move(row), std::move(history), known);
      if (built) see(built->value);
    }
    if (last) return;
  }
}

}  // namespace coachd::app
