#include "tests/simulators/company_people.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/company.hpp"
#include "tests/simulators/company_texts.hpp"
#include "tests/simulators/dice.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_stages.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

// Fills one row by field names.
class filler {
 public:
  filler(org& into, table& t) : org_{into}, table_{t}, cells_{t.blank()} {}
  filler& put(std::string_view field, const value& v) {
    cells_[static_cast<std::size_t>(table_.column(field))] = v;
    return *this;
  }
  filler& put(std::string_view field, std::string_view text) { return put(field, org_.text(text)); }
  filler& put(std::string_view field, const char* text) { return put(field, org_.text(text)); }
  filler& put(std::string_view field, const std::string& text) { return put(field, org_.text(text)); }
  filler& put(std::string_view field, bool b) { return put(field, value::of(b)); }
  filler& put(std::string_view field, double n) { return put(field, value::of(n)); }
  filler& audit(std::string_view by, instant at) {
    put("CreatedDate", value::of(at)).put("CreatedById", by);
    put("LastModifiedDate", value::of(at)).put("LastModifiedById", by);
    return put("SystemModstamp", value::of(at));
  }
  row_number insert() { return table_.insert(std::move(cells_)); }

 private:
  org& org_;
  table& table_;
  row cells_;
};

struct team {
  std::string_view name;
  std::string_view zone;
  std::string_view locale;
};

constexpr std::array<team, 4> teams{{{"Sales DACH", "Europe/Berlin", "de_DE"},
                                     {"Sales East", "America/New_York", "en_US"},
                                     {"Sales UK", "Europe/London", "en_GB"},
                                     {"Sales Central", "America/Chicago", "en_US"}}};

// Which fields field history tracks, under the names that FieldDefinition has for them.
void make_definitions(org& into) {
  auto& entities = into.get("EntityDefinition");
  auto& fields = into.get("FieldDefinition");
  for (const auto& o : into.described().objects()) {
    const auto n =
        filler{into, entities}.put("DurableId", o.name).put("QualifiedApiName", o.name).put("Label", o.label).insert();
    for (const auto& f : o.fields) {
      filler{into, fields}
          .put("DurableId", o.name + "." + f.name)
          .put("QualifiedApiName", f.relationship.empty() ? f.name : f.relationship)
          .put("Label", f.label)
          .put("DataType", name_of(f.type))
          .put("EntityDefinitionId", entities.cell(n, 0))
          .put("IsFieldHistoryTracked", f.tracked)
          .insert();
    }
  }
}

void make_setup(org& into, const std::string& admin, instant long_ago) {
  auto& stages = into.get("OpportunityStage");
  for (const auto& s : opportunity_stages) {
    filler{into, stages}
        .put("MasterLabel", s.name)
        .put("ApiName", s.name)
        .put("IsActive", s.active)
        .put("SortOrder", static_cast<double>(s.order))
        .put("IsClosed", s.closed)
        .put("IsWon", s.won)
        .put("ForecastCategory", s.category)
        .put("ForecastCategoryName", s.category_name)
        .put("DefaultProbability", s.probability)
        .audit(admin, long_ago)
        .insert();
  }
  auto& licences = into.get("UserLicense");
  auto& profiles = into.get("Profile");
  for (const auto& [licence, profile] :
       {std::pair{"Salesforce", "Standard User"},
        std::pair{"Salesforce Integration", "Minimum Access - API Only Integrations"}}) {
    const auto n =
        filler{into, licences}.put("Name", licence).put("MasterLabel", licence).audit(admin, long_ago).insert();
    filler{into, profiles}
        .put("Name", profile)
        .put("UserLicenseId", licences.cell(n, 0))
        .audit(admin, long_ago)
        .insert();
  }
  make_definitions(into);
  auto& types = into.get("RecordType");
  for (const auto& [name, developer] : {std::pair{"New business", "New_business"}, std::pair{"Renewal", "Renewal"}}) {
    filler{into, types}
        .put("Name", name)
        .put("DeveloperName", developer)
        .put("SobjectType", "Opportunity")
        .put("IsActive", true)
        .audit(admin, long_ago)
        .insert();
  }
  auto& statuses = into.get("TaskStatus");
  double order = 1;
  for (const auto* status : {"Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"}) {
    filler{into, statuses}
        .put("MasterLabel", status)
        .put("ApiName", status)
        .put("SortOrder", order)
        .put("IsDefault", order == 1)
        .put("IsClosed", std::string_view{status} == "Completed")
        .audit(admin, long_ago)
        .insert();
    ++order;
  }
}

class staff {
 public:
  staff(org& into, dice& d, company& out, instant since) : org_{into}, dice_{d}, out_{out}, since_{since} {}

