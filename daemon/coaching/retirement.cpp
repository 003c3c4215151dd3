#include "daemon/coaching/retirement.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::coaching {
namespace {

using S = RetireState;

constexpr std::array<std::string_view, 6> states{"none", "proposed", "announced", "hidden", "archived", "kept"};
constexpr std::array<std::string_view, 4> calls{"hide", "show", "archive", "look"};

class Machine {
 public:
  Machine(const Retirement& field, const GracePeriods& grace, const calendar::Calendar& house, model::Instant now)
      : old_(field), grace_(grace), house_(house), now_(now) {
    out_.field = field;
  }

  RetireDecision operator()(const RetireEvent& event) {
    std::visit([&](const auto& e) { on(e); }, event);
    if (!out_.refused.empty()) {
      RetireDecision refusal;
      refusal.field = old_;
      refusal.refused = std::move(out_.refused);
      return refusal;
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string day(model::Instant at) const { return model::to_string(house_.zone().day_of(at)); }
  [[nodiscard]] std::string name() const { return old_.object + "." + old_.field; }
  [[nodiscard]] std::string command(std::string_view what) const {
    return "`coachd retire " + std::string(what) + " " + old_.field + "`";
  }
  void refuse(std::string why) { out_.refused = std::move(why); }

  void note(std::string what, const RetireWho& who) {
    out_.field.steps.push_back({std::move(what), now_, who.by, who.because});
  }
  // Goes on; undo comes back to where it stood.
  void enter(S state, std::string what, const RetireWho& who) {
    auto& f = out_.field;
    f.before.push_back(f.now);
    f.now = {};
    f.now.state = state;
    f.now.since = now_;
    note(std::move(what), who);
  }
  // While it is not known what became of a call, only the same call or its undoing makes sense.
  bool calling(std::string_view wanted) {
    if (!old_.calling) return false;
    refuse("a call to the CRM about " + name() + " (" + std::string(to_string(*old_.calling)) +
           ") has no answer yet, so it is not known whether " + std::string(wanted) +
           " makes sense: repeat that step, which does no harm, or " + command("undo") + " first");
    return true;
  }

  void on(const Propose& e) {
    if (calling("proposing it")) return;
    const auto state = old_.now.state;
    if (state == S::kept && old_.now.review_on && house_.today(now_) < *old_.now.review_on)
      return refuse(name() + " is kept until " + model::to_string(*old_.now.review_on) + " (" + old_.now.because +
                    "): wait for that day, or lift it with " + command("undo"));
    if (state != S::none && state != S::kept)
      return refuse(name() + " is " + std::string(to_string(state)) + " already, since " + day(old_.now.since));
    if (!e.candidate)
      return refuse(name() + " is no candidate: " + e.why_not +
                    ". Only a field whose card has `retire:` and that the evidence calls unused is proposed; see " +
                    command("list"));
    enter(S::proposed, "propose", e.who);
    auto& f = out_.field;
    f.owner = e.owner;
    f.person = e.person;
    f.consent.reset();
    f.exported.reset();
    if (e.person.empty() || f.declined) return;
    out_.ask = true;
    ++f.asked;
  }

  void on(const Agree& e) {
    const auto state = old_.now.state;
    if (state == S::none || state == S::kept)
      return refuse("nobody proposed to retire " + name() + ": begin with " + command("propose"));
    if (old_.consent)
      return refuse(old_.consent->by + " agreed already, on " + day(old_.consent->at) + ": nothing more is needed");
    if (e.owner.empty() || e.owner.find('@') == std::string::npos)
      return refuse("whose word it is must be told: --by EMAIL of the definition owner (" + old_.owner + ")");
    if (!text::same(e.owner, old_.owner))
      return refuse("the definition owner of " + name() + " is " + old_.owner + ", not " + e.owner +
                    ": where that is wrong, mend `definition_owner` of its card, undo, and propose it again");
    if (e.who.because.empty()) return refuse("say how they agreed: --because \"in the forecast call of 4 May\"");
    out_.field.consent = RetireConsent{e.owner, now_, false, e.who.by, e.who.because};
    note("agree, on the word of " + e.owner, e.who);
    out_.withdraw_question = true;
  }

  void on(const OwnerAnswered& e) {
    auto& f = out_.field;
    f.prompt.clear();
    using How = OwnerAnswered::How;
    if (e.how == How::agreed && !f.consent && f.now.state != S::none && f.now.state != S::kept) {
      f.consent = RetireConsent{e.by, now_, true, {}, {}};
      return note("agree, in the CRM", {e.by, {}});
    }
    if (e.how == How::declined) {
      f.declined = now_;
      return note("the question was dismissed", {e.by, {}});
    }
    note("an answer that does not count", {e.by, e.because});
  }

  // What every step towards hiding needs of the owner. True: it is there.
  bool agreed() {
    if (old_.consent) return true;
    refuse("the definition owner of " + name() + (old_.owner.empty() ? "" : ", " + old_.owner + ",") +
           " has not agreed" +
           (old_.declined
                ? " and dismissed the question on " + day(*old_.declined) + ": talk with them; a yes is recorded with "
                : ": they answer the question in the CRM, or their word is recorded with ") +
           command("agree") + " --by EMAIL --because TEXT");
    return false;
  }
  bool exported(const std::string& digest) {
    if (!old_.exported) {
      refuse("the values of " + name() + " were not exported: " + command("export") + " --to FILE first");
      return false;
    }
    if (old_.exported->digest != digest) {
      refuse("values of " + name() + " were set, changed or cleared since the export of " + day(old_.exported->at) +
             ": " + command("export") + " --to FILE again, and see who still uses it");
      return false;
    }
    return true;
  }
  bool grace_over(std::string_view since, std::string_view what) {
    if (!old_.now.not_before || now_ >= *old_.now.not_before) return true;
    const auto at = *old_.now.not_before;
    // A grace that ends today is told with its hour.
    const bool today = house_.zone().day_of(at) == house_.today(now_);
    refuse(name() + " was " + std::string(since) + " on " + day(old_.now.since) + " and may be " + std::string(what) +
           " from " + (today ? model::to_string(at) : day(at)) +
           " on (`grace` of its card): until then anybody may still say that they need it");
    return false;
  }

  void on(const Announce& e) {
    if (calling("announcing it")) return;
    if (old_.now.state != S::proposed)
      return refuse(name() + " is " + described() + ": only a proposed field is announced" +
                    (old_.now.state == S::none ? "; begin with " + command("propose") : ""));
    if (!agreed()) return;
    enter(S::announced, "announce", e.who);
    out_.field.now.not_before = house_.shift(now_, grace_.announced, 1);
  }

  void on(const Exported& e) {
    if (old_.now.state == S::none || old_.now.state == S::kept)
      return refuse("nobody proposed to retire " + name() + ": begin with " + command("propose"));
    if (old_.now.state == S::archived)
      return refuse(name() + " is archived: what was exported before, on " +
                    (old_.exported ? day(old_.exported->at) : std::string("no day")) + ", counts");
    out_.field.exported = e.file;
    out_.field.exported->at = now_;
    note("export of " + std::to_string(e.file.values) + " values", e.who);
  }

  void on(const Hide& e) {
    if (old_.calling && *old_.calling != FieldCall::hide) {
      calling("hiding it");
      return;
    }
    if (old_.now.state != S::announced)
      return refuse(name() + " is " + described() + ": only an announced field is hidden" + next_step());
    if (!agreed() || !exported(e.digest) || !grace_over("announced", "hidden")) return;
    if (e.by_package) return hidden(e.who, true);
    call(FieldCall::hide, e.who);
  }
  void on(const Archive& e) {
    if (old_.calling && *old_.calling != FieldCall::archive) {
      calling("archiving it");
      return;
    }
    if (old_.now.state != S::hidden)
      return refuse(name() + " is " + described() + ": only a hidden field is archived" + next_step());
    if (!agreed() || !exported(e.digest) || !grace_over("hidden", "archived")) return;
    if (e.by_package) return archived(e.who, true);
    call(FieldCall::archive, e.who);
  }
  void call(FieldCall what, const RetireWho& who) {
    out_.field.calling = what;
    out_.call = what;
    note(std::string(to_string(what)) + ", asked of the CRM", who);
  }
  void hidden(const RetireWho& who, bool by_package) {
    out_.field.calling.reset();
    enter(S::hidden, by_package ? "hide, as a change to deploy" : "hide", who);
    out_.field.now.not_before = house_.shift(now_, grace_.hidden, 1);
    out_.field.now.by_package = by_package;
  }
  void archived(const RetireWho& who, bool by_package) {
    out_.field.calling.reset();
    enter(S::archived, by_package ? "archive, as a change to deploy" : "archive", who);
    out_.field.now.by_package = by_package;
  }

  // Whoever asked for the call that is out; what became of it meanwhile stands behind it without a name.
  [[nodiscard]] RetireWho asker() const {
    for (auto step = old_.steps.rbegin(); step != old_.steps.rend(); ++step)
      if (!step->by.empty()) return {step->by, step->because};
    return {};
  }
  void on(const Called& e) {
    if (!old_.calling) return refuse("no call about " + name() + " is out");
    const auto what = *old_.calling;
    if (e.in_doubt) return note(std::string(to_string(what)) + ": the CRM's answer was lost", {{}, e.problem});
    out_.field.calling.reset();
    if (!e.done) return note(std::string(to_string(what)) + ": the CRM refused", {{}, e.problem});
    switch (what) {
      case FieldCall::hide:
        if (old_.now.state == S::announced) hidden(asker(), false);
        return;
      case FieldCall::archive:
        if (old_.now.state == S::hidden) archived(asker(), false);
        return;
      case FieldCall::show:  // the hiding may never have been known to be done
        if (old_.now.state == S::hidden) return back(asker());
        return note("undo of a hiding that was in doubt", asker());
      case FieldCall::look:
        if (old_.now.state == S::archived) return back(asker());
        return note("undo of an archiving that was in doubt", asker());
    }
  }

  void on(const Keep& e) {
    if (calling("keeping it")) return;
    const auto state = old_.now.state;
    if (state == S::hidden || state == S::archived)
      return refuse(name() + " is " + std::string(to_string(state)) + ": bring it back with " + command("undo") +
                    " first, then keep it");
    if (e.who.because.empty()) return refuse("say why it stays: --because TEXT");
    if (e.review_on <= house_.today(now_)) return refuse("the review must be on a day to come: --review-on 2027-01-31");
    enter(S::kept, "keep", e.who);
    out_.field.now.because = e.who.because;
    out_.field.now.review_on = e.review_on;
    out_.withdraw_question = true;
  }

  void on(const Undo& e) {
    if (old_.calling) {  // the call that is out, or was lost, is what is undone
      if (*old_.calling == FieldCall::hide || *old_.calling == FieldCall::show) return call(FieldCall::show, e.who);
      return call(FieldCall::look, e.who);
    }
    if (old_.before.empty()) return refuse("nothing was done about " + name() + " that could be undone");
    if (!old_.now.by_package && old_.now.state == S::hidden) return call(FieldCall::show, e.who);
    if (!old_.now.by_package && old_.now.state == S::archived) return call(FieldCall::look, e.who);
    back(e.who);
  }
  void back(const RetireWho& who) {
    auto& f = out_.field;
    note("undo of " + std::string(to_string(f.now.state)), who);
    f.now = f.before.back();
    f.before.pop_back();
    if (f.now.state != S::none && f.now.state != S::kept) return;
    // The question went with the proposal, and with it the answer.
    f.consent.reset();
    f.exported.reset();
    out_.withdraw_question = true;
  }

  [[nodiscard]] std::string described() const {
    return old_.now.state == S::none ? "not proposed" : std::string(to_string(old_.now.state));
  }
  [[nodiscard]] std::string next_step() const {
    switch (old_.now.state) {
      case S::none:
      case S::kept: return "; begin with " + command("propose");
      case S::proposed: return "; next is " + command("announce");
      case S::announced: return "; next is " + command("hide");
      case S::hidden: return "; next is " + command("archive");
      case S::archived: return "; nothing comes after that";
    }
    return {};
  }

  const Retirement& old_;
  const GracePeriods& grace_;
  const calendar::Calendar& house_;
  model::Instant now_;
  RetireDecision out_;
};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view s) {
  const auto it = std::find(names.begin(), names.end(), s);
  if (it == names.end()) return std::nullopt;
  return static_cast<Enum>(it - names.begin());
}

}  // namespace

std::string_view to_string(RetireState s) {
  return states.at(static_cast<std::size_t>(s));
}
std::optional<RetireState> parse_retire_state(std::string_view s) {
  return parse<RetireState>(states, s);
}
std::string_view to_string(FieldCall c) {
  return calls.at(static_cast<std::size_t>(c));
}
std::optional<FieldCall> parse_field_call(std::string_view s) {
  return parse<FieldCall>(calls, s);
}

RetireDecision decide(const Retirement& field, const RetireEvent& event, const GracePeriods& grace,
                      const calendar::Calendar& house, model::Instant now) {
  return Machine(field, grace, house, now)(event);
}

}  // namespace coachd::coaching
