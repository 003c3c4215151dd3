#include "rules/detectors/names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

// Latin letters with marks, folded, as UTF-8 -> how they are written without.
constexpr std::array<std::pair<std::string_view, std::string_view>, 47> plain_letters{{
    {"à", "a"}, {"á", "a"}, {"â", "a"},  {"ã", "a"}, {"ä", "ae"}, {"å", "aa"}, {"æ", "ae"}, {"ç", "c"},
    {"è", "e"}, {"é", "e"}, {"ê", "e"},  {"ë", "e"}, {"ì", "i"},  {"í", "i"},  {"î", "i"},  {"ï", "i"},
    {"ñ", "n"}, {"ò", "o"}, {"ó", "o"},  {"ô", "o"}, {"õ", "o"},  {"ö", "oe"}, {"ø", "oe"}, {"ù", "u"},
    {"ú", "u"}, {"û", "u"}, {"ü", "ue"}, {"ý", "y"}, {"ÿ", "y"},  {"ß", "ss"}, {"ą", "a"},  {"ć", "c"},
    {"č", "c"}, {"ď", "d"}, {"ę", "e"},  {"ě", "e"}, {"ł", "l"},  {"ń", "n"},  {"ň", "n"},  {"ř", "r"},
    {"ś", "s"}, {"š", "s"}, {"ť", "t"},  {"ů", "u"}, {"ź", "z"},  {"ż", "z"},  {"ž", "z"},
}};

constexpr std::array<std::string_view, 56> legal_forms{"ab",
                                                       "ag",
                                                       "aktiengesellschaft",
                                                       "and",
                                                       "as",
                                                       "asa",
                                                       "bv",
                                                       "bvba",
                                                       "co",
                                                       "company",
                                                       "corp",
                                                       "corporation",
                                                       "cv",
                                                       "de",
                                                       "doo",
                                                       "e",
                                                       "et",
                                                       "ev",
                                                       "gbr",
                                                       "gesellschaft",
                                                       "gmbh",
                                                       "group",
                                                       "holding",
                                                       "inc",
                                                       "incorporated",
                                                       "kg",
                                                       "kgaa",
                                                       "kk",
                                                       "limited",
                                                       "limitada",
                                                       "llc",
                                                       "llp",
                                                       "lp",
                                                       "ltd",
                                                       "ltda",
                                                       "mbh",
                                                       "nv",
                                                       "ohg",
                                                       "oy",
                                                       "oyj",
                                                       "plc",
                                                       "pte",
                                                       "pty",
                                                       "sa",
                                                       "sarl",
                                                       "sas",
                                                       "sasu",
                                                       "se",
                                                       "sl",
                                                       "slu",
                                                       "spa",
                                                       "srl",
                                                       "the",
                                                       "und",
                                                       "y",
                                                       "zoo"};

constexpr std::array<std::string_view, 26> everybodys{
    "aol.com",     "gmail.com",  "gmx.at",      "gmx.com",   "gmx.de",         "gmx.net", "googlemail.com",
    "hotmail.com", "hotmail.fr", "icloud.com",  "live.com",  "mail.com",       "mail.ru", "me.com",
    "msn.com",     "orange.fr",  "outlook.com", "proton.me", "protonmail.com", "qq.com",  "t-online.de",
    "uol.com.br",  "web.de",     "yahoo.com",   "yahoo.de",  "yahoo.fr"};

bool is_legal_form(std::string_view word) {
  return std::find(legal_forms.begin(), legal_forms.end(), word) != legal_forms.end();
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::vector<std::string> plain_words(std::string_view text) {
  const std::string folded = text::fold(text);
  std::vector<std::string> out;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) out.push_back(std::exchange(word, {}));
  };
  for (std::size_t i = 0; i < folded.size();) {
    const char c = folded[i];
    if (is_letter_or_digit(c)) {
      word += c;
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      // `S.A.` and `Sant'Anna` are one word.
      if (c != '.' && c != '\'') end();
      ++i;
    } else {
      const auto lead = static_cast<unsigned char>(c);
      const std::size_t size = std::min<std::size_t>(lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2, folded.size() - i);
      const std::string_view letter(folded.data() + i, size);
      const auto* plain =
          std::find_if(plain_letters.begin(), plain_letters.end(), [&](const auto& p) { return p.first == letter; });
      if (plain != plain_letters.end())
        word += plain->second;
      else if (letter == "\xe2\x80\x93" || letter == "\xe2\x80\x94" || letter == "\xc2\xa0")  // dashes, hard space
        end();
      else if (letter != "\xe2\x80\x99")  // apostrophe
        word += letter;
      i += size;
    }
  }
  end();
  return out;
}

std::string company_name(std::string_view text) {
  const auto words = plain_words(text);
  std::string out;
  for (const auto& w : words)
    if (!is_legal_form(w)) out += (out.empty() ? "" : " ") + w;
  if (out.empty())
    for (const auto& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

std::string company_domain(std::string_view text) {
  std::string t = text::fold(text);
  if (const auto scheme = t.find("://"); scheme != std::string::npos) t.erase(0, scheme + 3);
  if (const auto at = t.rfind('@'); at != std::string::npos) t.erase(0, at + 1);
  if (const auto rest = t.find_first_of("/?#: ,;"); rest != std::string::npos) t.erase(rest);
  if (t.starts_with("www.")) t.erase(0, 4);
  while (!t.empty() && t.back() == '.') t.pop_back();
  const auto dot = t.find('.');
  if (dot == std::string::npos || dot == 0 || t.size() < 4) return {};
  if (std::find(everybodys.begin(), everybodys.end(), t) != everybodys.end()) return {};
  return t;
}

std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == 'x' || c == 'X') break;  // an extension is no other company
    if (c >= '0' && c <= '9') digits += c;
  }
  constexpr std::size_t kept = 9;
  if (digits.size() < 7) return {};
  if (digits.size() > kept) digits.erase(0, digits.size() - kept);
  if (digits.find_first_not_of(digits[0]) == std::string::npos) return {};
  return digits;
}

double likeness(std::string_view a, std::string_view b) {
  if (a == b) return 1;
  const auto digits = [](std::string_view t) {
    std::string out;
    for (const char c : t)
      if (c >= '0' && c <= '9') out += c;
    return out;
  };
  if (digits(a) != digits(b)) return 0;
  constexpr std::size_t longest = 64;
  a = a.substr(0, longest);
  b = b.substr(0, longest);
  if (a.size() < b.size()) std::swap(a, b);
  if (a.empty()) return 0;
  if (a.size() - b.size() > a.size() / 2) return 0;
  // Letters changed, put in, left out, or two that swapped their places (optimal string alignment).
  std::array<std::array<std::uint8_t, longest + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& now = rows[i % 3];
    const auto& before = rows[(i + 2) % 3];
    const auto& older = rows[(i + 1) % 3];
    now[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int best = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, older[j - 2] + 1);
      now[j] = static_cast<std::uint8_t>(best);
    }
  }
  return 1 - static_cast<double>(rows[a.size() % 3][b.size()]) / static_cast<double>(a.size());
}

}  // namespace coachd::rules
