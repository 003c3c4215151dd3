#include "rules/yaml/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace coachd::yaml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<Document> parse(std::string text, const Limits& limits = {}) {
  return Document::parse("f.yaml", std::move(text), limits);
}

// "line:column message" of each diagnostic.
std::vector<std::string> errors(const Document& d) {
  std::vector<std::string> out;
  for (const auto& x : d.diagnostics())
    out.push_back(std::to_string(x.place.line) + ":" + std::to_string(x.place.column) + " " + x.message);
  return out;
}

TEST(Reader, WordsAreTheTextThatWasWritten) {
  const auto d = parse("w: [null, Null, ~, no, off, yes, 1e3, 007, \"null\", 09:30]\n");
  ASSERT_TRUE(d->diagnostics().empty());
  MapReader r(*d, d->root(), "a file");
  EXPECT_THAT(r.words("w"), ElementsAre("null", "Null", "~", "no", "off", "yes", "1e3", "007", "null", "09:30"));
  r.finish();
  EXPECT_TRUE(d->diagnostics().empty());
}

TEST(Reader, NullKeepsItsTextAndEmptyHasNone) {
  const auto d = parse("a:\nnull: ~\nb: {x: , ~: null}\nc: &A null\nd: [ , x]\n");
  const auto root = d->root();
  EXPECT_EQ(root.find("a").kind(), Node::Kind::null);
  EXPECT_EQ(root.find("a").text(), "");  // what stands next is a key, not its value
  EXPECT_EQ(root.find("null").text(), "~");
  EXPECT_EQ(root.find("b").find("x").text(), "");
  EXPECT_EQ(root.find("b").find("~").text(), "null");
  EXPECT_EQ(root.find("c").text(), "null");
}

TEST(Reader, PlacesCountCharacters) {
  const auto d = parse("\xef\xbb\xbf\"é\": {größe: x}\r\nzwei:\n  - drei\n");
  ASSERT_TRUE(d->diagnostics().empty());
  const auto inner = d->root().find("é");
  EXPECT_EQ(inner.key_place("größe").column, 7u);
  EXPECT_EQ(inner.find("größe").place().column, 14u);
  EXPECT_EQ(d->root().find("zwei").items().at(0).place(), (model::Place{"f.yaml", 3, 5}));
  EXPECT_EQ(d->root().find("absent").kind(), Node::Kind::missing);
}

TEST(Reader, QuotedTextIsTold) {
  const auto d = parse("a: \"5\"\nb: 5\nc: '5'\nd: |\n  5\n");
  EXPECT_TRUE(d->root().find("a").quoted());
  EXPECT_FALSE(d->root().find("b").quoted());
  EXPECT_TRUE(d->root().find("c").quoted());
  EXPECT_TRUE(d->root().find("d").quoted());
}

TEST(Reader, DoubledKeysAreErrorsAndTheFirstCounts) {
  const auto d = parse("a: 1\nb: 2\na: 3\nwhen: {field: x, field: y}\n");
  EXPECT_THAT(errors(*d), ElementsAre(HasSubstr("3:1 `a` stands here a second time (first on line 1)"),
                                      HasSubstr("write `all: [")));
  EXPECT_EQ(d->root().find("a").text(), "1");
  EXPECT_EQ(d->root().entries().size(), 3u);
}

