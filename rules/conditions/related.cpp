// `related: OBJECT, count: {at_least: N, ...}, where: CONDITION`: how many child or associated records there are of
// which a condition holds. A record of which it cannot be told leaves the count between two numbers, and the test is
// told only where both give the same answer.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

constexpr std::array<std::string_view, 3> words_of_it{"related", "count", "where"};

enum class Bound : std::uint8_t { at_least, at_most, above, below, is };
constexpr std::pair<const char*, Bound> bound_words[] = {{"at_least", Bound::at_least},
                                                         {"at_most", Bound::at_most},
                                                         {"above", Bound::above},
                                                         {"below", Bound::below},
                                                         {"is", Bound::is}};
struct Wanted {
  Bound bound = Bound::at_least;
  NumberLimit limit{1};
};

std::string plural(const std::string& label) {
  const auto vowel = [](char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; };
  if (label.size() > 1 && label.back() == 'y' && !vowel(label[label.size() - 2]))
    return label.substr(0, label.size() - 1) + "ies";
  return label + 's';
}

std::string with_article(const std::string& label) {
  return (std::string_view("aeiouAEIOU").find(label.front()) != std::string_view::npos ? "an " : "a ") + label;
}

bool keeps(Bound bound, double count, double limit) {
  switch (bound) {
    case Bound::at_least: return count >= limit;
    case Bound::at_most: return count <= limit;
    case Bound::above: return count > limit;
    case Bound::below: return count < limit;
    case Bound::is: return count == limit;
  }
  return false;
}

class RelatedCount final : public Test {
 public:
  /// `fields`: the connection's own names of the fields that `where` reads.
  RelatedCount(RelatedScope scope, std::vector<Wanted> wanted, TestPtr where, std::vector<std::string> fields)
      : scope_(std::move(scope)), wanted_(std::move(wanted)), where_(std::move(where)), fields_(std::move(fields)) {
    scope_.where = nullptr;  // of the time of loading
  }

