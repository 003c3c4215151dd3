#include "rules/detectors/due_day.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/detectors/names.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using model::Day;
using std::chrono::days;

constexpr std::array<std::pair<std::string_view, unsigned>, 66> months{{
    {"january", 1},   {"jan", 1},       {"januar", 1},    {"enero", 1},      {"janvier", 1},   {"janeiro", 1},
    {"february", 2},  {"feb", 2},       {"februar", 2},   {"febrero", 2},    {"fevrier", 2},   {"fevereiro", 2},
    {"march", 3},     {"mar", 3},       {"maerz", 3},     {"marzo", 3},      {"mars", 3},      {"marco", 3},
    {"april", 4},     {"apr", 4},       {"abril", 4},     {"avril", 4},      {"may", 5},       {"mai", 5},
    {"mayo", 5},      {"maio", 5},      {"june", 6},      {"jun", 6},        {"juni", 6},      {"junio", 6},
    {"juin", 6},      {"junho", 6},     {"july", 7},      {"jul", 7},        {"juli", 7},      {"julio", 7},
    {"juillet", 7},   {"julho", 7},     {"august", 8},    {"aug", 8},        {"agosto", 8},    {"aout", 8},
    {"september", 9}, {"sep", 9},       {"sept", 9},      {"septiembre", 9}, {"septembre", 9}, {"setembro", 9},
    {"october", 10},  {"oct", 10},      {"oktober", 10},  {"okt", 10},       {"octubre", 10},  {"octobre", 10},
    {"outubro", 10},  {"november", 11}, {"nov", 11},      {"noviembre", 11}, {"novembre", 11}, {"novembro", 11},
    {"december", 12}, {"dec", 12},      {"dezember", 12}, {"diciembre", 12}, {"decembre", 12}, {"dezembro", 12},
}};
// From Monday, 1.
constexpr std::array<std::pair<std::string_view, unsigned>, 35> weekdays{{
    {"monday", 1},  {"tuesday", 2},  {"wednesday", 3}, {"thursday", 4}, {"friday", 5},     {"saturday", 6},
    {"sunday", 7},  {"montag", 1},   {"dienstag", 2},  {"mittwoch", 3}, {"donnerstag", 4}, {"freitag", 5},
    {"samstag", 6}, {"sonntag", 7},  {"lunes", 1},     {"martes", 2},   {"miercoles", 3},  {"jueves", 4},
    {"viernes", 5}, {"sabado", 6},   {"domingo", 7},   {"lundi", 1},    {"mardi", 2},      {"mercredi", 3},
    {"jeudi", 4},   {"vendredi", 5}, {"samedi", 6},    {"dimanche", 7}, {"segunda", 1},    {"terca", 2},
    {"quarta", 3},  {"quinta", 4},   {"sexta", 5},     {"mon", 1},      {"fri", 5},
}};
constexpr std::array<std::pair<std::string_view, int>, 36> numbers{{
    {"a", 1},      {"one", 1},    {"two", 2},   {"three", 3},  {"four", 4},  {"five", 5},  {"six", 6},   {"ein", 1},
    {"einem", 1},  {"einer", 1},  {"zwei", 2},  {"drei", 3},   {"vier", 4},  {"fuenf", 5}, {"sechs", 6}, {"un", 1},
    {"una", 1},    {"dos", 2},    {"tres", 3},  {"cuatro", 4}, {"cinco", 5}, {"seis", 6},  {"une", 1},   {"deux", 2},
    {"trois", 3},  {"quatre", 4}, {"cinq", 5},  {"um", 1},     {"uma", 1},   {"dois", 2},  {"duas", 2},  {"quatro", 4},
    {"couple", 2}, {"ten", 10},   {"zehn", 10}, {"dix", 10},
}};
constexpr std::array<std::pair<std::string_view, int>, 22> units{{
    {"day", 1},  {"days", 1},  {"week", 7},    {"weeks", 7},    {"month", 30}, {"months", 30},
    {"tag", 1},  {"tagen", 1}, {"woche", 7},   {"wochen", 7},   {"monat", 30}, {"monaten", 30},
    {"dia", 1},  {"dias", 1},  {"semana", 7},  {"semanas", 7},  {"mes", 30},   {"meses", 30},
    {"jour", 1}, {"jours", 1}, {"semaine", 7}, {"semaines", 7},
}};

