#include "daemon/http/refusals.hpp"

#include <string>
#include <string_view>

namespace coachd::http {

void Refusals::add(std::string_view reason, int status, Time now) {
  auto found = rows_.find(reason);
  const bool first = found == rows_.end();
  if (first) found = rows_.emplace(std::string(reason), Row{}).first;
  auto& row = found->second;
  row.status = status;
  ++row.count;
  if (!first && now - row.told_at < every_) return;
  if (tell_) tell_(found->first, status, row.count - row.told);
  row.told = row.count;
  row.told_at = now;
}

}  // namespace coachd::http
