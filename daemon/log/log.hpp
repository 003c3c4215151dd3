// The log: a fixed message and named numbers and ids, nothing else. There is no way to hand over a text that came from
// a CRM, a person or a secret: messages and names are literals, values are numbers, times, flags and ids. Lines go to
// the journal (as fields) when standard error is connected to it, to a terminal as `key=value`, else as JSON. One
// Logger is made at the start and handed to whoever logs. Thread-safe.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "rules/model/named_type.hpp"
#include "rules/model/time.hpp"

namespace coachd::log {

enum class Level : std::uint8_t { debug, info, warning, error };
enum class Format : std::uint8_t { automatic, json, text, journal };

[[nodiscard]] std::string_view to_string(Level level);

/// A text that stands in the program.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::string_view get() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// A name that tells things apart: of a connection, a record, a rule, a file. At most 64 of A-Z a-z 0-9 . _ : / @ + -;
/// anything else is shown as `(not an id)`, for what is longer or has blanks is a text.
class Id {
 public:
  explicit Id(std::string_view text);
  [[nodiscard]] const std::string& get() const noexcept { return text_; }

 private:
  std::string text_;
};

/// A sentence that the program made for an admin: what a connector or the store says about itself (CrmError::what),
/// what is wrong at the start. Never a text of a CRM, a person or a file. Control characters are dropped, 400 bytes at
/// most are kept.
class Sentence {
 public:
  explicit Sentence(std::string_view text);
  [[nodiscard]] const std::string& get() const noexcept { return text_; }

 private:
  std::string text_;
};

class Value {
 public:
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Value(T v) : value_(static_cast<std::int64_t>(v)) {}  // NOLINT(google-explicit-constructor)
  template <std::floating_point T>
  Value(T v) : value_(static_cast<double>(v)) {}  // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> T>
  Value(T v) : value_(v) {}                 // NOLINT(google-explicit-constructor)
  Value(model::Instant at) : value_(at) {}  // NOLINT(google-explicit-constructor)
  /// Shown in milliseconds.
  template <class Rep, class Period>
  Value(std::chrono::duration<Rep, Period> d)  // NOLINT(google-explicit-constructor)
      : value_(std::chrono::duration<double, std::milli>(d).count()) {}
  /// Written as `Literal("no room left")`.
  Value(Literal text) : value_(text.get()) {}          // NOLINT(google-explicit-constructor)
  Value(const Sentence& text) : value_(text.get()) {}  // NOLINT(google-explicit-constructor)
  Value(const Id& id) : value_(id.get()) {}            // NOLINT(google-explicit-constructor)
  template <class Tag>
  Value(const model::named_type<std::string, Tag>& id) : Value(Id(id.get())) {}  // NOLINT(google-explicit-constructor)

  using Held = std::variant<std::int64_t, double, bool, model::Instant, std::string_view, std::string>;
  [[nodiscard]] const Held& get() const noexcept { return value_; }

 private:
  Held value_;
};

struct Field {
  Literal name;  ///< snake_case
  Value value;
};

struct Options {
  Level level = Level::info;  ///< nothing below it is written
  Format format = Format::automatic;
  std::function<model::Instant()> now;  ///< stamps of JSON and text lines; default: the system's clock
  std::function<void(std::string_view)>
      sink;  ///< takes the lines (without line feed) in place of standard error: for tests
};

class Logger {
 public:
  explicit Logger(Options options = {});
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  [[nodiscard]] bool enabled(Level level) const noexcept { return level >= options_.level; }
  void write(Level level, Literal message, std::initializer_list<Field> fields = {});
  void debug(Literal message, std::initializer_list<Field> fields = {}) { write(Level::debug, message, fields); }
  void info(Literal message, std::initializer_list<Field> fields = {}) { write(Level::info, message, fields); }
  void warning(Literal message, std::initializer_list<Field> fields = {}) { write(Level::warning, message, fields); }
  void error(Literal message, std::initializer_list<Field> fields = {}) { write(Level::error, message, fields); }

 private:
  struct Output;  // spdlog stays in the .cpp
  Options options_;
  std::unique_ptr<Output> output_;
};

}  // namespace coachd::log