  [[nodiscard]] Truth judge(const View& v) const override {
    const Counted n = count(v);
    Truth out = Truth::yes;
    for (const auto& w : wanted_) out = std::min(out, judge_one(v, w, n));
    return out;
  }
  void instants(const View& v, std::vector<model::Instant>& out) const override {
    each(v, [&](const View& one) { where_->instants(one, out); });
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    for (const auto& w : wanted_)
      if (w.limit.of(v) == nullptr) return w.limit.missing(v);
    if (const auto* r = beside(v); r == nullptr || !r->known) return "the " + many() + " of this record";
    std::string out;
    each(v, [&](const View& one) {
      if (where_->judge(one) != Truth::unknown) return;
      auto m = where_->missing(one);
      if (out.empty() || m < out) out = std::move(m);
    });
    return "of " + with_article(scope_.label) + ": " + out;
  }
  [[nodiscard]] std::string words() const override { return say(nullptr); }
  [[nodiscard]] std::string denied() const override {
    if (wanted_.size() != 1 || wanted_.front().bound == Bound::is) return Test::denied();
    static constexpr Bound opposite[] = {Bound::below, Bound::above, Bound::at_most, Bound::at_least};
    const auto& limits = wanted_.front().limit.values();
    const auto out = "it has " + one(opposite[static_cast<std::size_t>(wanted_.front().bound)],
                                     limits.size() == 1 ? limits.data() : nullptr);
    return where_ ? out + " where " + where_->words() : out;
  }
  [[nodiscard]] std::string told(const View& v) const override { return say(&v); }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto* r = beside(v);
    if (r == nullptr) return "the " + many() + " have not been read";
    const auto known = r->known ? std::string{} : " known, maybe not all";
    const auto n = count(v);
    std::string out =
        std::to_string(r->records.size()) + ' ' + (r->records.size() == 1 ? scope_.label : many()) + known;
    if (where_ && !r->records.empty()) {
      out += ", " + in_words(n.sure) + " of them such";
      if (n.maybe > 0) out += " and " + in_words(n.maybe) + " of which it cannot be told";
    }
    return out;
  }
  void ties(std::vector<std::string>& out) const override {
    out.push_back(scope_.crm_object);
    out.insert(out.end(), fields_.begin(), fields_.end());
    if (where_) where_->ties(out);
  }

 private:
  struct Counted {
    double sure = 0, maybe = 0;  // maybe: without end where not all records are known
  };
  [[nodiscard]] const Related* beside(const View& v) const {
    const auto& all = v.record().related;
    return scope_.index < all.size() ? &all[scope_.index] : nullptr;
  }
  template <class Do>
  void each(const View& v, Do action) const {
    const auto* r = beside(v);
    if (r == nullptr || !where_) return;
    static const Facts none;  // tests on other records do not stand in `where`
    for (const auto& c : r->records) action(View(*scope_.frame, c, none, v.world(), v.now()));
  }
  [[nodiscard]] Counted count(const View& v) const {
    Counted out;
    const auto* r = beside(v);
    if (r != nullptr && !where_) out.sure = static_cast<double>(r->records.size());
    each(v, [&](const View& one) {
      const Truth t = where_->judge(one);
      out.sure += t == Truth::yes ? 1 : 0;
      out.maybe += t == Truth::unknown ? 1 : 0;
    });
    if (r == nullptr || !r->known) out.maybe = std::numeric_limits<double>::infinity();
    return out;
  }
  [[nodiscard]] static Truth judge_one(const View& v, const Wanted& w, const Counted& n) {
    const auto* limit = w.limit.of(v);
    if (limit == nullptr) return Truth::unknown;
    const double most = n.sure + n.maybe;
    if (w.bound == Bound::is) {
      if (*limit < n.sure || *limit > most) return Truth::no;
      return n.maybe == 0 ? Truth::yes : Truth::unknown;
    }
    const bool low = keeps(w.bound, n.sure, *limit);
    return low == keeps(w.bound, most, *limit) ? truth(low) : Truth::unknown;
  }

  [[nodiscard]] std::string many() const { return plural(scope_.label); }
  // "it has no contact role where role is Champion", "it has at least 2 contact roles".
  [[nodiscard]] std::string say(const View* v) const {
    std::string out;
    for (const auto& w : wanted_) {
      const double* limit = v != nullptr ? w.limit.of(*v) : nullptr;
      if (limit == nullptr && w.limit.values().size() == 1) limit = w.limit.values().data();
      out += (out.empty() ? "it has " : " and ") + one(w.bound, limit);
    }
    return where_ ? out + " where " + where_->words() : out;
  }
  [[nodiscard]] std::string one(Bound bound, const double* limit) const {
    const auto number = limit != nullptr ? in_words(*limit) : "the limit of its stage";
    auto what = ' ' + (limit != nullptr && *limit == 1 ? scope_.label : many());
    const bool none = limit != nullptr && ((*limit == 0 && (bound == Bound::at_most || bound == Bound::is)) ||
                                           (*limit == 1 && bound == Bound::below));
    if (none) return "no " + scope_.label;
    if (limit != nullptr && ((*limit == 1 && bound == Bound::at_least) || (*limit == 0 && bound == Bound::above)))
      return with_article(scope_.label);
    switch (bound) {
      case Bound::at_least: return "at least " + number + what;
      case Bound::at_most: return "at most " + number + what;
      case Bound::above: return "more than " + number + what;
      case Bound::below: return "fewer than " + number + what;
      case Bound::is: return "exactly " + number + what;
    }
    return what;
  }

  RelatedScope scope_;
  std::vector<Wanted> wanted_;
  TestPtr where_;  // null: all of them
  std::vector<std::string> fields_;
};

// False after an error.
bool read_count(yaml::Node n, std::vector<Wanted>& out, Builder& b) {
  yaml::MapReader map(b.document(), n, "`count`");
  if (!n.is_map()) return false;
  bool good = true;
  for (const auto& [word, bound] : bound_words)
    if (const auto limit = map.optional(word)) {
      auto number = parse_count_limit(limit, word, 0, b);
      good = good && number;
      if (number) out.push_back({bound, std::move(*number)});
    }
  map.finish();
  if (out.empty() && good) {
    b.error("no-test", "`count` takes `at_least`, `at_most`, `above`, `below` or `is` with a whole number", n.place());
    return false;
  }
  return good;
}

}  // namespace

std::span<const std::string_view> related_words() {
  return words_of_it;
}

TestPtr parse_related(yaml::Node condition, Builder& b) {
  const auto object = condition.find("related");
  std::vector<Wanted> wanted;
  bool good = true;
  if (const auto count = condition.find("count"))
    good = read_count(count, wanted, b);
  else
    wanted.emplace_back();
  if (!object.is_scalar() || object.text().empty()) {
    b.error("wrong-type", "`related` names one object, such as `contact_role`", object.place());
    return nullptr;
  }
  auto scope = b.related(object.text(), object.place());
  if (!scope) return nullptr;
  TestPtr where;
  std::vector<std::string> fields;
  if (const auto node = condition.find("where")) {
    where = parse_condition(node, *scope->where);
    if (!where) return nullptr;
    std::vector<Slot> slots;
    where->slots(slots);
    for (const Slot s : slots) fields.push_back(scope->where->crm_name(s));
  }
  if (!good) return nullptr;
  return std::make_unique<RelatedCount>(std::move(*scope), std::move(wanted), std::move(where), std::move(fields));
}

}  // namespace coachd::rules
