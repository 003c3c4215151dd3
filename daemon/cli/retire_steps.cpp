#include "daemon/cli/retire_steps.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/app/files/whole_file.hpp"
#include "daemon/app/retirement.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;
using State = coaching::RetireState;

// Whoever runs the command: by sudo, too.
std::string login_name() {
  if (const char* name = std::getenv("SUDO_USER"); name != nullptr && *name != '\0') return name;
  const auto* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(::geteuid());
}

std::string full_name(const app::FieldAt& at) {
  return at.object + "." + at.field;
}

// The one field that is meant. Throws std::runtime_error where it is none or several.
app::FieldAt the_field(app::StateView& state, const RetireOptions& options) {
  if (options.names.empty())
    throw std::runtime_error("`coachd retire " + options.what + "` needs a field: coachd retire " + options.what +
                             " FIELD");
  const auto& field = options.names.back();
  const auto& connection = options.names.size() > 1 ? options.names.front() : options.connection;
  if (!connection.empty() && !state.settings().connections.contains(connection))
    throw std::runtime_error("there is no connection `" + connection + "` in coachd.yaml");
  auto found = app::fields_called(state, connection, field);
  if (found.empty()) throw std::runtime_error("no card that is on here is about `" + field + "`");
  if (found.size() == 1) return std::move(found.front());
  std::string which;
  for (const auto& at : found) which += (which.empty() ? "" : ", ") + at.connection + " " + full_name(at);
  throw std::runtime_error("`" + field + "` is several fields: say which of " + which);
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void require_read(const app::FieldValues& values, const app::FieldAt& at) {
  if (values.unread > 0)
    throw std::runtime_error(thousands(static_cast<std::uint64_t>(values.unread)) + " records of " + at.connection +
                             " have not been read with " + full_name(at) +
                             " yet: wait until `coachd status` says that "
                             "all is read, then try again");
}

void require_first_load(app::StateView& state, const app::FieldAt& at) {
  if (!app::StateView::first_load_done(*state.look(), at.connection))
    throw std::runtime_error("the first load of " + at.connection +
                             " is not done, so not every value is known: see `coachd status`");
}

class Step {
 public:
  Step(app::StateView& state, const RetireOptions& options, Io& io)
      : state_(state), options_(options), io_(io), at_(the_field(state, options)) {
    request_.connection = at_.connection;
    request_.object = at_.object;
    request_.field = at_.field;
    request_.what = options.what;
    request_.by = options.by.empty() ? login_name() : options.by;
    request_.because = options.because;
    request_.review_on = options.review_on;
  }

  int run() {
    if (options_.what == "export") return export_values();
    if (options_.what == "propose") propose();
    if (options_.what == "agree") {
      request_.owner = options_.by;
      request_.by = login_name();
    }
    if (options_.what == "hide" || options_.what == "archive") return hide_or_archive();
    return ask();
  }

 private:
  int refuse(const std::string& why) {
    io_.err << "coachd retire " << options_.what << ": " << why << "\n";
    return exit_findings;
  }

  int ask() {
    const auto outcome = app::ask_for_step(state_, request_);
    if (!outcome.refused.empty()) return refuse(outcome.refused);
    io_.out << full_name(at_) << " at " << at_.connection << ":\n";
    if (outcome.field) io_.out << standing(*outcome.field, nullptr);
    if (!outcome.note.empty()) io_.out << "  " << outcome.note << "\n";
    return exit_good;
  }

  void propose() {
    for (const auto& r : app::retirement(state_, at_.connection, at_.field)) {
      if (r.object != at_.object) continue;
      request_.why_not = app::why_no_candidate(r);
      request_.candidate = request_.why_not.empty();
      request_.evidence = app::evidence_sentence(r);
      if (request_.candidate) return;
    }
  }

  [[nodiscard]] State state_of_field() {
    const auto all = app::retirements(state_, at_.connection);
    const auto& fields = all.at(at_.connection);
    const auto known = fields.find(full_name(at_));
    return known == fields.end() ? State::none : known->second.now.state;
  }

  int export_values() {
    if (options_.to.empty()) throw std::runtime_error("name the file: --to FILE");
    if (const auto s = state_of_field(); s == State::none || s == State::kept)
      return refuse("nobody proposed to retire " + full_name(at_) + ": begin with `coachd retire propose " + at_.field +
                    "`");
    require_first_load(state_, at_);
    app::WholeFile file(options_.to, false);
    file.write("record,value,last_change\r\n");
    const auto values = app::each_value(
        state_, at_, [&](std::string_view record, const std::string& value, const std::string& last_change) {
          file.write(csv_cell(record) + "," + csv_cell(value) + "," + last_change + "\r\n");
        });
    require_read(values, at_);
    file.finish();
    request_.file = fs::absolute(options_.to).lexically_normal().string();
    request_.values = values.values;
    request_.digest = values.digest;
    if (const int code = ask(); code != exit_good) return code;
    io_.out << "  " << options_.to << ": " << thousands(static_cast<std::uint64_t>(values.values))
            << (values.values == 1 ? " record has" : " records have") << " a value, each is one line\n";
    return exit_good;
  }

  int hide_or_archive() {
    if (at_.card) {
      require_first_load(state_, at_);
      const auto values = app::each_value(state_, at_, [](auto, const auto&, const auto&) {});
      require_read(values, at_);
      request_.digest = values.digest;
    }
    if (!app::needs_package(state_, at_.connection)) return ask();
    if (options_.to.empty())
      throw std::runtime_error(
          "coachd changes no set-up of Salesforce: it writes the change for an admin to deploy; "
          "name a folder for it: --to FOLDER");
    const auto package = app::field_package(state_, at_, options_.what == "archive", options_.profiles);
    if (!package.problem.empty()) return refuse(package.problem);
    const fs::path folder = options_.to;
    std::error_code ec;
    if (fs::exists(folder, ec) && !fs::is_empty(folder, ec))
      throw std::runtime_error(folder.string() + " is not empty: name another folder");
    fs::create_directories(folder, ec);
    if (ec) throw std::runtime_error(folder.string() + " cannot be made: " + ec.message());
    request_.by_package = true;
    if (const int code = ask(); code != exit_good) {
      fs::remove(folder, ec);  // it is empty
      return code;
    }
    for (const auto& f : package.files) {
      const auto path = folder / f.path;
      fs::create_directories(path.parent_path());
      app::WholeFile file(path, false);
      file.write(f.text);
      file.finish();
    }
    io_.out << "  the change is in " << folder.string() << ": read its README.txt, then deploy it\n";
    return exit_good;
  }

  app::StateView& state_;
  const RetireOptions& options_;
  Io& io_;
  app::FieldAt at_;
  pipeline::RetireRequest request_;
};

std::string day(model::Instant at) {
  return local_time(at);
}

// What the owner was asked and said.
std::string consent_line(const coaching::Retirement& r, const store::PromptRow* question) {
  if (const auto& c = r.consent)
    return "  " + c->by + " agreed " + day(c->at) +
           (c->in_crm ? ", in the CRM" : ", told to " + c->recorded + ": " + c->because) + "\n";
  if (r.declined) return "  " + r.owner + " dismissed the question " + day(*r.declined) + ": that is no yes\n";
  std::string out = "  no yes from its definition owner, " + r.owner;
  if (question != nullptr) {
    out += " (the question: " + std::string(model::to_string(question->state));
    if (!question->reason.empty()) out += ", " + question->reason;
    out += ")";
  }
  return out + "\n";
}

}  // namespace

