#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "rules/model/description.hpp"
#include "rules/model/value.hpp"
#include "rules/text/dictionary.hpp"
#include "rules/text/fold.hpp"
#include "rules/text/text.hpp"

namespace coachd::text {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool alnum(char c) noexcept {
  return digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

// Rows of the keyboards in use (US, German, French), left to right.
constexpr std::array<std::string_view, 9> rows = {"qwertyuiop", "asdfghjkl",  "zxcvbnm",    "1234567890", "qwertzuiop",
                                                  "yxcvbnm",    "azertyuiop", "qsdfghjklm", "wxcvbn"};

// Length of the longest run of neighbours that `s` begins with. Backwards counts from four on: `poi` and `dsa` are
// words.
std::size_t run_at_front(std::string_view s) noexcept {
  std::size_t best = 0;
  for (const auto row : rows) {
    const auto at = row.find(s.front());
    if (at == std::string_view::npos) continue;
    std::size_t ahead = 1;
    while (ahead < s.size() && at + ahead < row.size() && s[ahead] == row[at + ahead]) ++ahead;
    std::size_t back = 1;
    while (back < s.size() && back <= at && s[back] == row[at - back]) ++back;
    best = std::max({best, ahead, back >= 4 ? back : 0});
  }
  return best;
}

// A place for every folded ASCII letter and digit. REQUIRES: it is one.
constexpr std::size_t key(char c) noexcept {
  return digit(c) ? static_cast<std::size_t>(c - '0') : static_cast<std::size_t>(c - 'a') + 10;
}

// By key: the keys beside it, on any keyboard and either side.
constexpr std::array<std::uint64_t, 36> beside = [] {
  std::array<std::uint64_t, 36> out{};
  for (const auto row : rows)
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      out[key(row[i])] |= std::uint64_t{1} << key(row[i + 1]);
      out[key(row[i + 1])] |= std::uint64_t{1} << key(row[i]);
    }
  return out;
}();

// Nothing but runs of three or more neighbours; digits: one run, or the same one again and again (555-1234 is a
// number).
bool keyboard(std::string_view s) noexcept {
  const auto first = run_at_front(s);
  if (first < 3) return false;
  if (std::all_of(s.begin(), s.end(), digit)) {
    if (s.size() % first != 0) return false;
    for (std::size_t i = first; i < s.size(); ++i)
      if (s[i] != s[i - first]) return false;
    return true;
  }
  for (auto rest = s; !rest.empty();) {
    const auto n = run_at_front(rest);
    if (n < 3) return false;
    rest.remove_prefix(n);
  }
  return true;
}

// Letters and digits of an ASCII text, folded, into a buffer on the stack. False where they do not fit.
template <std::size_t N>
bool squash_into(std::string_view s, std::array<char, N>& out, std::size_t& size) noexcept {
  size = 0;
  for (const char c : s) {
    if (!alnum(c)) continue;
    if (size == N) return false;
    out[size++] = lower(c);
  }
  return true;
}

// What a byte is, and the letter or digit that it stands for.
struct Sort {
  bool other = false;  // begins or continues no ASCII character
  bool letter = false;
  unsigned char folded = 0;  // 0: neither letter nor digit
};
constexpr std::array<Sort, 256> sorts = [] {
  std::array<Sort, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = static_cast<char>(i);
    out[i] = {i >= 0x80, alnum(c) && !digit(c), alnum(c) ? static_cast<unsigned char>(lower(c)) : std::uint8_t{0}};
  }
  return out;
}();

