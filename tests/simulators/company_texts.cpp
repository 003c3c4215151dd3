#include "tests/simulators/company_texts.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include "tests/simulators/dice.hpp"

#include <fmt/format.h>

namespace coachd::sim {
namespace {

constexpr std::array<std::string_view, 56> firsts{
    "Dana",  "Nuri",   "Elif",   "Jonas",  "Marta",   "Priya", "Tom",   "Ines",   "Karl",  "Aiko",  "Lena",  "Omar",
    "Sofia", "Ben",    "Clara",  "Diego",  "Erik",    "Farah", "Greta", "Hugo",   "Ida",   "Jamal", "Kira",  "Liam",
    "Mona",  "Nils",   "Olga",   "Pavel",  "Quentin", "Rosa",  "Sven",  "Tara",   "Uwe",   "Vera",  "Wim",   "Yara",
    "Zoe",   "Anton",  "Bianca", "Carlos", "Daria",   "Emil",  "Fiona", "Gustav", "Hanna", "Igor",  "Julia", "Kofi",
    "Laura", "Mehmet", "Nina",   "Oskar",  "Paula",   "Rahul", "Selma", "Theo"};
constexpr std::array<std::string_view, 56> lasts{
    "Ataman",   "Becker",    "Carter", "Dietrich", "Evans",   "Fischer", "Garcia",   "Hoffmann", "Ivanova", "Jensen",
    "Kowalski", "Lindqvist", "Moreau", "Novak",    "Okafor",  "Petrov",  "Quinn",    "Rossi",    "Schmidt", "Tanaka",
    "Ulrich",   "Vogel",     "Weber",  "Xu",       "Yilmaz",  "Zimmer",  "Andersen", "Brandt",   "Costa",   "Duarte",
    "Eriksen",  "Franke",    "Gupta",  "Haas",     "Ito",     "Jung",    "Keller",   "Lopez",    "Mensah",  "Nguyen",
    "Olsen",    "Park",      "Reyes",  "Sato",     "Thomsen", "Urban",   "Varga",    "Walsh",    "Young",   "Zeller",
    "Bauer",    "Conti",     "Dubois", "Engel",    "Ferrari", "Gruber"};
constexpr std::array<std::string_view, 24> account_heads{
    "Northwind", "Halden",   "Brightwater", "Corvus",   "Meridian",   "Alster",    "Kestrel", "Lumen",
    "Oakfield",  "Pinnacle", "Quarry",      "Redstone", "Silverline", "Tidewater", "Umbra",   "Vantage",
    "Westbrook", "Yarrow",   "Zephyr",      "Aurora",   "Borealis",   "Cobalt",    "Drumlin", "Everholt"};
constexpr std::array<std::string_view, 14> account_middles{"Logistics", "Foods",     "Medical",   "Energy",  "Machines",
                                                           "Retail",    "Insurance", "Textiles",  "Optics",  "Paper",
                                                           "Chemicals", "Media",     "Transport", "Robotics"};
constexpr std::array<std::string_view, 6> account_tails{"GmbH", "Inc.", "Ltd", "Group", "AG", "LLC"};
constexpr std::array<std::string_view, 8> products{"Platform",       "Analytics add-on", "Onboarding package",
                                                   "Support plan",   "Warehouse module", "Field app",
                                                   "Data migration", "Premium tier"};
constexpr std::array<std::string_view, 5> weekdays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"};
constexpr std::array<std::string_view, 16> topics{
    "the revised quote",     "the security questionnaire", "the pilot results",    "the rollout plan",
    "the data migration",    "the payment terms",          "the support levels",   "the integration with their ERP",
    "the training schedule", "the discount for two years", "the reference visit",  "the privacy agreement",
    "the hosting region",    "the licence count",          "the acceptance tests", "the renewal options"};
constexpr std::array<std::string_view, 10> departments{"purchasing",        "legal",           "IT",       "finance",
                                                       "operations",        "the board",       "security", "logistics",
                                                       "the works council", "the project team"};
constexpr std::array<std::string_view, 10> titles{
    "CFO",           "CIO",         "Head of Operations", "VP Sales",
    "Plant Manager", "IT Director", "Purchasing Lead",    "Programme Manager",
    "COO",           "Head of Data"};
constexpr std::array<std::string_view, 7> junk{"TBD", "n/a", "asdf", "unknown", "...", "xxx", "to be determined"};

std::string_view any(dice& d, std::span<const std::string_view> words) {
  return d.pick(words);
}

}  // namespace

std::string first_name(dice& d) {
  return std::string{any(d, firsts)};
}
std::string last_name(dice& d) {
  return std::string{any(d, lasts)};
}

std::string account_name(dice& d) {
  return fmt::format("{} {} {}", any(d, account_heads), any(d, account_middles), any(d, account_tails));
}

std::string product(dice& d) {
  return std::string{any(d, products)};
}

std::string next_step(dice& d) {
  const auto who = any(d, firsts);
  const auto other = any(d, lasts);
  const auto when = any(d, weekdays);
  const auto topic = any(d, topics);
  const auto where = any(d, departments);
  switch (d.between(0, 11)) {
    case 0: return fmt::format("Send {} to {} {} by {}", topic, who, other, when);
    case 1: return fmt::format("Call {} {} on {} about {}", who, other, when, topic);
    case 2: return fmt::format("{} {} takes {} to {}, answer expected on {}", who, other, topic, where, when);
    case 3: return fmt::format("Demo for {} on {}, {} {} invites", where, when, who, other);
    case 4: return fmt::format("Waiting for {} from {} {}; remind on {}", topic, who, other, when);
    case 5: return fmt::format("Meet {} {} and {} on {} to settle {}", who, other, where, when, topic);
    case 6: return fmt::format("{}: workshop with {} on {}, owner {} {}", d.between(1, 4), where, topic, who, other);
    case 7: return fmt::format("{} {} reviews {} with {} before {}", who, other, topic, where, when);
    case 8: return fmt::format("Clear {} with {}, then {} {} signs off on {}", topic, where, who, other, when);
    case 9: return fmt::format("Site visit with {} {} on {}; agenda: {}", who, other, when, topic);
    case 10: return fmt::format("Ask {} {} who in {} decides on {} (by {})", who, other, where, topic, when);
    default: return fmt::format("{} {} wants {} explained to {} on {}", who, other, topic, where, when);
  }
}

std::string champion(dice& d) {
  return fmt::format("{} {}, {}", any(d, firsts), any(d, lasts), any(d, titles));
}

std::string implementation_risk(dice& d) {
  const auto topic = any(d, topics);
  const auto where = any(d, departments);
  switch (d.between(0, 3)) {
    case 0: return fmt::format("{} has no capacity before the summer for {}", where, topic);
    case 1: return fmt::format("Old system must stay up while {} runs, agreed with {}", topic, where);
    case 2: return fmt::format("Low: {} did the same rollout twice, only {} is new", where, topic);
    default: return fmt::format("Go-live depends on {} being cleared by {}", topic, where);
  }
}

std::string decision_process(dice& d) {
  return fmt::format("{} {} proposes, {} checks {}, {} signs", any(d, firsts), any(d, lasts), any(d, departments),
                     any(d, topics), any(d, titles));
}

std::string activity_subject(dice& d, bool meeting) {
  return fmt::format("{}: {} with {} {}",
                     meeting         ? "Meeting"
                     : d.chance(0.6) ? "Call"
                                     : "Email",
                     any(d, topics), any(d, firsts), any(d, lasts));
}

std::span<const std::string_view> placeholder_words() {
  return junk;
}

std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    }
  }
  return out;
}

}  // namespace coachd::sim
