// What tests of the hall share: a small org, its connection, and a store in a folder that goes away.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::pipeline {

/// A rule file about opportunities, old ones too, of which only the rules differ: each on a line of its own.
inline std::string rule_file(const std::string& workflow, const std::string& rules) {
  return "version: 1\nworkflow: " + workflow +
         "\nobject: opportunity\nowner: revops@example.com\nold_records: all\nrules:\n" + rules;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "coachd-hall-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<store::sqlite::SqliteStore> open_store(const std::filesystem::path& folder) {
  store::sqlite::Options options;
  options.folder = folder;
  options.reserve_bytes = 0;
  return store::sqlite::open(std::move(options));
}

inline std::vector<std::string> columns() {
  return {"Name", "OwnerId", "StageName", "Amount", "CloseDate", "NextStep"};
}

inline app::ConnectionSetup acme() {
  app::ConnectionSetup setup;
  setup.name = "acme";
  setup.names.objects = {{"opportunity", "Opportunity"}};
  setup.names.fields["opportunity"] = {{"name", "Name"},     {"owner", "OwnerId"},        {"stage", "StageName"},
                                       {"amount", "Amount"}, {"close_date", "CloseDate"}, {"next_step", "NextStep"}};
  return setup;
}

inline model::Description org() {
  model::Description d;
  d.organisation = "00D000000000001EAA";
  d.zone = "Europe/Berlin";
  model::ObjectDescription o{"Opportunity", "Opportunity", {}, {}, {}};
  using T = model::FieldType;
  for (const auto& [name, type] : std::vector<std::pair<std::string, T>>{{"Name", T::text},
                                                                         {"OwnerId", T::reference},
                                                                         {"StageName", T::picklist},
                                                                         {"Amount", T::currency},
                                                                         {"CloseDate", T::date},
                                                                         {"NextStep", T::text}}) {
    model::FieldDescription f;
    f.name = f.label = name;
    f.type = type;
    o.fields.push_back(f);
  }
  o.pipelines = {
      {"", "", {{"Early", "Early"}, {"Late", "Late"}, {"Won", "Won", true, false}, {"Lost", "Lost", false, true}}}};
  d.objects.emplace("Opportunity", o);
  for (const char* id : {"ana", "ben", "cem"}) {
    model::Person p;
    p.id = model::PersonId(id);
    p.email = std::string(id) + "@example.com";
    d.people.emplace(p.id, p);
  }
  return d;
}

}  // namespace coachd::pipeline
