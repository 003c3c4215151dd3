#include "tests/simulators/gzip.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include <zconf.h>
#include <zlib.h>

namespace coachd::sim {

std::string gzip(std::string_view plain) {
  z_stream z{};
  if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error{"zlib: no stream"};
  std::string in{plain};
  std::string out(deflateBound(&z, static_cast<uLong>(in.size())) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  if (done != Z_STREAM_END) throw std::runtime_error{"zlib: cannot compress"};
  return out;
}

}  // namespace coachd::sim
