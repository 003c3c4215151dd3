#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

bool write_unit(Connection& c, const UnitOfWork& unit) {
  auto before = guards_met(c, unit);  // before anything is written: what a unit expects is the state before it
  if (!before) return false;
  write_intake(c, unit);
  write_records(c, unit, *before);
  write_history(c, unit);
  write_due(c, unit, *before);
  write_facts(c, unit);
  write_prompts(c, unit);
  write_kept(c, unit);
  return true;
}

}  // namespace coachd::store::sqlite
