#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/yaml/reader.hpp"
#include "rules/yaml/tree.hpp"

namespace coachd::yaml {
namespace {

// Thrown through yaml-cpp to stop at the first thing after which reading on makes no sense.
struct Stop {
  Trouble trouble;
};

bool is_null_word(std::string_view s) {
  return s == "null" || s == "Null" || s == "NULL" || s == "~";
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(Tree& tree, const Limits& limits) : tree_(tree), limits_(limits) {}

  std::vector<Trouble> troubles;
  std::size_t last_quoted = std::string::npos;
  std::size_t last_bracket = std::string::npos;
  bool begun = false;

  [[nodiscard]] std::size_t open_flow() const {
    for (auto it = open_.rbegin(); it != open_.rend(); ++it)
      if (it->flow) return tree_.nodes[it->node].offset;
    return std::string::npos;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (begun)
      throw Stop{{offset(mark), "syntax", "a second document (`---`) begins here: one file holds one document"}};
    begun = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto at = offset(mark);
    add(leaf(Node::Kind::null, at, null_word(at)), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const auto at = offset(mark);
    refuse_tag(tag, at);
    const auto begin = past_anchor(at);
    const char first = begin < tree_.source.size() ? tree_.source[begin] : '\0';
    TreeNode n = leaf(Node::Kind::scalar, at, value);
    n.quoted = first == '"' || first == '\'' || first == '|' || first == '>';
    if (first == '"' || first == '\'') {
      last_quoted = begin;
      if (end_of_quoted(tree_.source, begin) == std::string::npos)
        throw Stop{{begin, "syntax", std::string("the quote ") + first + " that opens here is never closed"}};
    }
    add(std::move(n), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto at = offset(mark);
    if (++aliases_ > limits_.aliases)
      throw Stop{{at, "too-large", "more than " + std::to_string(limits_.aliases) + " aliases (`*name`) in one file"}};
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end() || is_open(found->second))
      throw Stop{{at, "syntax", "this alias refers to the value that it stands in"}};
    TreeNode copy = tree_.nodes[found->second];
    copy.offset = static_cast<std::uint32_t>(at);
    add(std::move(copy), 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    start(Node::Kind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    start(Node::Kind::map, mark, tag, anchor, style);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    std::uint32_t node = 0;
    std::uint32_t key = 0;  // of a map: the key that waits for its value
    bool flow = false;
    std::unordered_map<std::string, std::uint32_t> keys;
  };

  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    const auto at = mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
    return std::min(at, tree_.source.size());
  }

  // Marks stand at `&anchor` where there is one; the text begins after it.
  [[nodiscard]] std::size_t past_anchor(std::size_t at) const {
    const std::string_view s = tree_.source;
    if (at >= s.size() || s[at] != '&') return at;
    while (at < s.size() && s[at] != ' ' && s[at] != '\n') ++at;
    while (at < s.size() && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r')) ++at;
    return at;
  }

  // yaml-cpp drops the word; the mark of a value that was left out is that of whatever stands next, perhaps a key
  // `null`.
  [[nodiscard]] std::string null_word(std::size_t mark) const {
    const std::string_view s = tree_.source;
    const auto begin = past_anchor(mark);
    auto end = begin;
    while (end < s.size() && (std::isalpha(static_cast<unsigned char>(s[end])) != 0 || s[end] == '~')) ++end;
    const auto word = s.substr(begin, end - begin);
    if (!is_null_word(word)) return {};
    const bool wants_key =
        !open_.empty() && tree_.nodes[open_.back().node].kind == Node::Kind::map && open_.back().key == 0;
    if (wants_key) return std::string(word);
    while (end < s.size() && s[end] == ' ') ++end;
    const bool is_next_key = end < s.size() && s[end] == ':' &&
                             (end + 1 == s.size() || s[end + 1] == ' ' || s[end + 1] == '\n' || s[end + 1] == '\r');
    return is_next_key ? std::string{} : std::string(word);
  }

  static TreeNode leaf(Node::Kind kind, std::size_t at, std::string text) {
    TreeNode n;
    n.kind = kind;
    n.offset = static_cast<std::uint32_t>(at);
    n.text = std::move(text);
    return n;
  }

  void refuse_tag(const std::string& tag, std::size_t at) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    troubles.push_back({at, "syntax", "a text that begins with `!` needs quotes (YAML tags are not used here)"});
  }

  [[nodiscard]] bool is_open(std::uint32_t node) const {
    return std::any_of(open_.begin(), open_.end(), [&](const Open& o) { return o.node == node; });
  }

  void start(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    const auto at = offset(mark);
    refuse_tag(tag, at);
    if (open_.size() >= limits_.depth)
      throw Stop{{at, "too-large", "nested more than " + std::to_string(limits_.depth) + " levels deep"}};
    const auto index = add(leaf(kind, at, {}), anchor);
    open_.push_back({index, 0, style == YAML::EmitterStyle::Flow, {}});
  }

  void end() {
    const Open closed = std::move(open_.back());
    open_.pop_back();
    auto& node = tree_.nodes[closed.node];
    std::uint64_t weight = 1;
    for (const auto& [k, v] : node.children) weight += tree_.nodes[k].weight + tree_.nodes[v].weight;
    if (weight > limits_.nodes)
      throw Stop{{node.offset, "too-large",
                  "more than " + std::to_string(limits_.nodes) + " values, aliases counted in full"}};
    node.weight = static_cast<std::uint32_t>(weight);
    if (closed.flow) last_bracket = node.offset;
  }

  std::uint32_t add(TreeNode node, YAML::anchor_t anchor) {
    if (tree_.nodes.size() > limits_.nodes)
      throw Stop{{node.offset, "too-large", "more than " + std::to_string(limits_.nodes) + " values in one file"}};
    const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes.push_back(std::move(node));
    if (anchor != 0) anchors_[anchor] = index;
    if (open_.empty()) {
      tree_.root = index;
    } else if (auto& parent = open_.back(); tree_.nodes[parent.node].kind == Node::Kind::list) {
      tree_.nodes[parent.node].children.emplace_back(0, index);
    } else if (parent.key == 0) {
      take_key(parent, index);
    } else {
      if (parent.key != dropped) tree_.nodes[parent.node].children.emplace_back(parent.key, index);
      parent.key = 0;
    }
    return index;
  }

  void take_key(Open& parent, std::uint32_t index) {
    const auto& key = tree_.nodes[index];
    parent.key = dropped;
    if (key.kind != Node::Kind::scalar && key.kind != Node::Kind::null) {
      troubles.push_back(
          {key.offset, "syntax", "a name is expected before `:`; a text that begins with `{` or `[` needs quotes"});
      return;
    }
    if (key.text.empty()) {
      troubles.push_back({key.offset, "syntax", "a name is missing before `:`"});
      return;
    }
    if (key.text == "<<" && !key.quoted) {
      troubles.push_back(
          {key.offset, "merge-key",
           "merge keys (`<<`) are not allowed: write the keys out, or name the whole value with an alias"});
      return;
    }
    const auto [first, fresh] = parent.keys.emplace(key.text, index);
    if (fresh) {
      parent.key = index;
      return;
    }
    const auto line = std::to_string(tree_.place(tree_.nodes[first->second].offset).line);
    if (key.text == "field")
      troubles.push_back({key.offset, "doubled-key",
                          "`field` stands twice in one condition (first on line " + line +
                              "): write `all: [{field: A, ...}, {field: B, ...}]`"});
    else
      troubles.push_back(
          {key.offset, "doubled-key", "`" + key.text + "` stands here a second time (first on line " + line + ")"});
  }

  static constexpr std::uint32_t dropped = 0xffffffff;
  Tree& tree_;
  const Limits& limits_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, std::uint32_t> anchors_;
  std::size_t aliases_ = 0;
};

// Offset of the first byte that is no UTF-8 (or a NUL, which no text holds), or npos.
std::size_t first_bad_byte(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    const auto c = static_cast<unsigned char>(s[i]);
    const std::size_t n = c == 0                  ? 0
                          : c < 0x80              ? 1
                          : c >= 0xc2 && c < 0xe0 ? 2
                          : c >= 0xe0 && c < 0xf0 ? 3
                          : c >= 0xf0 && c < 0xf5 ? 4
                                                  : 0;
    if (n == 0 || i + n > s.size()) return i;
    for (std::size_t k = 1; k < n; ++k)
      if ((static_cast<unsigned char>(s[i + k]) & 0xc0) != 0x80) return i;
    i += n;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Trouble> build(Tree& tree, const Limits& limits) {
  if (tree.source.size() > limits.bytes) {
    tree.source.resize(0);
    tree.index_lines();
    return {{0, "too-large", "the file is larger than " + std::to_string(limits.bytes / 1024) + " KiB"}};
  }
  if (const auto bad = first_bad_byte(tree.source); bad != std::string_view::npos) {
    // The line is shown with the message: from here on it holds nothing that a terminal or JSON would choke on.
    std::replace_if(
        tree.source.begin() + static_cast<std::ptrdiff_t>(bad), tree.source.end(),
        [](char c) { return c == '\0' || static_cast<unsigned char>(c) >= 0x80; }, '?');
    return {{bad, "syntax", "this byte is no UTF-8 text: save the file as UTF-8"}};
  }

  Builder builder(tree, limits);
  const auto give_up = [&](Trouble t) {
    tree.root = 0;
    std::erase_if(builder.troubles,
                  [](const Trouble& soft) { return soft.code == "syntax"; });  // echoes of the same mistake
    builder.troubles.push_back(std::move(t));
  };
  try {
    std::istringstream in(tree.source);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (Stop& stop) {
    give_up(std::move(stop.trouble));
  } catch (const YAML::Exception& e) {
    const auto at = e.mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(e.mark.pos), tree.source.size());
    give_up(explain_syntax(tree, {at, e.msg, builder.open_flow(), builder.last_quoted, builder.last_bracket}));
  }
  return std::move(builder.troubles);
}

}  // namespace coachd::yaml