// The first letters and digits of an ASCII text, folded, four at most. They stand in one word: written byte by byte and
// read as a word, each text would wait for memory.
class Start {
 public:
  explicit Start(std::string_view s) noexcept {
    for (std::size_t i = 0; i < s.size() && !full(); ++i) {
      const Sort& sort = sorts[static_cast<unsigned char>(s[i])];
      other_ = other_ || sort.other;
      letter_ = letter_ || sort.letter;
      letters_ |= static_cast<std::uint32_t>(sort.folded) << 8 * size_;
      size_ += sort.folded != 0 ? 1 : 0;
    }
  }
  /// There are four, and up to the last nothing but ASCII.
  [[nodiscard]] bool is_plain() const noexcept { return full() && !other_; }
  [[nodiscard]] bool has_letter() const noexcept { return letter_; }
  [[nodiscard]] bool full() const noexcept { return size_ == 4; }
  /// A place among `n`, a power of two. REQUIRES: full.
  [[nodiscard]] std::size_t place(std::size_t n) const noexcept { return (letters_ * 2654435761u >> 12) & (n - 1); }
  /// False tells that the text begins neither with one letter three times nor with a run of three neighbours.
  [[nodiscard]] bool may_be_pattern() const noexcept {
    if (size_ < 3) return true;
    const char a = at(0);
    const char b = at(1);
    const char c = at(2);
    return (a == b && b == c) || (beside[key(a)] >> key(b) & beside[key(b)] >> key(c) & 1) != 0;
  }

 private:
  [[nodiscard]] char at(unsigned i) const noexcept { return static_cast<char>(letters_ >> 8 * i & 0xff); }
  std::uint32_t letters_ = 0;
  unsigned size_ = 0;
  bool other_ = false;
  bool letter_ = false;
};

// One character three times or more, or a keyboard run: of the letters, of the digits where these are the whole text,
// or of punctuation. `trimmed` is ASCII.
bool pattern_ascii(std::string_view trimmed) noexcept {
  // Three letters tell nearly all texts apart.
  if (!Start(trimmed).may_be_pattern()) return false;

  std::array<char, 64> buffer{};
  std::size_t n = 0;
  const bool fits = squash_into(trimmed, buffer, n);
  if (n == 0) {  // punctuation alone: "..." and "- - -"
    std::size_t count = 0;
    char first = 0;
    for (const char c : trimmed) {
      if (c == ' ') continue;
      if (count++ == 0) first = c;
      if (c != first) return false;
    }
    return count >= 3;
  }
  const std::string_view letters(buffer.data(), n);
  if (letters.size() < 3) return false;
  // `11.11`, `-123` and `1/2/3` are numbers and dates
  if (std::all_of(letters.begin(), letters.end(), digit) && !std::all_of(trimmed.begin(), trimmed.end(), digit))
    return false;
  if (std::all_of(letters.begin(), letters.end(), [&](char c) { return c == letters.front(); })) {
    if (fits) return true;
    return std::all_of(trimmed.begin(), trimmed.end(),
                       [&](char c) { return !alnum(c) || lower(c) == letters.front(); });
  }
  return fits && keyboard(letters);
}

// One character repeated, by code points.
bool repeated_unicode(std::string_view s) noexcept {
  if (s.empty()) return false;
  std::size_t n = 1;
  while (n < s.size() && (static_cast<unsigned char>(s[n]) & 0xc0) == 0x80) ++n;
  if (s.size() < 3 * n || s.size() % n != 0) return false;
  for (std::size_t i = n; i < s.size(); ++i)
    if (s[i] != s[i - n]) return false;
  return true;
}

bool letterless(std::string_view squashed) noexcept {
  return std::all_of(squashed.begin(), squashed.end(), digit);
}

}  // namespace

ValueClass value_class(model::FieldType type) noexcept {
  using T = model::FieldType;
  switch (type) {
    case T::picklist:
    case T::multi_picklist: return ValueClass::picklist;
    case T::unknown:
    case T::text:
    case T::long_text: return ValueClass::free_text;
    case T::boolean:
    case T::number:
    case T::currency:
    case T::percent:
    case T::date:
    case T::datetime:
    case T::reference:
    case T::phone:
    case T::email:
    case T::url:
    case T::id: break;
  }
  return ValueClass::other;
}

