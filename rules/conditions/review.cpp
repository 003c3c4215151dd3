// `reviewed: {by: owner_manager, within: DUR}`: that person ticked "talked about" in the packet, or wrote a note or
// comment on the record.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/window.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

class Reviewed final : public Test {
 public:
  Reviewed(std::optional<Authors> by, Window within) : by_(std::move(by)), within_(std::move(within)) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto reach = within_.of(v);
    if (!reach) return Truth::unknown;
    Truth out = covered(v, *reach) ? Truth::no : Truth::unknown;
    for (const auto& r : v.record().reviews)
      if (r.at <= v.now() && !passed(v, r.at, *reach)) out = std::max(out, counts(v, r));
    return out;
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    within_.instants(v, out);
    for (const auto& r : v.record().reviews) add_instant(v, r.at, out);
    const auto reach = within_.of(v);
    if (!reach) return;
    for (const auto& r : v.record().reviews) add_instant(v, passes_at(v, r.at, *reach), out);
    if (const auto& known = v.record().reviews_known_since) add_instant(v, reaches_back_at(v, *known, *reach), out);
  }
  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto reach = within_.of(v);
    const auto* r = last(v);
    if (!reach) return std::nullopt;
    if (now_is == Truth::yes) return r == nullptr ? std::nullopt : std::optional(r->at);
    return r == nullptr ? v.created() : std::optional(passes_at(v, r->at, *reach));
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    const auto reach = within_.of(v);
    if (!reach) return within_.missing(v);
    if (!v.record().reviews_known_since) return "whether anybody spoke of it: nothing that tells is read here";
    return covered(v, *reach) ? "who spoke of it" : "who spoke of it that far back";
  }
  [[nodiscard]] std::string words() const override { return say(nullptr); }
  [[nodiscard]] std::string denied() const override {
    return (by_ ? by_->words() + " did not speak of it " : std::string("nobody spoke of it ")) +
           within_.within(nullptr);
  }
  [[nodiscard]] std::string told(const View& v) const override { return say(&v); }
  [[nodiscard]] std::string saw(const View& v) const override {
    if (const auto* r = last(v))
      return "last spoken of " + model::to_string(r->at) + (r->by.empty() ? "" : " by " + std::string(r->by));
    const auto& known = v.record().reviews_known_since;
    return known ? "nobody is known to have spoken of it since " + model::to_string(*known)
                 : "who spoke of it is not known";
  }

 private:
  [[nodiscard]] Truth counts(const View& v, const Review& r) const {
    return by_ ? by_->is(v, {r.by, r.at, Origin::unknown, {}}) : Truth::yes;
  }
  [[nodiscard]] static bool covered(const View& v, const Window::Reach& reach) {
    const auto& known = v.record().reviews_known_since;
    const auto created = v.created();
    return known && (reaches_back(v, *known, reach) || (created && *known <= *created));
  }
  [[nodiscard]] const Review* last(const View& v) const {
    const auto& all = v.record().reviews;
    for (auto r = all.rbegin(); r != all.rend(); ++r)
      if (r->at <= v.now() && counts(v, *r) == Truth::yes) return &*r;
    return nullptr;
  }
  [[nodiscard]] std::string say(const View* v) const {
    return (by_ ? by_->words() : std::string("somebody")) + " spoke of it " + within_.within(v);
  }

  std::optional<Authors> by_;
  Window within_;
};

TestPtr parse_reviewed(yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  yaml::MapReader map(b.document(), n, "`reviewed`");
  if (!n.is_map()) return nullptr;
  const auto within = map.required("within");
  const auto by = map.optional("by");
  map.finish();
  std::optional<Authors> authors;
  if (by) authors = parse_authors(by, "by", Asked::people, b);
  if (!within) return nullptr;
  auto window = parse_window(within, "within", b);
  if (!window || authors.has_value() != static_cast<bool>(by)) return nullptr;
  b.use_reviews();
  return std::make_unique<Reviewed>(std::move(authors), std::move(*window));
}

constexpr Subject subjects[] = {{"reviewed", parse_reviewed}};

}  // namespace

std::span<const Subject> review_subjects() {
  return subjects;
}

}  // namespace coachd::rules
