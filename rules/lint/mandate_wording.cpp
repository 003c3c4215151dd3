// mandate-wording: a prompt that orders. People answer orders with the bare minimum.
// Bad: "You must fill in the next step." Better: "What happens next, and when?"
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "rules/lint/context.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

// Whole phrases: "who must sign at the customer?" orders nobody.
constexpr std::array<std::string_view, 30> words = {
    "you must",           "must be filled",  "must be completed", "must be updated",   "must fill",
    "must enter",         "must update",     "mandatory",         "compulsory",        "is required",
    "are required",       "required field",  "you have to",       "have to be filled", "has to be filled",
    "needs to be filled", "you are obliged", "failure to",        "non-compliant",     "non-compliance",
    "noncompliance",      "voluntary, but",  "pflichtfeld",       "zwingend",          "du musst",
    "sie müssen",         "obligatoire",     "obligatorio",       "obrigatório",       "必須"};

bool letter(char ch) {
  return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (static_cast<unsigned char>(ch) & 0x80) != 0;
}

// The first of the words that stands in the text as a whole word.
std::string_view found_in(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char ch) { return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch - 'A' + 'a') : ch; });
  for (const auto word : words)
    for (auto at = small.find(word); at != std::string::npos; at = small.find(word, at + 1)) {
      const auto end = at + word.size();
      if ((at == 0 || !letter(small[at - 1])) && (end == small.size() || !letter(small[end]))) return word;
    }
  return {};
}

// A text, or `{en: ..., de: ...}`.
void look(Context& c, const yaml::Node& node) {
  if (node.is_map())
    for (const auto& [language, text] : node.entries()) look(c, text);
  if (!node.is_scalar()) return;
  if (const auto word = found_in(node.text()); !word.empty())
    c.warn("mandate-wording",
           "\"" + std::string(word) + "\" orders where a question would do: people answer orders with the bare minimum",
           node.place());
}

}  // namespace

void mandate_wording(Context& c) {
  for (const auto* list : {&c.cards(), &c.rules()})
    for (const auto& ask : *list)
      for (const std::string_view key : {"say", "ask", "gives_back"}) look(c, ask.prompt.find(key));
  for (const auto& criterion : c.root().find("done_means").items()) look(c, criterion.find("say"));
}

}  // namespace coachd::lint
