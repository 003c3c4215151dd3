#include <chrono>

#include "tests/simulators/company.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::sim {

using namespace std::chrono;

void make_traces(org& into, const company& who, instant now) {
  const auto today = floor<days>(now);
  for (auto d = today - days{30}; d < today; d += days{1}) {
    if (weekday{d}.iso_encoding() > 5) continue;
    int minute = 0;
    for (const auto& p : who.people) {
      const auto at = instant{d} + hours{7} + minutes{++minute % 50};
      if (!p.active) continue;
      if (p.job == "integration") {
        into.leave({.what = trace::type::login, .person = p.id, .at = at, .name = "Remote Access 2.0"});
        continue;
      }
      if (minute % 7 == 0) into.leave({.what = trace::type::refused_login, .person = p.id, .at = at - seconds{30}});
      into.leave({.what = trace::type::login, .person = p.id, .at = at});
      // A mail plug-in.
      if (p.job == "rep")
        into.leave({.what = trace::type::login, .person = p.id, .at = at + hours{9}, .name = "Remote Access 2.0"});
      if (p.job == "revops") into.leave({.what = trace::type::export_taken, .person = p.id, .at = at + hours{1}});
    }
  }
}

}  // namespace coachd::sim
