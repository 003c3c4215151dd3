// What a condition needs while it is compiled: names of this object, placeholders, facts, and a place for errors.
// The loader implements it; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/test.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

/// A field as the connection has it.
struct Field {
  Slot slot = no_slot;
  std::string name;  ///< as the rule wrote it
  std::string crm_name;
  std::string label;  ///< as people see it
  model::FieldType type = model::FieldType::unknown;
  const std::vector<model::Option>* options = nullptr;  ///< null where unknown
};

enum class FactKind : std::uint8_t { owner_mean, same_text };

class Builder;

/// Records of another object beside this one, while a condition on them is compiled.
struct RelatedScope {
  std::size_t index = 0;               ///< in Case::related
  std::string label;                   ///< "contact role"
  std::string crm_object;              ///< the connection's own name
  std::shared_ptr<const Frame> frame;  ///< complete when loading is done
  Builder* where = nullptr;            ///< names of that object; lives as long as the builder that gave it
};

class Builder {
 public:
  virtual ~Builder() = default;
  [[nodiscard]] virtual yaml::Document& document() = 0;
  /// A field to be read. Nothing: the name is unknown (reported), or this connection lacks it (the rule is switched
  /// off).
  [[nodiscard]] virtual const Field* field(std::string_view name, const model::Place& at) = 0;
  /// The connection's own name of a field to be read.
  [[nodiscard]] virtual const std::string& crm_name(Slot s) const = 0;
  /// Its history is to be kept, too.
  virtual void needs_history(Slot s) = 0;
  /// The state of the field by the placeholders of this file, or of its card there.
  [[nodiscard]] virtual StateId state(const Field& f) = 0;
  /// The number of a fact; owner_mean with its test (above, at_least), same_text with its state.
  [[nodiscard]] virtual std::size_t fact(FactKind kind, const Field& f, double above, std::int64_t at_least,
                                         StateId state) = 0;

  /// The special fields of the object; the stage by itself needs history where `history` says so.
  [[nodiscard]] virtual const Frame& frame() const = 0;
  [[nodiscard]] virtual bool has_owner() = 0;  ///< makes owner a field to be read
  [[nodiscard]] virtual bool
  has_stages() = 0;  ///< makes stage and pipeline fields to be read; false: the object has no stage field
  /// Makes the CRM's own "last stage change" a field to be read, where there is one.
  virtual void use_stage_changed() = 0;
  /// Makes the CRM's own "is closed" and "is won" fields to be read, where stages are not known.
  virtual void use_outcome() = 0;
  [[nodiscard]] virtual const StageTable& known_stages() const = 0;  ///< empty where unknown at load
  [[nodiscard]] virtual const Milestones& milestones() const = 0;
  /// False where no pipeline has such a stage or milestone (reported).
  virtual bool check_stage(std::string_view word, const model::Place& at) = 0;
  /// A test that cannot be told in pipelines that have none of these stages and milestones: they are listed.
  virtual void needs_any_of(const std::vector<std::string>& words) = 0;
  /// The condition of `segments: NAME`, compiled anew; null: unknown (reported).
  [[nodiscard]] virtual TestPtr segment(std::string_view name, const model::Place& at) = 0;

  /// What people did on the record is to be read, and with its contacts or its account where asked for; or who spoke of
  /// it.
  virtual void use_activities(bool contacts, bool account) = 0;
  virtual void use_reviews() = 0;
  /// How long so many of 100 won records stood in their stages is to be counted.
  virtual void use_percentile(int p) = 0;
  /// False where the configuration has no such meeting (reported).
  virtual bool check_meeting(std::string_view name, const model::Place& at) = 0;
  /// The meeting that `{meeting}` means here; "" where nothing is inspected in one.
  [[nodiscard]] virtual std::string meeting() const = 0;
  /// Nothing: no connection has such an object (reported), or this one lacks it (the rule is switched off).
  [[nodiscard]] virtual std::optional<RelatedScope> related(std::string_view object, const model::Place& at) = 0;

  void error(std::string code, std::string message, const model::Place& at) {
    document().report(model::Severity::error, std::move(code), std::move(message), at);
  }
  void warn(std::string code, std::string message, const model::Place& at) {
    document().report(model::Severity::warning, std::move(code), std::move(message), at);
  }
};

}  // namespace coachd::rules
