#include "daemon/log/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/log/lines.hpp"
#include "rules/model/time.hpp"

namespace coachd::log {
namespace {

constexpr std::size_t longest_id = 64;

bool id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._:/@+-").find(c) != std::string_view::npos;
}

// systemd says by this variable which stream is connected to the journal; a redirected standard error is another one.
bool journal_on_stderr() {
  const char* named = std::getenv("JOURNAL_STREAM");
  struct stat s{};
  if (named == nullptr || ::fstat(STDERR_FILENO, &s) != 0) return false;
  return std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino) == named;
}

// Without its socket libsystemd drops entries in silence.
bool journal_there() {
  return ::access("/run/systemd/journal/socket", W_OK) == 0;
}

Format chosen(Format wanted) {
  if (wanted == Format::journal && !journal_there()) return Format::json;
  if (wanted != Format::automatic) return wanted;
  if (journal_on_stderr() && journal_there()) return Format::journal;
  return ::isatty(STDERR_FILENO) != 0 ? Format::text : Format::json;
}

model::Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

bool to_journal(const Entry& e) {
  auto fields = journal_fields(e);
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (auto& f : fields) parts.push_back({f.data(), f.size()});
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

Sentence::Sentence(std::string_view text) {
  for (const char c : text.substr(0, 400))
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) text_.push_back(c);
}

Id::Id(std::string_view text)
    : text_(text.size() <= longest_id && std::all_of(text.begin(), text.end(), id_character)
                ? text
                : std::string_view("(not an id)")) {}

struct Logger::Output {
  spdlog::logger lines{"coachd", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

Logger::Logger(Options options) : options_(std::move(options)), output_(std::make_unique<Output>()) {
  options_.format = chosen(options_.format);
  if (!options_.now) options_.now = system_now;
  output_->lines.set_pattern("%v");
  output_->lines.set_level(spdlog::level::trace);  // the level is looked at before a line is made
  output_->lines.flush_on(spdlog::level::trace);
}

Logger::~Logger() = default;

void Logger::write(Level level, Literal message, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  const Entry entry{level, message.get(), fields, options_.now()};
  if (options_.format == Format::journal && !options_.sink && to_journal(entry))
    return;  // no journal there: a line is better than nothing
  const auto line = options_.format == Format::text ? text_line(entry) : json_line(entry);
  if (options_.sink)
    options_.sink(line);
  else
    output_->lines.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace coachd::log
