#include "tests/contract/store/fixture.hpp"

#include <cstdlib>
#include <stdexcept>

namespace coachd::store::contract {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "coachd-store-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

Instant minute(std::int64_t m) {
  return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + std::chrono::hours(9) +
         std::chrono::minutes(m);
}

JournalEntry change(const std::string& record, std::uint64_t key, Instant received, const std::string& body) {
  JournalEntry e;
  e.connection = "sf";
  e.object = "opportunity";
  e.record = record;
  e.key = key;
  e.received = received;
  e.body = body;
  return e;
}

SnapshotRow snapshot(const std::string& record, const std::string& values, Instant version) {
  SnapshotRow r;
  r.connection = "sf";
  r.object = "opportunity";
  r.record = record;
  r.version = version;
  r.created = minute(-1000);
  r.created_by = "u1";
  r.modified_by = "u2";
  r.read_set = 3;
  r.values = values;
  return r;
}

StoredHistory moved(const std::string& record, model::HistorySource source, Instant at, const std::string& from,
                    const std::string& to, const std::string& vendor_id) {
  StoredHistory h;
  h.connection = "sf";
  h.object = "opportunity";
  h.record = record;
  h.field = 7;
  h.at = at;
  h.seen_at = at + std::chrono::minutes(1);
  h.author = "u2";
  h.source = source;
  h.vendor_id = vendor_id;
  h.from = model::StoredValue::text(from);
  h.to = model::StoredValue::text(to);
  return h;
}

FindingRow finding(const std::string& record, const std::string& rule) {
  FindingRow f;
  f.connection = "sf";
  f.object = "opportunity";
  f.record = record;
  f.rule = rule;
  f.finding = rule;
  f.owner = "u1";
  f.since = minute(-5);
  f.first_seen = minute(0);
  return f;
}

PromptRow prompt(const std::string& key, const std::string& record, const std::string& person) {
  PromptRow p;
  p.connection = "sf";
  p.key = key;
  p.object = "opportunity";
  p.record = record;
  p.person = person;
  p.carrier = "task";
  p.opened = minute(0);
  p.changed = minute(0);
  p.lines = {"a/b|b"};
  return p;
}

void StoreContract::TearDown() {
  reader_.reset();
  store_.reset();
}

void StoreContract::open() {
  store_ = GetParam().open(folder_.path());
  reader_ = store_->open_reader();
}

void StoreContract::reopen() {
  reader_.reset();
  store_->stop();
  store_.reset();
  open();
}

UnitOfWork StoreContract::unit(UnitOfWork::Urgency urgency) const {
  UnitOfWork u;
  u.urgency = urgency;
  u.epoch = store_->epoch();
  return u;
}

}  // namespace coachd::store::contract
