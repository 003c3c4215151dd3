// The names of one rule file: fields and stages of its object, its own placeholders and cards' lists, its segments.
// What conditions, cards and texts ask while they are compiled; one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/loader/object.hpp"

namespace coachd::rules {

class FileBuilder final : public Builder {
 public:
  FileBuilder(yaml::Document& document, ObjectBuild& object, ObjectBuilds& objects)
      : document_(document), object_(object), objects_(objects) {}

  yaml::Document& document() override { return document_; }
  const Field* field(std::string_view name, const model::Place& at) override;
  [[nodiscard]] const std::string& crm_name(Slot s) const override { return object_.plan.slots[s].crm_name; }
  void needs_history(Slot s) override { object_.needs_history(s); }
  StateId state(const Field& f) override;
  std::size_t fact(FactKind kind, const Field& f, double above, std::int64_t at_least, StateId state) override;
  [[nodiscard]] const Frame& frame() const override { return object_.frame; }
  bool has_owner() override { return object_.frame.owner != no_slot; }
  bool has_stages() override { return object_.has_stages(); }
  void use_outcome() override { object_.use_outcome(); }
  void use_stage_changed() override { object_.use_stage_changed(); }
  [[nodiscard]] const StageTable& known_stages() const override { return object_.stages; }
  [[nodiscard]] const Milestones& milestones() const override { return object_.milestones; }
  bool check_stage(std::string_view word, const model::Place& at) override;
  void needs_any_of(const std::vector<std::string>& words) override;
  TestPtr segment(std::string_view name, const model::Place& at) override;
  void use_activities(bool contacts, bool account) override {
    object_.plan.needs_activities = true;
    object_.plan.activities_on_contacts |= contacts;
    object_.plan.activities_on_account |= account;
  }
  void use_reviews() override { object_.plan.needs_reviews = true; }
  void use_percentile(int p) override { object_.plan.percentiles.insert(p); }
  bool check_meeting(std::string_view name, const model::Place& at) override;
  [[nodiscard]] std::string meeting() const override { return inspected_in; }
  std::optional<RelatedScope> related(std::string_view object, const model::Place& at) override;

  /// The lists of a card: before the file's own, for all tests on that field in this file.
  struct Lists {
    text::Placeholders::Spec placeholders;
    bool own = false;  ///< false: the file's
    std::vector<std::string> not_known_yet;
  };
  [[nodiscard]] ObjectBuild& object() noexcept { return object_; }
  /// Why a name used since the last call is switched off in this connection; "" where all is there.
  [[nodiscard]] std::string take_off();
  /// Where a test used since the last call cannot be told, each without its rules.
  [[nodiscard]] std::vector<PartlyOff> take_partly_off();
  /// Puts them back, and forgets those since.
  void put_partly_off(std::vector<PartlyOff> all) { partly_off_ = std::move(all); }
  /// Puts such a reason back; nothing where it is "".
  void switch_off(std::string why) {
    if (off().empty()) off() = std::move(why);
  }

  text::Placeholders::Spec placeholders;  ///< of the file
  std::map<Slot, Lists> lists;            ///< by field with a card
  std::map<std::string, yaml::Node> segments;
  std::string inspected_in;  ///< the meeting of what is being read: of a card or rule, else of the workflow

 private:
  [[nodiscard]] std::optional<const Field*> parent_field(const std::string& name, const model::Place& at);
  [[nodiscard]] std::string& off() noexcept { return outer_ != nullptr ? outer_->off() : off_; }

  yaml::Document& document_;
  ObjectBuild& object_;
  ObjectBuilds& objects_;
  FileBuilder* outer_ = nullptr;                                // of the object beside which this one is looked at
  std::map<std::string, std::unique_ptr<FileBuilder>> beside_;  // by canonical object
  model::Place field_at_;                                       // of the field named last
  std::string off_;
  std::vector<PartlyOff> partly_off_;
  std::vector<std::string> open_segments_;  // being compiled: a segment may not stand in itself
};

}  // namespace coachd::rules