template <class Value, std::size_t N>
std::optional<Value> named(const std::array<std::pair<std::string_view, Value>, N>& table, std::string_view word) {
  for (const auto& [name, value] : table)
    if (name == word) return value;
  return std::nullopt;
}

std::optional<int> as_number(std::string_view t) {
  int n = 0;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), n);
  if (ec != std::errc{} || end == t.data()) return std::nullopt;
  const std::string_view rest(end, static_cast<std::size_t>(t.data() + t.size() - end));
  if (!rest.empty() && rest != "st" && rest != "nd" && rest != "rd" && rest != "th" && rest != "er")
    return std::nullopt;
  return n;
}

std::optional<Day> day(int year, unsigned month, int of_month) {
  const std::chrono::year_month_day d{std::chrono::year(year), std::chrono::month(month),
                                      std::chrono::day(static_cast<unsigned>(of_month))};
  if (of_month < 1 || of_month > 31 || !d.ok()) return std::nullopt;
  return Day(d);
}

class Reader {
 public:
  Reader(std::string_view line, std::string_view sentence, Day written)
      : line_(line), raw_(text::fold(sentence)), written_(written) {
    for (std::size_t i = 1; i < line_.size();) {
      const auto end = line_.find(' ', i);
      words_.push_back(std::string_view(line_).substr(i, end - i));
      i = end + 1;
    }
  }
  [[nodiscard]] std::optional<Day> due() const {
    for (const auto& found : {written_out(), in_figures(), relative(), by_weekday()})
      if (found) return *found >= written_ && *found <= written_ + longest_promise ? found : std::nullopt;
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::string_view word(std::size_t i) const {
    return i < words_.size() ? words_[i] : std::string_view{};
  }
  [[nodiscard]] int year() const { return static_cast<int>(std::chrono::year_month_day(written_).year()); }

  // A day without a year is the next one; one that is just over is over.
  [[nodiscard]] std::optional<Day> without_year(unsigned month, int of_month) const {
    auto d = day(year(), month, of_month);
    if (d && *d + days(60) < written_) d = day(year() + 1, month, of_month);
    return d;
  }
  [[nodiscard]] std::optional<Day> dated(unsigned month, int of_month, std::size_t year_at) const {
    if (const auto y = as_number(word(year_at)); y && *y >= 2000 && *y < 2100) return day(*y, month, of_month);
    return without_year(month, of_month);
  }

  // `12 may`, `12 de mayo 2026`, `may 12`, `12th of may`.
  [[nodiscard]] std::optional<Day> written_out() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto month = named(months, words_[i]);
      if (!month) continue;
      if (i > 0)
        if (const auto n = as_number(words_[i - 1]); n && *n <= 31) return dated(*month, *n, i + 1);
      if (i > 1 && (words_[i - 1] == "de" || words_[i - 1] == "of"))
        if (const auto n = as_number(words_[i - 2]); n && *n <= 31)
          return dated(*month, *n, word(i + 1) == "de" ? i + 2 : i + 1);
      if (const auto n = as_number(word(i + 1)); n && *n <= 31 && words_[i] != "mar") return dated(*month, *n, i + 2);
    }
    return std::nullopt;
  }

  // `2026-05-12`, `12.05.2026`, `12.05.`, `25/05`: where day and month cannot be told apart it is no date.
  [[nodiscard]] std::optional<Day> in_figures() const {
    const auto digit = [&](std::size_t i) { return i < raw_.size() && raw_[i] >= '0' && raw_[i] <= '9'; };
    for (std::size_t i = 0; i < raw_.size();) {
      if (!digit(i)) {
        ++i;
        continue;
      }
      std::array<int, 3> parts{};
      std::size_t n = 0;
      char sign = 0;
      std::size_t at = i;
      while (n < parts.size() && digit(at)) {
        std::size_t end = at;
        while (digit(end) && end - at < 4) ++end;
        (void)std::from_chars(raw_.data() + at, raw_.data() + end, parts[n++]);
        if (end >= raw_.size() || (raw_[end] != '.' && raw_[end] != '/' && raw_[end] != '-') ||
            (sign != 0 && raw_[end] != sign)) {
          at = end;
          break;
        }
        sign = raw_[end];
        at = end + 1;
      }
      i = std::max(at, i + 1);
      if (n < 2 || sign == 0) continue;
      if (sign == '-' && n == 3 && parts[0] >= 2000) return day(parts[0], static_cast<unsigned>(parts[1]), parts[2]);
      if (sign == '-') continue;
      const int last = n == 3 ? (parts[2] < 100 ? parts[2] + 2000 : parts[2]) : 0;
      int of_month = parts[0];
      int month = parts[1];
      if (sign == '/') {
        if (of_month <= 12 && month <= 12 && of_month != month) return std::nullopt;
        if (month > 12) std::swap(of_month, month);
      }
      if (month < 1 || month > 12) continue;
      if (n == 3) return day(last, static_cast<unsigned>(month), of_month);
      return without_year(static_cast<unsigned>(month), of_month);
    }
    return std::nullopt;
  }

  [[nodiscard]] bool says(std::string_view phrase) const { return line_.find(phrase) != std::string::npos; }
  [[nodiscard]] Day monday() const {
    const std::chrono::weekday w{written_};
    return written_ - days(w.iso_encoding() - 1);
  }

  [[nodiscard]] std::optional<Day> relative() const {
    for (const auto phrase :
         {" day after tomorrow ", " uebermorgen ", " pasado manana ", " apres demain ", " depois de amanha "})
      if (says(phrase)) return written_ + days(2);
    for (std::size_t i = 0; i + 2 < words_.size(); ++i) {
      if (word(i) != "in" && word(i) != "en" && word(i) != "dans" && word(i) != "em" && word(i) != "within") continue;
      std::size_t at = i + 1;
      if (word(at) == "a" && word(at + 1) == "couple" && word(at + 2) == "of") at += 1;
      auto n = named(numbers, word(at));
      if (!n) n = as_number(word(at));
      if (word(at) == "couple") ++at;
      const auto unit = named(units, word(at + 1));
      if (n && unit && *n > 0 && *n <= 60) return written_ + days(*n * *unit);
    }
    for (const auto phrase : {" next week ", " naechste woche ", " naechster woche ", " kommende woche ",
                              " proxima semana ", " semana que viene ", " semaine prochaine ", " semana que vem "})
      if (says(phrase)) {
        const auto w = by_weekday();
        if (!w) return monday() + days(7);
        return *w < monday() + days(7) ? *w + days(7) : *w;
      }
    const std::chrono::year_month_day today{written_};
    const auto next = today.year() / today.month() + std::chrono::months(1);
    for (const auto phrase :
         {" next month ", " naechsten monat ", " proximo mes ", " mois prochain ", " proximo mes ", " mes que vem "})
      if (says(phrase)) return Day(next / 1);
    for (const auto phrase : {" end of month ", " end of the month ", " monatsende ", " ende des monats ",
                              " fin de mes ", " fin du mois ", " fim do mes ", " final do mes "})
      if (says(phrase)) return Day(next / 1) - days(1);
    for (const auto phrase : {" end of week ", " end of the week ", " ende der woche ", " wochenende ",
                              " fin de la semaine ", " fim da semana "})
      if (says(phrase)) return monday() + days(4);
    if (says(" tomorrow ") || says(" demain ") || says(" amanha ")) return written_ + days(1);
    if (says(" morgen ") && !says(" guten morgen ")) return written_ + days(1);
    if (says(" manana ") && !says(" la manana ")) return written_ + days(1);
    for (const auto phrase : {" today ", " heute ", " hoy ", " aujourd hui ", " hoje "})
      if (says(phrase)) return written_;
    return std::nullopt;
  }

  // The next such day after the note was written.
  [[nodiscard]] std::optional<Day> by_weekday() const {
    for (const std::string_view w : words_)
      if (const auto n = named(weekdays, w)) {
        Day d = monday() + days(static_cast<int>(*n) - 1);
        if (d <= written_) d += days(7);
        return d;
      }
    return std::nullopt;
  }

  std::string line_;
  std::string raw_;
  Day written_;
  std::vector<std::string_view> words_;
};

}  // namespace

std::string plain_line(std::string_view text) {
  std::string spaced(text);  // plain_words takes `.` and `'` for letters' company: here they part words
  for (char& c : spaced)
    if (c == '.' || c == '\'') c = ' ';
  for (std::size_t i = spaced.find("\xe2\x80\x99"); i != std::string::npos; i = spaced.find("\xe2\x80\x99", i))
    spaced.replace(i, 3, " ");
  std::string out = " ";
  for (const std::string& w : plain_words(spaced)) out += w + ' ';
  return out;
}

std::optional<model::Day> due_day(std::string_view sentence, model::Day written) {
  const std::string line = plain_line(sentence);
  return Reader(line, sentence, written).due();
}

}  // namespace coachd::rules