  std::size_t hire(std::string_view job, const std::string& title, const team& t, const std::string& manager,
                   std::string name = {}, bool active = true) {
    person p;
    while (name.empty() || !names_.insert(name).second) {
      name = fmt::format("{} {}", first_name(dice_), last_name(dice_));
      // In a crowd names repeat; then people tell each other apart by a number.
      if (names_.contains(name) && names_.size() > 1500) name += fmt::format(" {}", names_.size());
    }
    const auto space = name.find(' ');
    auto mail = name;
    std::ranges::transform(mail, mail.begin(), [](char c) {
      return c == ' ' ? '.' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    p.name = name;
    p.email = mail + "@halden.example";
    p.zone = t.zone;
    p.manager = manager;
    p.job = job;
    p.active = active;
    auto& users = org_.get("User");
    const auto id = make_id("005", users.size() + 1);
    const auto& admin = out_.people.empty() ? id : out_.people.front().id;
    const auto n = filler{org_, users}
                       .put("Username", mail + "@halden.example.sim")
                       .put("FirstName", name.substr(0, space))
                       .put("LastName", name.substr(space + 1))
                       .put("Name", name)
                       .put("Email", p.email)
                       .put("IsActive", active)
                       .put("UserType", "Standard")
                       .put("ProfileId", make_id("00e", job == "integration" ? 2 : 1))
                       .put("ManagerId", manager.empty() ? value{} : org_.text(manager))
                       .put("Department", job == "rep" || job == "manager" ? t.name
                                          : job == "integration"           ? "IT"
                                                                           : "Headquarters")
                       .put("Title", title)
                       .put("TimeZoneSidKey", t.zone)
                       .put("LocaleSidKey", t.locale)
                       .put("LanguageLocaleKey", "en_US")
                       .audit(admin, since_)
                       .insert();
    p.id = users.cell(n, 0).text();
    out_.people.push_back(std::move(p));
    return out_.people.size() - 1;
  }

 private:
  org& org_;
  dice& dice_;
  company& out_;
  instant since_;
  std::set<std::string> names_;
};

}  // namespace

void make_people(org& into, const company_options& options, dice& d, company& out) {
  const auto long_ago = floor<days>(options.now) - days{options.months * 31 + 400} + hours{9};
  staff s{into, d, out, long_ago};
  const auto admin = s.hire("revops", "Revenue Operations", teams[0], "", "Ana Lorenz");
  const auto robot = s.hire("integration", "Integration", teams[0], "", "Coachd Integration");
  const auto head = s.hire("executive", "Chief Revenue Officer", teams[0], "");
  out.integration_user = out.people[robot].id;
  make_setup(into, out.people[admin].id, long_ago);
  auto& organisations = into.get("Organization");
  filler{into, organisations}
      .put("Name", "Halden Systems")
      .put("IsSandbox", false)
      .put("InstanceName", "SIM1")
      .put("OrganizationType", "Enterprise Edition")
      .put("FiscalYearStartMonth", 1.0)
      .put("UsesStartDateAsFiscalYearName", false)
      .put("DefaultCurrencyIsoCode", "EUR")
      .put("TimeZoneSidKey", "Europe/Berlin")
      .put("DefaultLocaleSidKey", "de_DE")
      .put("LanguageLocaleKey", "en_US")
      .audit(out.people[admin].id, long_ago)
      .insert();
  out.organisation = organisations.cell(0, 0).text();
  const int sellers = std::max(2, options.people - 4);  // the fourth is the one who left
  const int groups = std::max(1, sellers / 8);
  std::vector<std::size_t> managers;
  for (int g = 0; g < groups; ++g) {
    const auto& t = teams[static_cast<std::size_t>(g) % teams.size()];
    managers.push_back(s.hire("manager", "Sales Manager", t, out.people[head].id));
  }
  for (int i = groups; i < sellers; ++i) {
    const auto g = static_cast<std::size_t>(i) % managers.size();
    const auto manager = out.people[managers[g]].id;
    s.hire("rep", d.chance(0.4) ? "Senior Account Executive" : "Account Executive", teams[g % teams.size()], manager);
  }
  const auto manager = out.people[managers.front()].id;
  s.hire("rep", "Account Executive", teams[0], manager, "", false);
}

std::vector<std::string> make_accounts(org& into, const company_options& options, dice& d, const company& who) {
  static constexpr std::array<std::string_view, 7> industries{"Manufacturing", "Healthcare", "Retail",   "Banking",
                                                              "Energy",        "Logistics",  "Education"};
  static constexpr std::array<std::string_view, 8> cities{"Berlin", "Hamburg",  "London",  "Leeds",
                                                          "Boston", "New York", "Chicago", "Austin"};
  auto& accounts = into.get("Account");
  auto& contacts = into.get("Contact");
  std::vector<const person*> reps;
  for (const auto& p : who.people) {
    if (p.job == "rep" && p.active) reps.push_back(&p);
  }
  const auto count = std::max(3, options.records * 2 / 5);
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    const auto& owner = d.pick(reps)->id;
    const auto at =
        floor<days>(options.now) - days{options.months * 31 + d.between(1, 300)} + minutes{d.between(480, 960)};
    const auto city = static_cast<std::size_t>(d.between(0, 7));
    const auto n = filler{into, accounts}
                       .put("IsDeleted", false)
                       .put("Name", account_name(d))
                       .put("Type", d.chance(0.4) ? "Customer" : "Prospect")
                       .put("Industry", d.pick(industries))
                       .put("BillingCity", cities[city])
                       .put("BillingCountry", city < 2   ? "Germany"
                                              : city < 4 ? "United Kingdom"
                                                         : "United States")
                       .put("NumberOfEmployees", static_cast<double>(d.between(3, 900) * 10))
                       .put("OwnerId", owner)
                       .audit(owner, at)
                       .insert();
    ids.push_back(accounts.cell(n, 0).text());
    const auto first = first_name(d);
    const auto last = last_name(d);
    filler{into, contacts}
        .put("IsDeleted", false)
        .put("AccountId", ids.back())
        .put("FirstName", first)
        .put("LastName", last)
        .put("Name", first + " " + last)
        .put("Email", fmt::format("{}.{}@customer{}.example", bare(first), bare(last), i))
        .put("OwnerId", owner)
        .audit(owner, at)
        .insert();
  }
  return ids;
}

}  // namespace coachd::sim
