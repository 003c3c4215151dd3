// Tests on the record itself: `age`, `pipeline`, `record_type`, `owner`, `segment`.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/combine.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;
using model::Value;

// `age: {above: DUR}`: since the record was created.
class Age final : public Test {
 public:
  explicit Age(SpanLimit limit) : limit_(std::move(limit)) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto created = v.created();
    const auto* d = limit_.of(v);
    if (!created || d == nullptr) return Truth::unknown;
    return truth(passed(v, *created, *d));
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    if (const auto created = v.created())
      if (const auto* d = limit_.of(v)) add_instant(v, passes_at(v, *created, *d), out);
  }
  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto created = v.created();
    const auto* d = limit_.of(v);
    if (!created || d == nullptr) return std::nullopt;
    return now_is == Truth::yes ? passes_at(v, *created, *d) : *created;
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    return v.created() ? limit_.missing(v) : "when the record was created";
  }
  [[nodiscard]] std::string words() const override {
    return "it was created more than " + limit_.words(nullptr) + " ago";
  }
  [[nodiscard]] std::string told(const View& v) const override {
    return "it was created more than " + limit_.words(&v) + " ago";
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    return v.created() ? "created " + model::to_string(*v.created()) : "creation unknown";
  }

 private:
  SpanLimit limit_;
};

// `pipeline: [..]`, `record_type: [..]`: by stored name or label.
class OneOfNames final : public ValueLeaf {
 public:
  OneOfNames(const Field& f, std::vector<std::string> names) : ValueLeaf(f), names_(std::move(names)) {}
  [[nodiscard]] Truth judge_value(const View& v, const Value& value) const override {
    if (value.kind() != Value::Kind::text) return Truth::no;
    const auto t = value.as_text();
    for (const auto& n : names_)
      if (text::same(t, n)) return Truth::yes;
    if (const auto* table = v.stages())
      for (const auto& p : table->pipelines())
        if (p.name == t)
          for (const auto& n : names_)
            if (text::same(p.label, n)) return Truth::yes;
    return Truth::no;
  }
  [[nodiscard]] std::string words() const override {
    std::string out = label_ + " is ";
    for (std::size_t i = 0; i < names_.size(); ++i) out += (i > 0 ? " or " : "") + names_[i];
    return out;
  }

 private:
  std::vector<std::string> names_;
};

// `owner: {active: bool}`.
class OwnerActive final : public FieldLeaf {
 public:
  OwnerActive(const Field& f, bool want) : FieldLeaf(f), want_(want) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.kind() != Value::Kind::text) return Truth::no;
    const auto* person = v.world().person(value.as_text());
    return person == nullptr ? Truth::unknown : truth(person->active == want_);
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    return v.value(slot_).is_unread() ? FieldLeaf::missing(v) : "whether the owner is active";
  }
  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    (void)now_is;
    const auto* last = last_change(v, slot_);
    return last == nullptr ? std::nullopt : std::optional(last->at);
  }
  [[nodiscard]] std::string words() const override { return want_ ? "the owner is active" : "the owner is not active"; }
  [[nodiscard]] std::string denied() const override {
    return want_ ? "the owner is not active" : "the owner is active";
  }

 private:
  bool want_;
};

