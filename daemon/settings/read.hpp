// Typed values of coachd.yaml, as the sections read them: each reports its own mistake at its place and answers nothing
// then.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {

/// What all sections share: where relative paths start, and which texts of the file must not be shown.
struct Context {
  yaml::Document& document;
  std::string folder;                    ///< of the configuration; empty: the working folder
  std::vector<yaml::Node> secret_texts;  ///< secrets that were written as plain text

  /// No line of a diagnostic shows the texts of this value.
  void hide(const yaml::Node& node);
  void error(std::string code, std::string message, const model::Place& at);
  void warning(std::string code, std::string message, const model::Place& at);
  /// A key that is known and that this version does not act on: said, never silent.
  void not_used(std::string_view key, const model::Place& at);
  [[nodiscard]] std::string path(std::string_view written) const;
};

/// A text; `null` and `~` mean "none" here and are no mistake.
[[nodiscard]] std::string text_or_none(yaml::MapReader& map, std::string_view key);
/// One of `words`; another is an error with the nearest.
[[nodiscard]] std::optional<std::string> one_of(Context& context, yaml::MapReader& map, std::string_view key,
                                                std::initializer_list<std::string_view> words);
[[nodiscard]] bool is_one_of(Context& context, const yaml::Node& node, std::string_view what,
                             std::initializer_list<std::string_view> words);
/// `60s`, `5m`, `2h`, `1d`, `1w`: days of 24 hours.
[[nodiscard]] std::optional<std::chrono::seconds> clock(Context& context, yaml::MapReader& map, std::string_view key);
/// `20%`, above 0 and at most 100, as a share of 1.
[[nodiscard]] std::optional<double> percent(Context& context, yaml::MapReader& map, std::string_view key);
/// A whole number from `least` on.
[[nodiscard]] std::optional<int> whole(Context& context, yaml::MapReader& map, std::string_view key, int least);
/// `09:30`, since midnight.
[[nodiscard]] std::optional<std::chrono::minutes> parse_time(std::string_view text);
[[nodiscard]] std::optional<std::chrono::minutes> time_of_day(Context& context, const yaml::Node& node,
                                                              std::string_view what);
/// `{credential: NAME}`, `{file: PATH}` or `{env: NAME}`; a plain text is an error that does not repeat it.
[[nodiscard]] Secret secret(Context& context, yaml::MapReader& map, std::string_view key);
/// `127.0.0.1:8787`, `[::1]:8787`.
[[nodiscard]] std::optional<Address> address(Context& context, yaml::MapReader& map, std::string_view key);
/// An absolute https URL, or http to a loopback host; without the slash at its end.
[[nodiscard]] std::string url(Context& context, yaml::MapReader& map, std::string_view key);
[[nodiscard]] bool is_email(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string> emails(Context& context, yaml::MapReader& map, std::string_view key);
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

// The sections.
void read_connections(Context& context, const yaml::Node& node, Mode mode, Settings& out);
[[nodiscard]] rules::NameMap read_map(Context& context, const yaml::Node& node);
void read_calendar(Context& context, const yaml::Node& node, CalendarSettings& out);
void read_budget(Context& context, const yaml::Node& node, Budget& out);
void read_meetings(Context& context, const yaml::Node& node, std::vector<Meeting>& out);
void read_listen(Context& context, const yaml::Node& node, Listen& out);
[[nodiscard]] std::vector<Person> read_people(Context& context, const yaml::Node& node);

}  // namespace coachd::settings
