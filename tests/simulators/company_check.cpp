#include "tests/simulators/company_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/company_texts.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_stages.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sort_stably.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

struct step_change {
  instant at;
  value before, after;
  std::string by;
};

class checker {
 public:
  checker(org& company, instant now)
      : org_{company}, o_{company.opportunities()}, c_{company.columns()}, now_{now}, today_{floor<days>(now)} {}

  restated run() {
    group();
    for (row_number n = 0; n < o_.size(); ++n) {
      if (!cell(n, c_.is_closed).boolean() && !cell(n, c_.is_deleted).boolean()) judge(n);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] const value& cell(row_number n, int column) const { return o_.cell(n, column); }
  void add(row_number n, std::string fault, std::string field) {
    found_.emplace(cell(n, 0).text(), std::move(fault), std::move(field));
  }
  [[nodiscard]] int days_since(instant at) const { return static_cast<int>((today_ - floor<days>(at)).count()); }

  void group() {
    for (row_number n = 0; n < o_.size(); ++n) {
      if (cell(n, c_.is_closed).boolean() || cell(n, c_.is_deleted).boolean()) continue;
      const auto* owner = cell(n, c_.owner).text_ref();
      const auto& next = cell(n, c_.next_step).text();
      if (!next.empty() && !is_placeholder(next)) ++texts_[{owner, bare(next)}];
      if (cell(n, c_.amount).is_null()) continue;
      auto& [count, sum] = amounts_[owner];
      ++count;
      sum += cell(n, c_.amount).number();
    }
  }

  std::vector<step_change> history(row_number n, std::string_view field) {
    auto& h = org_.get("OpportunityFieldHistory");
    static constexpr std::array<std::string_view, 5> names{"Field", "CreatedDate", "OldValue", "NewValue",
                                                           "CreatedById"};
    std::array<int, 5> at{};
    std::ranges::transform(names, at.begin(), [&](std::string_view name) { return h.column(name); });
    std::vector<step_change> changes;
    for (const auto k : h.holding(h.column("OpportunityId"), cell(n, 0).text_ref())) {
      if (h.cell(k, at[0]).text() != field) continue;
      changes.push_back({h.cell(k, at[1]).at(), h.cell(k, at[2]), h.cell(k, at[3]), h.cell(k, at[4]).text()});
    }
    sort_stably(changes, &step_change::at);
    return changes;
  }

  void judge(row_number n) {
    const auto* stage = find_stage(cell(n, c_.stage).text());
    const auto& next = cell(n, c_.next_step).text();
    if (stage->order >= find_stage("Proposal/Price Quote")->order) {
      for (const auto& [column, field] :
           {std::pair{c_.next_step, "NextStep"}, std::pair{c_.champion, "Champion__c"},
            std::pair{c_.risk, "Implementation_Risk__c"}, std::pair{c_.decision, "Decision_Process__c"}}) {
        if (!cell(n, column).is_null() && is_placeholder(cell(n, column).text())) add(n, "placeholder", field);
      }
      if (cell(n, c_.champion).is_null()) add(n, "missing", "Champion__c");
      if (cell(n, c_.procurement).is_null()) add(n, "missing", "Procurement_Status__c");
    }
    if (cell(n, c_.category_name).text() == "Commit" && (next.empty() || is_placeholder(next))) {
      add(n, "commit-without-next-step", "NextStep");
    }
    if (cell(n, c_.close_date).date() < today_) add(n, "past-close-date", "CloseDate");
    if (pushes(n) >= 3) add(n, "pushed-close-date", "CloseDate");
    if (!next.empty() && !is_placeholder(next) && texts_[{cell(n, c_.owner).text_ref(), bare(next)}] >= 2) {
      add(n, "pasted-next-step", "NextStep");
    }
    if (days_since(next_step_changed(n)) > 30) add(n, "stale-next-step", "NextStep");
    const auto& moved = cell(n, c_.stage_changed);
    if (days_since(moved.is_null() ? cell(n, c_.created).at() : moved.at()) > 120)
      add(n, "stuck-in-stage", "StageName");
    if (const auto& [count, sum] = amounts_[cell(n, c_.owner).text_ref()];
        count >= 5 && !cell(n, c_.amount).is_null() && cell(n, c_.amount).number() * count > 4 * sum) {
      add(n, "amount-far-above-mean", "Amount");
    }
  }

  int pushes(row_number n) {
    int count = 0;
    std::map<std::string, instant> last;  // by person
    for (const auto& change : history(n, "CloseDate")) {
      const auto known = last.find(change.by);
      const bool correction = known != last.end() && change.at - known->second < hours{1};
      last[change.by] = change.at;
      if (correction || change.before.is_null() || days_since(change.at) > 90) continue;
      if (change.after.date() > change.before.date()) ++count;
    }
    return count;
  }

  instant next_step_changed(row_number n) {
    auto at = cell(n, c_.created).at();
    for (const auto& change : history(n, "NextStep")) {
      // The filling of a blank is a change, be it with punctuation alone.
      const bool filled = change.before.is_null() != change.after.is_null();
      if (filled || bare(change.before.text()) != bare(change.after.text())) at = std::max(at, change.at);
    }
    return at;
  }

  org& org_;
  const table& o_;
  const opportunity_columns& c_;
  instant now_;
  day today_;
  restated found_;
  std::map<std::pair<const std::string*, std::string>, int> texts_;
  std::map<const std::string*, std::pair<int, double>> amounts_;
};

}  // namespace

bool is_placeholder(std::string_view text) {
  static constexpr std::array<std::string_view, 12> words{"tbd", "na", "none", "unknown", "tobedetermined", "notsure",
                                                          "x",   "xx", "test", "null",    "other",          "select"};
  const auto word = bare(text);
  if (word.empty()) return text.find_first_not_of(" \t\r\n") != std::string_view::npos;
  if (std::ranges::find(words, word) != words.end()) return true;
  if (word.size() >= 3 && word.find_first_not_of(word.front()) == std::string::npos) return true;
  return word.size() >= 3 && (std::string_view{"qwertyuiop"}.find(word) != std::string_view::npos ||
                              std::string_view{"asdfghjkl"}.find(word) != std::string_view::npos);
}

restated restated_findings(org& company, instant now) {
  return checker{company, now}.run();
}

}  // namespace coachd::sim
