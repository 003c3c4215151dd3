// What is found about records and pairs of them in a company with planted faults.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>

#include "tests/unit/rules/detectors/company.hpp"

namespace coachd::rules::desk {
namespace {

using std::chrono::days;
using std::chrono::hours;

TEST(Company, SourceDisputed) {
  Desk d("opportunity", "source-disputed");
  staff(d);
  Score score("source-disputed");
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      const std::string who = person_id(p);
      const int kind = (p * 40 + j) % 200;
      const auto from = at(r.created);
      const Change there{"source", from + days(10), who, "Webinar", "Outbound"};
      r.values["converted"] = date(from);
      if (kind == 0) {
        r.changes = {there, {"source", from + days(20), "mark", "Outbound", "Webinar"}};
        score.plant(r.id);
      } else if (kind == 1) {
        r.changes = {there};
        score.looks_like_it("sources changed and left", r.id);
      } else if (kind == 2) {
        r.changes = {there, {"source", from + days(11), who, "Outbound", "Webinar"}};
        score.looks_like_it("sources that one person corrects", r.id);
      } else if (kind == 3) {
        r.changes = {there, {"source", from + days(11), "robot", "Outbound", "Webinar"}};
        score.looks_like_it("sources that a machine sets back", r.id);
      } else if (kind == 4) {
        r.changes = {{"source", from + days(10), "mary", "Webinar", "Outbound"},
                     {"source", from + days(12), "mark", "Outbound", "Webinar"}};
        score.looks_like_it("sources that one job argues about", r.id);
      } else if (kind == 5) {
        r.values["converted"] = date(from + days(30));
        r.changes = {there, {"source", from + days(20), "mark", "Outbound", "Webinar"}};
        score.looks_like_it("sources disputed before conversion", r.id);
      } else if (kind == 6) {
        r.changes = {there, {"source", from + days(20), "mark", "Outbound", "Partner"}};
        score.looks_like_it("sources changed to a third", r.id);
      }
      d.see(r);
    }
  score.judge(d.conclude());
}

TEST(Company, PromisedFollowups) {
  Desk d("note", "promised-followups", "{text: body, about: record}");
  staff(d);
  Score score("promised-followups");
  static constexpr std::array<const char*, 10> promises{"Good call. I'll send the revised offer on Monday.",
                                                        "We will get back to them by 4 May with the security answers",
                                                        "Ich melde mich am Montag mit den Zahlen",
                                                        "Gutes Gespräch; ich schicke das Angebot bis 4. Mai",
                                                        "Voy a enviar la propuesta el lunes",
                                                        "Enviaré el contrato el 4 de mayo",
                                                        "Je vais rappeler lundi pour le budget",
                                                        "J'enverrai le devis le 4 mai",
                                                        "Vou mandar a proposta na segunda",
                                                        "Enviarei o contrato em 4 de maio"};
  int n = 0;
  const auto note = [&](int p, model::Instant when, const std::string& text, const std::string& about) {
    const std::string id = "N" + std::to_string(++n);
    d.see({.id = id,
           .values = {{"body", text}, {"record", about}, {"owner", person_id(p)}},
           .created = iso(when),
           .created_by = person_id(p)});
    return id;
  };
  const std::string due = "|2026-05-04";
  for (int p = 0; p < people(); ++p) {
    const std::string deal = "D" + std::to_string(p) + "-";
    const auto last_friday = ago(3);
    score.plant(note(p, last_friday, promises[number(p) % promises.size()], deal + "1") + due);
    score.looks_like_it("promises of the customer",
                        note(p, last_friday, "They will send us the contract on Monday", deal + "2") + due);
    score.looks_like_it("refusals",
                        note(p, last_friday, "I will not call on Monday, they asked for peace", deal + "3") + due);
    score.looks_like_it("what was done",
                        note(p, last_friday, "Had a follow up on Monday with procurement", deal + "4") + due);
    const auto kept = note(p, last_friday, "I'll call on Monday", deal + "5");
    (void)note(p, ago(0, 500), "Called, all is well", deal + "5");
    score.looks_like_it("promises that were kept", kept + due);
    score.looks_like_it("promises for later", note(p, last_friday, "I'll call on 20 May", deal + "6") + "|2026-05-20");
    score.looks_like_it("dates that cannot be told", note(p, ago(40), "I'll send it on 04/05/2026", deal + "7") + due);
    (void)note(p, last_friday, "The team liked the demo, budget is there, Monday is their day off", deal + "8");
  }
  score.judge(d.conclude());
}

TEST(Company, Duplicates) {
  Desk d("account", "duplicates");
  Score score("duplicates");
  const auto see = [&](const std::string& id, const std::string& name, const std::string& web,
                       const std::string& phone = "", const std::string& city = "", const std::string& parent = "") {
    d.see(
        {.id = id,
         .values = {
             {"name", name}, {"website", web}, {"phone", phone}, {"city", city}, {"parent", parent}, {"owner", "u1"}}});
  };
  static constexpr std::array<const char*, 20> first{"North", "Vector", "Sol",    "Terra",  "Luna",  "Ferro", "Magna",
                                                     "Opti",  "Quanta", "Rapid",  "Sigma",  "Ultra", "Vita",  "Xeno",
                                                     "Zeta",  "Atlas",  "Boreal", "Cobalt", "Delta", "Ember"};
  static constexpr std::array<const char*, 20> second{"tec",  "works", "soft",   "bau",   "trade", "foods", "motors",
                                                      "labs", "media", "health", "logic", "steel", "glass", "print",
                                                      "farm", "tools", "energy", "water", "wood",  "stone"};
  for (int i = 0; i < records(); ++i) {
    const auto n = number(i);
    // Letters only: names differ in more than their digits.
    std::string own;
    for (std::uint64_t x = n * 2654435761U + 12345; own.size() < 7; x /= 21) own += static_cast<char>('a' + x % 21);
    const std::string name = std::string(first[n % 20]) + second[n / 20 % 20] + ' ' + own;
    const std::string web = own + std::to_string(i) + ".com";
    const std::string phone = "+49 30 " + std::to_string(2000000 + i * 7);
    const std::string a = "A" + std::to_string(i);
    const std::string b = a + "b";
    const int kind = i % 40;
    see(a, name + " GmbH", web, phone);
    if (kind == 0) see(b, name, "https://www." + web + "/start");
    if (kind == 1) see(b, name + " AG", "", "0049 (0)30 " + std::to_string(2000000 + i * 7));
    if (kind == 2) {
      std::string slip = name;
      std::swap(slip[2], slip[3]);
      see(b, slip, web);
    }
    if (kind <= 2) score.plant(a + "|" + b);
    const auto look = [&](const std::string& what) { score.looks_like_it(what, a + "|" + b); };
    if (kind == 3) see(b, name, "other" + web), look("companies of one name");
    if (kind == 4) see(b, name, web, "", "", a), look("parts of a company");
    if (kind == 5)
      see(b, std::string("Service ") + second[(n + 3) % 20] + "haus", web), look("companies on one domain");
    if (kind == 6)
      see(b, std::string("Kanzlei ") + own.substr(2) + " und Partner", "", phone),
          look("companies with one switchboard");
    if (kind == 7)
      see(b + "1", name + " Store 12", "", phone + "1"), see(b, name + " Store 13", "", phone + "1"),
          score.looks_like_it("numbered shops", b + "|" + b + "1");
  }
  score.judge(d.conclude());
}

TEST(Company, ShadowRecords) {
  Desk d("account", "shadow-records");
  staff(d);
  for (int p = 0; p < people(); ++p) d.world.people.find(person_id(p))->second.name = "Jonas Seltmann";
  Score score("shadow-records");
  for (int i = 0; i < records(); ++i) {
    const std::string name = "Firma Nr" + std::to_string(i) + " Handel";
    const std::string a = "A" + std::to_string(i);
    const std::string b = a + "s";
    const auto see = [&](const std::string& id, const std::string& called, const std::string& web,
                         const std::string& created, const std::string& parent = "") {
      d.see({.id = id,
             .values = {{"name", called}, {"website", web}, {"owner", person_id(i % people())}, {"parent", parent}},
             .created = created});
    };
    const int kind = i % 50;
    const std::string young = "2026-02-01T08:00:00Z";
    see(a, name + " GmbH", "firma" + std::to_string(i) + ".de", "2024-01-10T08:00:00Z");
    static constexpr std::array<const char*, 4> marks{" (copy)", " - JS", " 2", " do not use"};
    if (kind < 4) {
      see(b, name + marks[number(kind)], "", young);
      score.plant(a + "|" + b);
    }
    const auto look = [&](const std::string& what) { score.looks_like_it(what, a + "|" + b); };
    if (kind == 4)
      see(b, name + " 2", "zweite" + std::to_string(i) + ".de", young), look("companies with an address of their own");
    if (kind == 5) see(b, name + " Neu", "", young, a), look("parts of a company");
    if (kind == 6) see(b, name + " (copy)", "", "2020-01-01T08:00:00Z"), look("older records");
    if (kind == 7) see(b, "Andere Nr" + std::to_string(i) + " copy", "", young), look("names without an original");
    if (kind == 8) see(b, name + " Berlin", "", young), look("sites");
  }
  score.judge(d.conclude());
}

TEST(Company, Workaround) {
  Desk d("opportunity", "workaround", "{fields: [next_step, champion]}");
  staff(d);
  Score score("workaround");
  Evidence e;
  e.files.known_since = e.notes.known_since = ago(200);
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      const std::string who = person_id(p);
      const int kind = (p * 40 + j) % 100;
      if (kind < 10) r.values["stage"] = "Proposal";
      if (kind == 0)
        e.files.rows.push_back({who, r.id, "Forecast Q2.XLSX", ago(10)}), score.plant(r.id + "|spreadsheet");
      if (kind == 1) {
        r.values["champion"] = "";
        e.notes.rows.push_back({who, r.id, "Call\nChampion: Petra Lang, head of IT", ago(10)});
        score.plant(r.id + "|note-instead|champion");
      }
      const auto look = [&](const std::string& what, const std::string& clue) {
        score.looks_like_it(what, r.id + clue);
      };
      if (kind == 2) e.files.rows.push_back({who, r.id, "Offer.pdf", ago(10)}), look("other files", "|spreadsheet");
      if (kind == 3)
        e.files.rows.push_back({"mary", r.id, "List.xlsx", ago(10)}), look("files of others", "|spreadsheet");
      if (kind == 4)
        e.notes.rows.push_back({who, r.id, "Champion: Petra Lang", ago(10)}),
            look("notes beside a filled field", "|note-instead|champion");
      if (kind == 5) {
        r.values["champion"] = "";
        e.notes.rows.push_back(
            {who, r.id, "We spoke about the champion: that it is hard to find one, and about much more than that",
             ago(10)});
        look("notes that speak of the field", "|note-instead|champion");
      }
      if (kind == 6) e.files.rows.push_back({who, r.id, "Old.csv", ago(150)}), look("old files", "|spreadsheet");
      d.see(r);
    }
  score.judge(d.conclude(e));
}

