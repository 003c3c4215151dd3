#include "connectors/file/csv.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace coachd::file::csv {
namespace {

const char* find(const char* begin, const char* end, char c) {
  return static_cast<const char*>(std::memchr(begin, c, static_cast<std::size_t>(end - begin)));
}

const char* without_return(const char* begin, const char* end) {
  return end > begin && end[-1] == '\r' ? end - 1 : end;
}

Row broken(const char* begin, const char* end, bool last) {
  const char* nl = find(begin, end, '\n');
  if (nl == nullptr && !last) return {Scan::more, end, begin, 0, false};
  Row r;
  r.scan = Scan::broken;
  r.end = without_return(begin, nl == nullptr ? end : nl);
  r.next = nl == nullptr ? end : nl + 1;
  r.lines = nl == nullptr ? 0 : 1;
  return r;
}

Row scan_quoted(const char* begin, const char* end, bool last, char delimiter) {
  const char* const limit = static_cast<std::size_t>(end - begin) > longest_row ? begin + longest_row : end;
  const auto ran_out = [&] {
    if (limit == end && !last) return Row{Scan::more, end, begin, 0, false};
    return broken(begin, end, last);
  };
  std::uint32_t lines = 0;
  const char* p = begin;
  for (;;) {  // one field per turn
    if (p < limit && *p == '"') {
      ++p;
      for (;;) {
        const char* q = find(p, limit, '"');
        if (q == nullptr) return ran_out();
        lines += static_cast<std::uint32_t>(std::count(p, q, '\n'));
        p = q + 1;
        if (p == limit && limit == end && !last) return {Scan::more, end, begin, 0, false};
        if (p < limit && *p == '"') {
          ++p;
          continue;
        }
        break;
      }
      if (p < limit && *p == '\r' && p + 1 == limit && limit == end && !last) return {Scan::more, end, begin, 0, false};
      const bool returns = p < limit && *p == '\r' && (p + 1 == limit || p[1] == '\n');
      if (p < limit && *p != delimiter && *p != '\n' && !returns) return broken(begin, end, last);
      if (returns) ++p;
    } else {
      while (p < limit && *p != delimiter && *p != '\n') {
        if (*p == '"') return broken(begin, end, last);
        ++p;
      }
    }
    if (p == limit) {
      if (limit == end && last) return {Scan::row, without_return(begin, end), end, lines, true};
      return ran_out();
    }
    if (*p == '\n') return {Scan::row, without_return(begin, p), p + 1, lines + 1, true};
    ++p;  // the delimiter
  }
}

}  // namespace

Row scan(const char* begin, const char* end, bool last, char delimiter) {
  const char* nl = find(begin, end, '\n');
  const char* row_end = nl == nullptr ? end : nl;
  if (find(begin, row_end, '"') != nullptr) return scan_quoted(begin, end, last, delimiter);
  if (nl == nullptr) {
    if (!last) return {Scan::more, end, begin, 0, false};
    return {Scan::row, without_return(begin, end), end, 0, false};
  }
  return {Scan::row, without_return(begin, nl), nl + 1, 1, false};
}

void fields(char* begin, char* end, bool quoted, char delimiter, std::vector<std::string_view>& out) {
  out.clear();
  char* p = begin;
  for (;;) {
    if (quoted && p < end && *p == '"') {
      char* const text = ++p;
      char* to = text;
      for (;;) {
        auto* q = static_cast<char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
        const auto n = static_cast<std::size_t>(q - p);
        if (to != p) std::memmove(to, p, n);
        to += n;
        p = q + 1;
        if (p < end && *p == '"') {
          *to++ = '"';
          ++p;
          continue;
        }
        break;
      }
      out.emplace_back(text, static_cast<std::size_t>(to - text));
      if (p >= end) return;
      ++p;  // the delimiter
      continue;
    }
    const char* d = find(p, end, delimiter);
    if (d == nullptr) {
      out.emplace_back(p, static_cast<std::size_t>(end - p));
      return;
    }
    out.emplace_back(p, static_cast<std::size_t>(d - p));
    p += d - p + 1;
  }
}

}  // namespace coachd::file::csv