Placeholders::Placeholders(const Spec& spec, ValueClass cls, const std::string& label, bool governed)
    : class_(cls), only_(spec.has_only), patterns_(cls == ValueClass::free_text && !spec.has_only), zero_(spec.zero) {
  if (only_) {
    for (const auto& w : spec.only) add(w);
  } else {
    const auto others = other_words();
    if (cls == ValueClass::free_text) {
      for (const auto w : dictionary())
        if (governed || std::find(others.begin(), others.end(), w) == others.end()) add(w);
      label_ = squash(label);
    } else if (cls == ValueClass::picklist) {
      for (const auto w : picklist_words()) add(w);
      for (const auto w : choose_words()) {
        // `--None--` is the untouched entry, `None` an answer: with marks around it a word counts as written
        if (w.front() == '-' || w.front() == '<')
          literal_.insert(fold(w));
        else
          add(w);
      }
      if (governed)
        for (const auto w : others) add(w);
    }
    for (const auto& w : spec.remove) remove(w);
    for (const auto& w : spec.add) add(w);
  }
  for (const auto& w : words_) longest_ = std::max(longest_, w.size());
  for (const auto& w : literal_) longest_literal_ = std::max(longest_literal_, w.size());
  longest_ = std::max(longest_, label_.size());
  const auto note = [&](const std::string& w) {
    if (const Start start(w); start.full()) starts_.set(start.place(starts_.size()));
    if (!w.empty()) lengths_[static_cast<unsigned char>(w[0]) & 31u] |= 1ull << std::min<std::size_t>(w.size(), 63);
  };
  for (const auto& w : literal_)
    literal_lengths_[static_cast<unsigned char>(w[0]) & 31u] |= 1ull << std::min<std::size_t>(w.size(), 63);
  for (const auto& w : words_) note(w);
  note(label_);
  never_ = words_.empty() && literal_.empty() && label_.empty() && numbers_.empty() && !patterns_ && !zero_;
  if (only_ && class_ != ValueClass::picklist && numbers_.empty() && !zero_) short_of_ = 3 * longest_literal_;
}

// By first letter and length; the five bits of a letter are those of its other case.
bool Placeholders::may_be_literal(std::string_view t) const noexcept {
  return (literal_lengths_[static_cast<unsigned char>(t[0]) & 31u] >> std::min<std::size_t>(t.size(), 63) & 1u) != 0;
}

// Most texts are told by their first four letters and digits, whatever follows: folding leaves those of ASCII as they
// are, no word begins like that, no pattern does, and only what has no letters counts as written.
bool Placeholders::surely_none(std::string_view t) const noexcept {
  if (class_ != ValueClass::free_text || only_) return false;
  const Start start(t);
  if (!start.is_plain() || starts_.test(start.place(starts_.size())) || (patterns_ && start.may_be_pattern()))
    return false;
  return start.has_letter() || (is_trimmed(t) && !may_be_literal(t) && is_ascii(t));
}

bool Placeholders::is_word(std::string_view squashed) const {
  if (squashed.empty()) return false;
  const auto lengths = lengths_[static_cast<unsigned char>(squashed[0]) & 31u];
  if ((lengths >> std::min<std::size_t>(squashed.size(), 63) & 1u) == 0) return false;
  return words_.contains(squashed) || (!label_.empty() && squashed == label_);
}

void Placeholders::add(std::string_view word) {
  const auto folded = fold(word);
  if (folded.empty()) return;
  const auto squashed = squash(word);
  // Digits count as written: `1.5` must not match 15.
  if (only_ || letterless(squashed) || class_ == ValueClass::other) literal_.insert(folded);
  if (!only_ && !letterless(squashed)) words_.insert(squashed);
  double number = 0;
  const auto [end, ec] = std::from_chars(folded.data(), folded.data() + folded.size(), number);
  if (ec == std::errc{} && end == folded.data() + folded.size() && number - number == 0) numbers_.push_back(number);
  allowed_.erase(folded);
}

void Placeholders::remove(std::string_view word) {
  const auto folded = fold(word);
  literal_.erase(folded);
  words_.erase(squash(word));
  allowed_.insert(folded);
}