// `owner: {job: [..]}`, `owner: {team: [..]}`.
class OwnerIs final : public FieldLeaf {
 public:
  enum class What : std::uint8_t { job, team };
  OwnerIs(const Field& f, What what, std::vector<std::string> words)
      : FieldLeaf(f), what_(what), words_(std::move(words)) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.kind() != Value::Kind::text) return Truth::no;
    const auto* person = v.world().person(value.as_text());
    const auto has = person == nullptr ? std::string_view{} : of(*person);
    if (has.empty()) return Truth::unknown;
    return truth(std::any_of(words_.begin(), words_.end(), [&](const auto& w) { return text::same(has, w); }));
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    return std::string("the ") + name() + " of the owner";
  }
  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    (void)now_is;
    const auto* last = last_change(v, slot_);
    return last == nullptr ? std::nullopt : std::optional(last->at);
  }
  [[nodiscard]] std::string words() const override {
    std::string out = std::string("the owner's ") + name() + " is ";
    for (std::size_t i = 0; i < words_.size(); ++i) out += (i > 0 ? " or " : "") + words_[i];
    return out;
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto value = v.value(slot_);
    const auto* person = value.kind() == Value::Kind::text ? v.world().person(value.as_text()) : nullptr;
    if (person == nullptr) return FieldLeaf::saw(v) + ", nobody that is known";
    return FieldLeaf::saw(v) + ", " + (of(*person).empty() ? std::string("no ") + name() + " known" : of(*person));
  }

 private:
  [[nodiscard]] const std::string& of(const model::Person& p) const { return what_ == What::job ? p.job : p.team; }
  [[nodiscard]] const char* name() const { return what_ == What::job ? "job" : "team"; }
  What what_;
  std::vector<std::string> words_;
};

TestPtr parse_age(yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  yaml::MapReader map(b.document(), n, "`age`");
  const auto above = map.required("above");
  map.finish();
  if (!above) return nullptr;
  auto limit = parse_span_limit(above, "above", b);
  return limit ? std::make_unique<Age>(std::move(*limit)) : nullptr;
}

TestPtr parse_names(std::string_view field_name, yaml::Node n, const model::Place& key, Builder& b) {
  auto names = parse_words_at(n, field_name, b);
  const auto* field = b.field(field_name, key);
  return names && field != nullptr ? std::make_unique<OneOfNames>(*field, std::move(*names)) : nullptr;
}

TestPtr parse_pipeline(yaml::Node n, const model::Place& key, Builder& b) {
  return parse_names("pipeline", n, key, b);
}
TestPtr parse_record_type(yaml::Node n, const model::Place& key, Builder& b) {
  return parse_names("record_type", n, key, b);
}

TestPtr parse_owner(yaml::Node n, const model::Place& key, Builder& b) {
  yaml::MapReader map(b.document(), n, "`owner`");
  const auto active = map.optional("active");
  const auto job = map.optional("job");
  const auto team = map.optional("team");
  map.finish();
  if (!n.is_map()) return nullptr;
  const auto* field = b.field("owner", key);
  std::vector<TestPtr> tests;
  bool good = field != nullptr;
  const auto add = [&](const Field& f, OwnerIs::What what, yaml::Node node, const char* word) {
    auto words = parse_words_at(node, word, b);
    good = good && words;
    if (words) tests.push_back(std::make_unique<OwnerIs>(f, what, std::move(*words)));
  };
  if (field != nullptr) {
    if (job) add(*field, OwnerIs::What::job, job, "job");
    if (team) add(*field, OwnerIs::What::team, team, "team");
  }
  if (active) {
    const auto want = parse_bool_at(active, "active", b);
    good = good && want;
    if (want && field != nullptr) tests.push_back(std::make_unique<OwnerActive>(*field, *want));
  }
  if (!active && !job && !team) {
    b.error("no-test", "`owner` takes `job`, `team` or `active`, such as `{job: [rep]}` or `{active: true}`",
            n.place());
    return nullptr;
  }
  return good ? all_of(std::move(tests)) : nullptr;
}

TestPtr parse_segment(yaml::Node n, const model::Place& key, Builder& b) {
  if (!n.is_scalar() || n.text().empty()) {
    b.error("wrong-type", "`segment` names one of `segments:`", key);
    return nullptr;
  }
  return b.segment(n.text(), n.place());
}

constexpr Subject subjects[] = {{"age", parse_age},
                                {"pipeline", parse_pipeline},
                                {"record_type", parse_record_type},
                                {"owner", parse_owner},
                                {"segment", parse_segment}};

}  // namespace

std::span<const Subject> record_subjects() {
  return subjects;
}

}  // namespace coachd::rules