struct Broken {
  const char* text;
  const char* error;
};
class Syntax : public testing::TestWithParam<Broken> {};
TEST_P(Syntax, IsExplainedAtThePlace) {
  const auto d = parse(GetParam().text);
  EXPECT_THAT(errors(*d), ElementsAre(HasSubstr(GetParam().error)));
  EXPECT_FALSE(d->root());
}
INSTANTIATE_TEST_SUITE_P(
    All, Syntax,
    testing::Values(Broken{"a: b: c\n", "1:5 a second `: ` on this line"},
                    Broken{"a:b\nc: d\n", "1:2 a space is missing after `:`"},
                    Broken{"a: 1\n\tb: 2\n", "2:1 a tab stands"},
                    Broken{"a: \"x\nb: 2\n", "1:4 the quote \" that opens here is never closed"},
                    Broken{"a: 'x\nb: 2\n", "1:4 the quote ' that opens here is never closed"},
                    Broken{"a: \"x\nb: \"y\"\n", "1:4 the quote `\"` that opens here ends only on line 2"},
                    Broken{"a: [1, 2\nb: 3\n", "1:4 the `[` that opens here is not closed"},
                    Broken{"a: {x: 1\nb: 3\n", "1:4 the `{` that opens here is not closed"},
                    Broken{"a: 1\n  b: 2\n", "2:3 this line is indented further than line 1"},
                    Broken{"a: @x\n", "1:4 a text that begins with `@` needs quotes"},
                    Broken{"a:\n  - x\n - y\n", "3:2 this `-` is not indented like"},
                    Broken{"a: 1\n---\nb: 2\n", "2:1 a second document"}, Broken{"a: \"\\q\"\n", "1:7 unknown escape"},
                    Broken{"a: *foo\n", "1:4 no value named like this"},
                    Broken{"a: [1]]\n", "1:7 this `]` closes no bracket"},
                    Broken{"a: 1\nb\nc: 2\n", "2:1 `:` is missing"},
                    Broken{"say: {name} is in commit\n", "1:6 a text that begins with `{` needs quotes"},
                    Broken{"a: \"x\" y\n", "1:8 text after a closing quote"},
                    Broken{"a:\n    b: 1\n  c: 2\n", "3:3 this line is indented like none"},
                    Broken{"a: &A [*A]\n", "1:8 this alias refers to the value"},
                    Broken{"a: x\xff\n", "1:5 this byte is no UTF-8"}, Broken{"a: - b\n", "1:4 a list item"}));

TEST(Reader, TagsAndMergeKeysAreRefused) {
  EXPECT_THAT(errors(*parse("a: !!int 3\n")), ElementsAre(HasSubstr("1:4 a text that begins with `!` needs quotes")));
  EXPECT_THAT(errors(*parse("a: &A {b: 1}\nc: {<<: *A, d: 2}\n")), ElementsAre(HasSubstr("2:5 merge keys")));
}

TEST(Reader, LimitsHold) {
  Limits few;
  few.depth = 3;
  EXPECT_THAT(errors(*parse("a: [[1]]", few)), testing::IsEmpty());
  EXPECT_THAT(errors(*parse("a: [[[1]]]", few)), ElementsAre(HasSubstr("nested more than 3 levels")));
  few = {};
  few.bytes = 10;
  EXPECT_THAT(errors(*parse("a: 12345678", few)), ElementsAre(HasSubstr("the file is larger")));
  few = {};
  few.nodes = 5;
  EXPECT_THAT(errors(*parse("a: [1, 2, 3, 4]", few)), ElementsAre(HasSubstr("more than 5 values")));
  few = {};
  few.aliases = 1;
  EXPECT_THAT(errors(*parse("a: &A 1\nb: *A\nc: *A\n", few)), ElementsAre(HasSubstr("3:4 more than 1 aliases")));
  EXPECT_THAT(errors(*parse(std::string(5000, '['))), ElementsAre(HasSubstr("levels deep")));
}

TEST(Reader, AliasesAreCountedInFull) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 8; ++i) {
    const auto n = std::to_string(i), p = std::to_string(i - 1);
    text += "a" + n + ": &a" + n + " [*a" + p + ", *a" + p + ", *a" + p + ", *a" + p + ", *a" + p + ", *a" + p +
            ", *a" + p + ", *a" + p + "]\n";
  }
  EXPECT_THAT(errors(*parse(text)), ElementsAre(HasSubstr("aliases counted in full")));
}

