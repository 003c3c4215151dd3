// A file that is there whole or not at all, readable by its owner alone: written beside its name, synced, then renamed.
// Blocks; one thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace coachd::app {

class WholeFile {
 public:
  /// Begins `path`; what stands there stays until `finish`. Throws std::runtime_error with a sentence, also where it
  /// exists and `replace` is false.
  WholeFile(std::filesystem::path path, bool replace);
  /// Not finished: nothing is left of it.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Throws std::runtime_error where it cannot be written (a full disk).
  void write(std::string_view text);
  void finish();

 private:
  void flush();

  std::filesystem::path path_, unfinished_;
  std::string buffer_;
  int fd_ = -1;
};

}  // namespace coachd::app
