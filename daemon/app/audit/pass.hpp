// One pass over the rows of an export, whatever is done with them: in parallel block by block, or, where several lines
// make one record, folded on the merging thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "daemon/app/audit/fold.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/scan.hpp"

namespace coachd::app {

struct PassContext {
  const AuditRequest& request;
  const Prepared& prepared;
  const KeyCounts* keys = nullptr;  ///< set where some key repeats
  AuditReport& report;
};

/// `make(reader)` answers a unique_ptr to a file::Rows with `take()`; `merge(piece)` gets what `take` answered, in
/// order. `wanted`: columns to read, or nothing for all. Answers which columns disagreed within a record, with counts.
template <class Make, class Merge>
std::map<std::string, std::uint64_t> pass(const PassContext& c, std::optional<std::vector<std::string>> wanted,
                                          std::string_view what, Make make, Merge merge) {
  const file::Layout& layout = c.prepared.layout;
  file::Blocks blocks(layout, c.request.block_bytes);
  const auto next = [&](file::Block& block) { return blocks.next(block); };
  const auto progress = [&](const file::Block& block) { c.report.progress(what, block.bytes_done, layout.bytes); };
  if (c.keys == nullptr) {
    scan<file::Block>(
        c.request.threads, next,
        [&] {
          auto reader =
              wanted ? std::make_shared<file::RowReader>(layout, *wanted) : std::make_shared<file::RowReader>(layout);
          auto rows = std::shared_ptr(make(*reader));
          return [reader, rows](file::Block& block) {
            reader->read(block, *rows);
            return rows->take();
          };
        },
        [&](auto&& piece, const file::Block& block) {
          merge(std::forward<decltype(piece)>(piece));
          progress(block);
        });
    return {};
  }

  if (!wanted) wanted = layout.columns;
  std::vector<std::size_t> places;
  for (const std::string& k : c.prepared.map->key) {
    const auto it = std::find(wanted->begin(), wanted->end(), k);
    places.push_back(static_cast<std::size_t>(it - wanted->begin()));
    if (it == wanted->end()) wanted->push_back(k);
  }
  const file::RowReader names(layout, *wanted);
  auto rows = make(names);
  Folder folder(*c.keys, places, *c.prepared.reading);
  scan<file::Block>(
      c.request.threads, next,
      [&] {
        auto reader = std::make_shared<file::RowReader>(layout, *wanted);
        auto keeper = std::make_shared<RowKeeper>();
        return [reader, keeper](file::Block& block) {
          reader->read(block, *keeper);
          return keeper->take();
        };
      },
      [&](RowKeeper::Piece&& piece, const file::Block& block) {
        for (auto& [line, why] : piece.bad) rows->bad(line, std::move(why));
        for (KeptRow& row : piece.rows) folder.add(std::move(row), *rows);
        merge(rows->take());
        folder.forget();
        progress(block);
      });
  std::map<std::string, std::uint64_t> out;
  for (const auto& [place, count] : folder.disagreeing()) out[(*wanted)[place]] = count;
  return out;
}

}  // namespace coachd::app