bool Placeholders::matches(const model::Value& v) const {
  switch (v.kind()) {
    case model::Value::Kind::unread:
    case model::Value::Kind::blank:
    case model::Value::Kind::boolean: return false;
    case model::Value::Kind::number: return matches_number(v.as_number());
    case model::Value::Kind::text: return matches_text(v.as_text());
    case model::Value::Kind::day:
    case model::Value::Kind::instant: break;
  }
  return !literal_.empty() && literal_.contains(fold(model::to_string(v)));
}

bool Placeholders::matches_number(double number) const {
  if (zero_ && (number == 0 || number == 1)) return true;
  return std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end();
}

bool Placeholders::matches_text(std::string_view raw) const {
  if (never_ || surely_none(raw)) return false;
  const auto trimmed = trim(raw);
  if (trimmed.empty()) return false;
  if (trimmed.size() > short_of_) return false;
  if (class_ == ValueClass::picklist && trimmed.find(';') != std::string_view::npos) {
    // a multiple choice says nothing only where none of its values does
    for (auto rest = trimmed;;) {
      const auto semicolon = rest.find(';');
      const auto part = trim(rest.substr(0, semicolon));
      if (!part.empty() && !(is_ascii(part) ? matches_ascii(part) : matches_unicode(part))) return false;
      if (semicolon == std::string_view::npos) return true;
      rest.remove_prefix(semicolon + 1);
    }
  }
  if (class_ == ValueClass::other && (zero_ || !numbers_.empty())) {
    double number = 0;
    const auto [end, ec] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    if (ec == std::errc{} && end == trimmed.data() + trimmed.size() && matches_number(number)) return true;
  }
  return is_ascii(trimmed) ? matches_ascii(trimmed) : matches_unicode(trimmed);
}

bool Placeholders::matches_ascii(std::string_view t) const {
  const auto as_written = [&](const Words& set) {
    char folded[256];
    if (t.size() > sizeof folded) return set.contains(fold(t));
    std::transform(t.begin(), t.end(), folded, lower);
    return set.contains(std::string_view(folded, t.size()));
  };
  if (t.size() <= longest_literal_ && may_be_literal(t) && as_written(literal_)) return true;
  if (only_) return false;
  if (!allowed_.empty() && as_written(allowed_)) return false;

  // Words of ASCII begin with letters that stand in starts_; the others are shorter or not ASCII, as no squashed `t`
  // is.
  const Start start(t);
  if (start.full() && !starts_.test(start.place(starts_.size())))
    return patterns_ && start.may_be_pattern() && pattern_ascii(t);

  char squashed[128];
  std::size_t n = 0;
  // Counting stops at the first letter too many; a long text costs no more than a short one.
  if (longest_ > 0 && longest_ <= sizeof squashed) {
    for (std::size_t i = 0; i < t.size() && n <= longest_; ++i) {
      if (!alnum(t[i])) continue;
      if (n < sizeof squashed) squashed[n] = lower(t[i]);
      ++n;
    }
    if (n > 0 && n <= longest_) {
      const std::string_view word(squashed, n);
      if (is_word(word)) return true;
    }
  } else if (longest_ > 0) {
    const auto word = squash(t);
    if (is_word(word)) return true;
  }
  return patterns_ && pattern_ascii(t);
}

bool Placeholders::matches_unicode(std::string_view t) const {
  // Folding takes at most two bytes of three from a letter: what is still too long can only be one character repeated.
  std::size_t least = 0;
  for (const char c : t) least += static_cast<unsigned char>(c) >= 0x80 ? 1 : alnum(c) ? 3 : 0;
  if (least > 3 * longest_ && t.size() > 3 * longest_literal_ && allowed_.empty())
    return patterns_ && repeated_unicode(t);
  const auto folded = fold(t);
  if (literal_.contains(folded)) return true;
  if (only_ || allowed_.contains(folded)) return false;
  const auto word = squash_folded(folded);
  if (word.empty()) return patterns_ && repeated_unicode(folded);
  if (is_word(word)) return true;
  if (!patterns_) return false;
  return is_ascii(word) ? !letterless(word) && pattern_ascii(word) : repeated_unicode(word);
}

}  // namespace coachd::text
