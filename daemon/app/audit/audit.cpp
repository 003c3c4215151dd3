#include "daemon/app/audit/audit.hpp"

#include <algorithm>

#include "connectors/file/known.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/scan.hpp"

namespace coachd::app {
namespace {

class BlockWorker {
 public:
  BlockWorker(const Prepared& p, const ListsOf& lists)
      : reader_(std::make_unique<file::RowReader>(p.layout)),
        rows_(std::make_unique<BlockEvidence>(*p.reading, lists, *reader_, p.column("created"))) {}
  BlockEvidence::Piece operator()(file::Block& block) {
    reader_->read(block, *rows_);
    return rows_->take();
  }

 private:
  std::unique_ptr<file::RowReader> reader_;
  std::unique_ptr<BlockEvidence> rows_;
};

Evidence gather(const AuditRequest& request, const Prepared& p, const ListsOf& lists, AuditReport& report,
                AuditSummary& summary) {
  Evidence evidence;
  scan(
      p.layout, request.threads, request.block_bytes, [&] { return BlockWorker(p, lists); },
      [&](BlockEvidence::Piece&& piece, const file::Block& block) {
        for (const auto& [line, why] : piece.bad) report.bad_row(line, why);
        summary.bad_rows += piece.bad.size();
        evidence.merge(std::move(piece));
        report.progress("reading columns", block.bytes_done, p.layout.bytes);
      });
  summary.rows = summary.records = evidence.rows();
  summary.unnamed_blank = evidence.unnamed_blank();
  return evidence;
}

// What an export without rules cannot say, said once.
void say_limits(const Prepared& p, const std::vector<FieldEvidence>& fields, AuditReport& report, std::uint64_t rows) {
  const bool dated = std::any_of(fields.begin(), fields.end(), [](const FieldEvidence& f) {
    return f.judged_as == model::FieldType::date || f.judged_as == model::FieldType::datetime;
  });
  if (!dated) report.cannot_tell("age and staleness", "no column holds dates", rows);
  if (p.column("created").empty())
    report.cannot_tell("since when a column is used", "no column is known as the date of creation", rows);
}

}  // namespace

AuditOutcome audit(const AuditRequest& request, AuditReport& report) {
  AuditOutcome out;
  Prepared p = prepare(request);
  out.diagnostics = p.diagnostics;
  if (p.failed()) return out;
  out.summary.layout = p.layout;
  out.summary.object = p.object;
  out.summary.now = request.now.value_or(request.clock);
  report.object(p.object);
  if (request.fields) {
    const Evidence evidence = gather(request, p, {}, report, out.summary);
    const auto fields = evidence.fields();
    for (const FieldEvidence& f : fields) report.field(f);
    say_limits(p, fields, report, out.summary.rows);
  }
  report.summary(out.summary);
  return out;
}

}  // namespace coachd::app