TEST(MapReader, ReportsEverythingAtOnce) {
  const auto d = parse("version: one\nneed_by: x\nfilled: no\nlist: {a: b}\nempty:\nobject: [a]\n");
  MapReader r(*d, d->root(), "a rule file");
  EXPECT_FALSE(r.number("version"));
  EXPECT_FALSE(r.boolean("filled"));
  EXPECT_THAT(r.words("list"), testing::IsEmpty());
  EXPECT_FALSE(r.text("empty"));
  EXPECT_FALSE(r.text("object"));
  EXPECT_FALSE(r.optional("needed_by"));
  EXPECT_EQ(r.required_text("workflow"), "");
  r.finish();
  EXPECT_THAT(
      errors(*d),
      ElementsAre("1:10 `version` is a number, this is `one`", "3:9 `filled` is true or false, this is `no`",
                  "4:7 `list` is a word or a list of words, this is a map", "5:1 `empty` is a text, this is nothing",
                  "6:9 `object` is a text, this is a list", "1:1 `workflow` is missing: a rule file needs it",
                  "2:1 unknown key `need_by` in a rule file: did you mean `needed_by`?"));
}

TEST(MapReader, SomethingElseThanAMapIsOneError) {
  const auto d = parse("rule: id:x\n");
  MapReader r(*d, d->root().find("rule"), "a rule");
  EXPECT_EQ(r.required_text("id"), "");
  r.finish();
  EXPECT_THAT(errors(*d),
              ElementsAre("1:7 a rule is a map (`name: value`), this is `id:x`; a space is missing after `:`"));
}

TEST(MapReader, NumbersAreUnquotedAndWhole) {
  const auto d = parse("a: 1e3\nb: \"5\"\nc: 5 %\nd: nan\ne: -2.5\n");
  MapReader r(*d, d->root(), "a file");
  EXPECT_EQ(r.number("a"), 1000.0);
  EXPECT_EQ(r.number("e"), -2.5);
  EXPECT_TRUE(d->diagnostics().empty());
  EXPECT_FALSE(r.number("b"));
  EXPECT_FALSE(r.number("c"));
  EXPECT_FALSE(r.number("d"));
  EXPECT_EQ(d->diagnostics().size(), 3u);
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> names{"needed_by", "knowable_from", "ask_from", "is", "is_not",
                                       "in",        "at_least",      "field"};
  EXPECT_EQ(nearest("need_by", names), "needed_by");
  EXPECT_EQ(nearest("knowable-form", names), "knowable_from");
  EXPECT_EQ(nearest("feild", names), "field");
  EXPECT_EQ(nearest("At_Leats", names), "at_least");
  EXPECT_EQ(nearest("colour", names), std::nullopt);
  EXPECT_EQ(nearest("x", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
}

TEST(Render, ShowsPlaceLineAndCaret) {
  const auto d = parse("größe: 1\ngröße: 2\n");
  ASSERT_EQ(d->diagnostics().size(), 1u);
  EXPECT_EQ(render(d->diagnostics()[0], false),
            "f.yaml:2:1: error: `größe` stands here a second time (first on line 1) [doubled-key]\n  größe: 2\n  ^\n");
  EXPECT_EQ(
      render({model::Severity::warning, "never-inspected", "no meeting inspects it", {"a.yaml", 0, 0}, ""}, false),
      "a.yaml: warning: no meeting inspects it [never-inspected]\n");
  const auto wide = render(
      {model::Severity::error, "x", "m", {"a.yaml", 1, 301}, std::string(300, '\t') + "x" + std::string(300, 'y')},
      false);
  const auto caret = wide.rfind('^');
  const auto line = wide.find('\n') + 1;
  EXPECT_EQ(wide[line + (caret - wide.find('\n', line) - 1)], 'x');
}

RC_GTEST_PROP(ReaderProperty, NeverThrowsAndNeverAcceptsBrokenPlaces, ()) {
  const auto piece = rc::gen::element<std::string>("a", "b: ", ": ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", "\"",
                                                   "'", "&A ", "*A", "#", "null", "~", "|", ">", "!", "é", "\xff", ",",
                                                   "? ", "---\n", "%", "@", "<<: ", "\\", "\r\n", " ");
  const auto pieces = *rc::gen::container<std::vector<std::string>>(piece);
  std::string text;
  for (const auto& p : pieces) text += p;
  const auto d = parse(text);
  for (const auto& x : d->diagnostics()) {
    RC_ASSERT(x.place.line >= 1u);
    RC_ASSERT(x.place.column >= 1u);
    RC_ASSERT(!x.message.empty());
    RC_ASSERT(!render(x, false).empty());
  }
}

}  // namespace
}  // namespace coachd::yaml