TEST(Company, PersonalTaskLists) {
  Desk d("task", "workaround", "{clues: [task-list], about: record}");
  staff(d);
  Score score("workaround (task lists)");
  int id = 0;
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    if (kind == 0) score.plant(who + "|task-list");
    if (kind == 1) score.looks_like_it("people with few tasks", who);
    if (kind == 2) score.looks_like_it("people for whom a machine makes tasks", who);
    if (kind == 3) score.looks_like_it("people with old lists", who);
    for (int n = 0; n < (kind == 1 ? 10 : 30); ++n) {
      const bool loose = kind <= 3 ? n % 10 != 0 : roll(number(p), number(n), 11) < 0.3;
      d.see({.id = "T" + std::to_string(++id),
             .values = {{"owner", who}, {"record", loose ? "" : "D1"}},
             .created = iso(ago(kind == 3 ? 120 + n : n)),
             .created_by = kind == 2 ? "robot" : who});
    }
  }
  score.judge(d.conclude());
}

TEST(Company, Win) {
  Desk d("opportunity", "win");
  staff(d);
  Score score("win");
  Evidence e;
  e.mended.known_since = ago(300);
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      const std::string who = person_id(p);
      const int kind = (p * 40 + j) % 50;
      const auto follow = [&](const std::string& person, model::Instant sent, model::Instant mended) {
        e.mended.rows.push_back({person, r.id, "commit-without-evidence", sent, mended});
      };
      if (kind < 8) {
        r.values["stage"] = kind == 4 ? "Lost" : "Won";
        r.values["close_date"] = date(kind == 6 ? ago(100) : ago(5));
      }
      if (kind == 0) follow(who, ago(20), ago(18)), score.plant(r.id);
      if (kind == 1) score.looks_like_it("deals won without a prompt", r.id);
      if (kind == 2) follow("mary", ago(20), ago(18)), score.looks_like_it("prompts that somebody else followed", r.id);
      if (kind == 3) follow(who, ago(8), ago(2)), score.looks_like_it("prompts followed after the win", r.id);
      if (kind == 4) follow(who, ago(20), ago(18)), score.looks_like_it("deals that were lost", r.id);
      if (kind == 5) follow(who, ago(80), ago(20)), score.looks_like_it("prompts that were followed late", r.id);
      if (kind == 6) follow(who, ago(120), ago(118)), score.looks_like_it("wins of long ago", r.id);
      d.see(r);
    }
  score.judge(d.conclude(e));
}

}  // namespace
}  // namespace coachd::rules::desk
