#include "connectors/net/gzip.hpp"

#include <zconf.h>
#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace coachd::net {

namespace {

struct Inflater {
  z_stream stream{};
  bool ready = inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK;  // 16: gzip framing only
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

}  // namespace

Unpacked gunzip(std::string_view packed, std::size_t cap, std::string& out) {
  out.clear();
  Inflater inflater;
  if (!inflater.ready || packed.size() > 0xffff'ffffu) return Unpacked::corrupt;
  z_stream& stream = inflater.stream;
  std::string input(packed);  // zlib's input pointer is not const
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string block(std::size_t{64} << 10, '\0');
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = block.size() - stream.avail_out;
    if (out.size() + got > cap) return Unpacked::too_large;
    out.append(block, 0, got);
    if (code == Z_STREAM_END) {
      if (stream.avail_in == 0) return Unpacked::ok;
      if (inflateReset(&stream) != Z_OK) return Unpacked::corrupt;
    } else if (code != Z_OK || (got == 0 && stream.avail_in == 0)) {
      return Unpacked::corrupt;
    }
  }
}

}  // namespace coachd::net
