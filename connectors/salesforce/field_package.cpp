#include "connectors/salesforce/field_package.hpp"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/description.hpp"

namespace coachd::salesforce {
namespace {

using model::FieldType;

// A part of a metadata document: `<name>text</name>`, escaped.
void add(pugi::xml_node into, const char* name, std::string_view text) {
  into.append_child(name).append_child(pugi::node_pcdata).set_value(std::string(text).c_str());
}

class Document {
 public:
  explicit Document(const char* root) {
    auto declaration = document_.prepend_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    root_ = document_.append_child(root);
    root_.append_attribute("xmlns") = "http://soap.sforce.com/2006/04/metadata";
  }
  [[nodiscard]] pugi::xml_node root() const { return root_; }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    document_.save(out, "    ", pugi::format_default, pugi::encoding_utf8);
    return std::move(out).str();
  }

 private:
  pugi::xml_document document_;
  pugi::xml_node root_;
};

// A manifest of one type; of nothing where it is empty.
std::string manifest(std::string_view type, const std::vector<std::string>& members, std::string_view version) {
  Document document("Package");
  if (!members.empty()) {
    auto types = document.root().append_child("types");
    for (const auto& member : members) add(types, "members", member);
    add(types, "name", type);
  }
  if (!version.empty()) add(document.root(), "version", version);
  return document.text();
}

bool is_name(std::string_view text, std::string_view also) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || also.find(c) != also.npos;
  });
}

// Why no package can be made of it; empty: one can.
std::string unfit(const FieldPackageWish& wish) {
  const auto name = wish.object + "." + wish.field.name;
  if (!is_name(wish.object, "_") || !is_name(wish.field.name, "_")) return name + " is no field of Salesforce's";
  if (!wish.field.custom || !wish.field.name.ends_with("__c"))
    return name + " is Salesforce's own field: only custom fields are retired; take it off the page layouts instead";
  return {};
}

std::string profile(const std::string& field, bool visible) {
  Document document("Profile");
  auto permissions = document.root().append_child("fieldPermissions");
  add(permissions, "editable", visible ? "true" : "false");
  add(permissions, "field", field);
  add(permissions, "readable", visible ? "true" : "false");
  return document.text();
}

void add_values(pugi::xml_node field, const std::vector<model::Option>& options) {
  auto definition = field.append_child("valueSet").append_child("valueSetDefinition");
  add(definition, "sorted", "false");
  for (const auto& option : options) {
    auto value = definition.append_child("value");
    add(value, "fullName", option.value);
    add(value, "default", "false");
    if (!option.active) add(value, "isActive", "false");
    add(value, "label", option.label);
  }
}

struct Kind {
  FieldType type;
  const char* name;
  std::vector<std::pair<const char*, const char*>> more;
};

const Kind* kind_of(FieldType type) {
  static const std::vector<Kind> kinds{
      {FieldType::text, "Text", {{"length", "255"}}},
      {FieldType::long_text, "LongTextArea", {{"length", "32768"}, {"visibleLines", "3"}}},
      {FieldType::picklist, "Picklist", {}},
      {FieldType::multi_picklist, "MultiselectPicklist", {{"visibleLines", "4"}}},
      {FieldType::boolean, "Checkbox", {{"defaultValue", "false"}}},
      {FieldType::number, "Number", {{"precision", "18"}, {"scale", "2"}}},
      {FieldType::currency, "Currency", {{"precision", "18"}, {"scale", "2"}}},
      {FieldType::percent, "Percent", {{"precision", "18"}, {"scale", "2"}}},
      {FieldType::date, "Date", {}},
      {FieldType::datetime, "DateTime", {}},
      {FieldType::phone, "Phone", {}},
      {FieldType::email, "Email", {}},
      {FieldType::url, "Url", {}},
  };
  const auto it = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.type == type; });
  return it == kinds.end() ? nullptr : &*it;
}