const std::vector<std::string>& retire_words() {
  static const std::vector<std::string> words{"list", "propose", "agree", "announce", "export",
                                              "hide", "archive", "keep",  "undo"};
  return words;
}

int retire_step(app::StateView& state, const RetireOptions& options, Io& io) {
  return Step(state, options, io).run();
}

std::string standing_in_short(const coaching::Retirement& r) {
  const auto& s = r.now;
  std::string out = std::string(coaching::to_string(s.state)) + " since " + day(s.since);
  switch (s.state) {
    case State::none: return {};
    case State::announced: return out + (s.not_before ? ", will be hidden from " + day(*s.not_before) + " on" : "");
    case State::hidden: return out + (s.not_before ? ", will be archived from " + day(*s.not_before) + " on" : "");
    case State::kept: return out + (s.review_on ? ", review on " + model::to_string(*s.review_on) : "");
    case State::proposed:
    case State::archived: return out;
  }
  return out;
}

std::string standing(const coaching::Retirement& r, const store::PromptRow* question) {
  std::string out;
  if (r.now.state == State::none) {
    if (r.steps.empty()) return {};
    return "  not under way; last: " + r.steps.back().what + ", " + day(r.steps.back().at) + "\n";
  }
  out += "  " + standing_in_short(r);
  if (r.now.by_package) out += " (by a change that an admin deploys)";
  out += "\n";
  if (r.now.state == State::kept) return out + "  because: " + r.now.because + "\n";
  out += consent_line(r, question);
  if (const auto& e = r.exported)
    out += "  " + thousands(static_cast<std::uint64_t>(e->values)) + " values exported " + day(e->at) + " to " +
           e->file + "\n";
  else
    out += "  its values are not exported\n";
  if (r.calling)
    out += "  a call to the CRM (" + std::string(coaching::to_string(*r.calling)) +
           ") has no answer yet: the same step again settles it\n";
  return out;
}

}  // namespace coachd::cli
