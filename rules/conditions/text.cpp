// Tests on what stands in a field: `filled`, `placeholder`, `real`, `contains`, `matches`.
#include "rules/text/text.hpp"
#include <re2/re2.h>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

bool is_checkbox(const Field& f, yaml::Node value, std::string_view word, Builder& b) {
  if (f.type != model::FieldType::boolean) return false;
  b.error("checkbox-never-blank",
          '`' + f.name + "` is a checkbox, which is never blank: `" + std::string(word) +
              "` cannot tell anything; test `is: true` or `is: false`",
          value.place());
  return true;
}

// White space only; a visible ASCII character in front tells at once.
bool is_blank(std::string_view t) {
  return (t.empty() || t.front() <= ' ' || t.front() >= '\x7f') && text::trim(t).empty();
}

// `filled: bool`: blank is null, empty or white space only; a placeholder is filled.
class Filled final : public DirectLeaf<Filled> {
 public:
  Filled(const Field& f, bool want) : DirectLeaf(f), want_(want) {}
  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    (void)v;
    const bool blank = value.is_blank() || (value.kind() == model::Value::Kind::text && is_blank(value.as_text()));
    return truth(blank != want_);
  }
  [[nodiscard]] std::string words() const override { return label_ + (want_ ? " is filled" : " is blank"); }
  [[nodiscard]] std::string denied() const override { return label_ + (want_ ? " is blank" : " is filled"); }

 private:
  bool want_;
};

// `real: bool`, `placeholder: bool`, by the lists of the file or the field's card.
class State final : public ValueLeaf {
 public:
  State(const Field& f, StateId state, TextState wanted, bool want)
      : ValueLeaf(f), state_(state), wanted_(wanted), want_(want) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto s = v.state(state_);
    return s == TextState::unread ? Truth::unknown : truth((s == wanted_) == want_);
  }
  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    const auto s = v.frame().states[state_].of(value);
    return s == TextState::unread ? Truth::unknown : truth((s == wanted_) == want_);
  }
  [[nodiscard]] std::string words() const override { return say(want_); }
  [[nodiscard]] std::string denied() const override { return say(!want_); }
  [[nodiscard]] std::string told(const View& v) const override {
    switch (v.state(state_)) {
      case TextState::blank: return label_ + " is blank";
      case TextState::placeholder:
        return label_ + " says only \"" + std::string(text::trim(model::to_string(v.value(slot_)))) + '"';
      case TextState::not_known: return label_ + " is not known yet";
      default: return words();
    }
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    static constexpr const char* names[] = {"", " (a placeholder)", " (real)", " (an honest \"not known yet\")", ""};
    const auto s = static_cast<std::size_t>(v.state(state_));
    return ValueLeaf::saw(v) + (s < 5 ? names[s] : "");
  }

 private:
  [[nodiscard]] std::string say(bool want) const {
    return label_ + is_or_not(want) + (wanted_ == TextState::real ? "really answered" : "a placeholder");
  }
  StateId state_;
  TextState wanted_;
  bool want_;
};

class Contains final : public ValueLeaf {
 public:
  Contains(const Field& f, std::vector<std::string> words) : ValueLeaf(f), raw_(std::move(words)) {
    for (const auto& w : raw_) folded_.push_back(text::fold(w));
  }
  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    (void)v;
    if (value.is_blank()) return Truth::no;
    const auto folded = text::fold(model::to_string(value));
    for (const auto& w : folded_)
      if (folded.find(w) != std::string::npos) return Truth::yes;
    return Truth::no;
  }
  [[nodiscard]] std::string words() const override { return label_ + " contains " + list(); }
  [[nodiscard]] std::string denied() const override { return label_ + " does not contain " + list(); }

 private:
  [[nodiscard]] std::string list() const {
    std::string out;
    for (std::size_t i = 0; i < raw_.size(); ++i) out += (i > 0 ? " or \"" : "\"") + raw_[i] + '"';
    return out;
  }
  std::vector<std::string> raw_;
  std::vector<std::string> folded_;
};

class Matches final : public ValueLeaf {
 public:
  Matches(const Field& f, std::unique_ptr<re2::RE2> pattern) : ValueLeaf(f), pattern_(std::move(pattern)) {}
  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    (void)v;
    if (value.is_blank()) return Truth::no;
    if (value.kind() == model::Value::Kind::text) {
      const auto t = value.as_text();
      return truth(re2::RE2::PartialMatch(re2::StringPiece(t.data(), t.size()), *pattern_));
    }
    return truth(re2::RE2::PartialMatch(model::to_string(value), *pattern_));
  }
  [[nodiscard]] std::string words() const override { return label_ + " matches " + pattern_->pattern(); }
  [[nodiscard]] std::string denied() const override { return label_ + " does not match " + pattern_->pattern(); }

 private:
  std::unique_ptr<re2::RE2> pattern_;
};

TestPtr parse_filled(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  if (is_checkbox(f, n, "filled", b)) return nullptr;
  const auto want = parse_bool_at(n, "filled", b);
  return want ? std::make_unique<Filled>(f, *want) : nullptr;
}

template <TextState wanted>
TestPtr parse_state(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  constexpr const char* word = wanted == TextState::real ? "real" : "placeholder";
  if (is_checkbox(f, n, word, b)) return nullptr;
  const auto want = parse_bool_at(n, word, b);
  return want ? std::make_unique<State>(f, b.state(f), wanted, *want) : nullptr;
}

TestPtr parse_contains(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  auto words = parse_words_at(n, "contains", b);
  if (words && std::any_of(words->begin(), words->end(), [](const auto& w) { return text::trim(w).empty(); })) {
    b.error("wrong-type", "`contains` takes a word: every text contains nothing", n.text().empty() ? key : n.place());
    return nullptr;
  }
  return words ? std::make_unique<Contains>(f, std::move(*words)) : nullptr;
}

TestPtr parse_matches(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  if (!n.is_scalar()) {
    b.error("wrong-type", "`matches` takes a regular expression (RE2)", n.place());
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto pattern = std::make_unique<re2::RE2>(re2::StringPiece(n.text().data(), n.text().size()), options);
  if (!pattern->ok()) {
    b.error("bad-pattern", "this is no regular expression: " + pattern->error(), n.place());
    return nullptr;
  }
  return std::make_unique<Matches>(f, std::move(pattern));
}

constexpr FieldTest tests[] = {{"filled", parse_filled},
                               {"placeholder", parse_state<TextState::placeholder>},
                               {"real", parse_state<TextState::real>},
                               {"contains", parse_contains},
                               {"matches", parse_matches}};

}  // namespace

std::span<const FieldTest> text_tests() {
  return tests;
}

}  // namespace coachd::rules