// The field as a definition that can be deployed; "" where its type says too little (look-ups, formulas).
std::string definition(const model::FieldDescription& field) {
  const auto* kind = kind_of(field.type);
  if (kind == nullptr) return {};
  Document document("CustomObject");
  auto node = document.root().append_child("fields");
  add(node, "fullName", field.name);
  add(node, "label", field.label);
  for (const auto& [name, text] : kind->more) add(node, name, text);
  add(node, "type", kind->name);
  if (field.type == FieldType::picklist || field.type == FieldType::multi_picklist) add_values(node, field.options);
  return document.text();
}

}  // namespace

FieldPackage hide_package(const FieldPackageWish& wish) {
  if (auto why = unfit(wish); !why.empty()) return {{}, std::move(why)};
  const auto name = wish.object + "." + wish.field.name;
  if (wish.profiles.empty())
    return {{},
            "coachd is not told which profiles see " + name +
                ": name them with --profile \"Sales User\" (once each); Setup > Object Manager > " + wish.object +
                " > Fields > " + wish.field.label + " > Set Field-Level Security lists them"};
  for (const auto& p : wish.profiles)
    if (!is_name(p, " _-")) return {{}, "`" + p + "` is no profile's name in the Metadata API"};
  FieldPackage out;
  for (const bool visible : {false, true}) {
    const std::string folder = visible ? "undo/" : "hide/";
    out.files.push_back({folder + "package.xml", manifest("Profile", wish.profiles, wish.version)});
    for (const auto& p : wish.profiles)
      out.files.push_back({folder + "profiles/" + p + ".profile", profile(name, visible)});
  }
  out.files.push_back(
      {"README.txt",
       "Hides " + name +
           " from the profiles named in hide/package.xml; its values stay.\n\n"
           "  sf project deploy start --metadata-dir hide --dry-run    what it would do\n"
           "  sf project deploy start --metadata-dir hide\n"
           "  sf project deploy start --metadata-dir undo              they see it again\n\n"
           "What coachd cannot know: permission sets that grant the field (take it out of them by hand: they add to\n"
           "profiles), who had read-only access before (undo gives read and edit), and page layouts (a field that "
           "nobody\n"
           "may read is shown on none).\n"});
  return out;
}

FieldPackage archive_package(const FieldPackageWish& wish) {
  if (auto why = unfit(wish); !why.empty()) return {{}, std::move(why)};
  const auto name = wish.object + "." + wish.field.name;
  FieldPackage out;
  out.files.push_back({"archive/package.xml", manifest("CustomField", {}, wish.version)});
  out.files.push_back({"archive/destructiveChanges.xml", manifest("CustomField", {name}, {})});
  auto defined = definition(wish.field);
  const bool known = !defined.empty();
  if (known) {
    out.files.push_back({"undo/package.xml", manifest("CustomField", {name}, wish.version)});
    out.files.push_back({"undo/objects/" + wish.object + ".object", std::move(defined)});
  }
  out.files.push_back(
      {"README.txt",
       "Moves " + name +
           " to the org's deleted fields.\n\n"
           "  sf project retrieve start --metadata CustomField:" +
           name +
           "    first: its definition as it is\n"
           "  sf project deploy start --metadata-dir archive --dry-run  names what still uses it\n"
           "  sf project deploy start --metadata-dir archive\n\n"
           "To undo it within 15 days: Setup > Object Manager > " +
           wish.object +
           " > Fields & Relationships > Deleted Fields >\nUndelete. The values come back with it. Later they come back "
           "from the export only.\n" +
           (known ? "undo/ makes the field anew, as far as its description tells (length, scale and defaults are "
                    "guesses; the retrieved\ndefinition is better):\n\n  sf project deploy start --metadata-dir undo\n"
                  : "There is no undo/: a description says too little about a field of this type. Keep the retrieved "
                    "definition.\n")});
  return out;
}

}  // namespace coachd::salesforce
