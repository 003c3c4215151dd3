#include "daemon/cli/state.hpp"

#include <ctime>
#include <ostream>
#include <stdexcept>

#include "daemon/app/description_json.hpp"
#include "daemon/app/sources.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {

void add_state_options(CLI::App& app, StateOptions& options) {
  app.add_option("--config", options.config, "coachd.yaml")->capture_default_str();
  app.add_option("--connection", options.connection, "Only this connection");
  app.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

settings::Settings load_settings(const std::string& path, Io& io, bool show_warnings) {
  auto loaded = settings::load(path, app::read_file(path));
  for (const auto& d : loaded.diagnostics)
    if (show_warnings || d.severity == model::Severity::error) io.err << yaml::render(d, io.err_colour());
  if (!loaded.settings) throw std::runtime_error(path + " cannot be used: see the errors above");
  return std::move(*loaded.settings);
}

State::State(const StateOptions& options, Io& io) : settings_(load_settings(options.config, io, false)) {
  try {
    store_ = store::sqlite::open_to_read(settings_.state);
  } catch (const store::sqlite::OpenError& e) {
    throw std::runtime_error(e.what());
  }
  reader_ = store_->open_reader();
}

model::Instant State::now() {
  const auto real = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  // A state whose clock runs ahead, or far behind, was written on a test clock: its own time is the one that counts.
  const auto wall = look()->metadata("wall clock");
  const auto stored = wall ? model::parse_instant(*wall) : std::nullopt;
  const bool test = look()->metadata("test clock").has_value();
  return stored && test ? *stored : real;
}

const pipeline::Context* State::context(const std::string& connection) {
  const auto known = contexts_.find(connection);
  if (known != contexts_.end()) return known->second.get();
  auto& slot = contexts_[connection];
  const auto c = settings_.connections.find(connection);
  const auto kept = look()->newest(connection, "description");
  const auto description = kept ? app::description_from_json(kept->body) : std::nullopt;
  if (c == settings_.connections.end() || !description) return nullptr;
  slot = app::build_context(app::read_rule_files(settings_.rules), app::setup_of(settings_, c->second), *description,
                            *store_, false, now())
             .context;
  return slot.get();
}

std::string State::kind_of(const std::string& connection, const std::string& rule) {
  if (const auto* c = context(connection))
    for (const auto& r : c->rules->rules)
      if (pipeline::rule_key(r) == rule) return std::string(model::to_string(r.kind));
  return "unknown";
}

std::string State::person_name(const std::string& connection, const std::string& person) {
  const auto* c = context(connection);
  const auto* p = c ? c->world->person(person) : nullptr;
  return p && !p->name.empty() ? p->name : person;
}

std::string State::record_name(const std::string& connection, const std::string& object, const std::string& record) {
  const auto* c = context(connection);
  const auto* plan = c ? c->rules->plan(object) : nullptr;
  if (!plan || plan->name == rules::no_slot) return record;
  const auto snapshot = look();
  const auto built = pipeline::build_case(*c, *snapshot, object, record);
  if (!built) return record;
  const auto name = model::to_string(built->value.value(plan->name));
  return name.empty() ? record : name;
}

std::string local_time(model::Instant at) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[64];
  const auto n = std::strftime(text, sizeof text, "%a %d %b %Y %H:%M", &parts);
  return {text, n};
}

}  // namespace coachd::cli
