#include "rules/yaml/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/tree.hpp"

namespace coachd::yaml {

struct Document::Data {
  Tree tree;
  std::vector<model::Diagnostic> diagnostics;
};

namespace {

class ParsedDocument final : public Document {
 public:
  ParsedDocument(std::string file, std::string text, const Limits& limits) {
    auto& tree = data_.tree;
    tree.file = std::move(file);
    tree.source = std::move(text);
    if (tree.source.starts_with("\xef\xbb\xbf")) tree.source.erase(0, 3);
    tree.index_lines();
    for (auto& t : build(tree, limits))
      report(model::Severity::error, std::move(t.code), std::move(t.message), tree.place(t.offset));
  }

  [[nodiscard]] Node root() const override { return make(this, data_.tree.root); }
  [[nodiscard]] const std::string& file() const override { return data_.tree.file; }
  [[nodiscard]] const std::vector<model::Diagnostic>& diagnostics() const override { return data_.diagnostics; }
  void report(model::Severity severity, std::string code, std::string message, const model::Place& at) override {
    data_.diagnostics.push_back(
        {severity, std::move(code), std::move(message), at, std::string(data_.tree.line(at.line))});
    if (data_.diagnostics.back().place.file.empty()) data_.diagnostics.back().place.file = data_.tree.file;
  }

 protected:
  [[nodiscard]] const Data& data() const override { return data_; }

 private:
  Data data_;
};

}  // namespace

void Tree::index_lines() {
  lines.assign(1, 0);
  for (std::size_t i = 0; i < source.size(); ++i)
    if (source[i] == '\n') lines.push_back(static_cast<std::uint32_t>(i + 1));
}

model::Place Tree::place(std::size_t offset) const {
  const auto after = std::upper_bound(lines.begin(), lines.end(), offset);
  const auto begin = *(after - 1);
  const auto upto = std::min(offset, source.size());
  const auto characters = std::count_if(source.begin() + begin, source.begin() + static_cast<std::ptrdiff_t>(upto),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return {file, static_cast<std::uint32_t>(after - lines.begin()), static_cast<std::uint32_t>(characters + 1)};
}

std::string_view Tree::line(std::uint32_t number) const {
  if (number == 0 || number > lines.size()) return {};
  const auto begin = lines[number - 1];
  auto text = std::string_view(source).substr(begin);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Document::~Document() = default;

std::unique_ptr<Document> Document::parse(std::string file, std::string text, const Limits& limits) {
  return std::make_unique<ParsedDocument>(std::move(file), std::move(text), limits);
}

Node Document::make(const Document* d, std::uint32_t i) {
  Node n;
  if (i != 0) n.document_ = d;
  n.index_ = i;
  return n;
}

Node::Kind Node::kind() const noexcept {
  return document_ == nullptr ? Kind::missing : document_->data().tree.nodes[index_].kind;
}

std::string_view Node::text() const noexcept {
  return document_ == nullptr ? std::string_view{} : std::string_view(document_->data().tree.nodes[index_].text);
}

bool Node::quoted() const noexcept {
  return document_ != nullptr && document_->data().tree.nodes[index_].quoted;
}

model::Place Node::place() const {
  if (document_ == nullptr) return {};
  const auto& tree = document_->data().tree;
  return tree.place(tree.nodes[index_].offset);
}

std::vector<Node> Node::items() const {
  std::vector<Node> out;
  if (!is_list()) return out;
  for (const auto& child : document_->data().tree.nodes[index_].children)
    out.push_back(Document::make(document_, child.second));
  return out;
}

std::vector<std::pair<std::string, Node>> Node::entries() const {
  std::vector<std::pair<std::string, Node>> out;
  if (!is_map()) return out;
  const auto& nodes = document_->data().tree.nodes;
  for (const auto& [key, value] : nodes[index_].children)
    out.emplace_back(nodes[key].text, Document::make(document_, value));
  return out;
}

model::Place Node::key_place(std::string_view key) const {
  if (!is_map()) return place();
  const auto& tree = document_->data().tree;
  for (const auto& child : tree.nodes[index_].children)
    if (tree.nodes[child.first].text == key) return tree.place(tree.nodes[child.first].offset);
  return place();
}

Node Node::find(std::string_view key) const {
  if (!is_map()) return {};
  const auto& nodes = document_->data().tree.nodes;
  for (const auto& [k, v] : nodes[index_].children)
    if (nodes[k].text == key) return Document::make(document_, v);
  return {};
}

}  // namespace coachd::yaml
