#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/settings/settings.hpp"

namespace coachd::settings {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SecretTest : public testing::Test {
 protected:
  SecretTest() {
    std::string name = (fs::temp_directory_path() / "coachd-secret-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~SecretTest() override {
    fs::remove_all(folder_);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ::unsetenv("COACHD_TEST_SECRET");
  }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  static std::string problem(Secret::From from, const std::string& name) {
    const auto r = resolve_secret({from, name}, "client_secret of acme");
    EXPECT_FALSE(r.value);
    return r.problem;
  }
  fs::path folder_;
};

TEST_F(SecretTest, IsReadFromItsFileWithoutTheLineEnd) {
  EXPECT_EQ(resolve_secret({Secret::From::file, write("a", "word\r\n")}, "x").value, "word");
  EXPECT_EQ(resolve_secret({Secret::From::file, write("b", "two\nlines\n\n")}, "x").value, "two\nlines\n");
}

TEST_F(SecretTest, IsReadFromTheEnvironment) {
  ::setenv("COACHD_TEST_SECRET", "word", 1);
  EXPECT_EQ(resolve_secret({Secret::From::env, "COACHD_TEST_SECRET"}, "x").value, "word");
}

TEST_F(SecretTest, IsReadFromTheCredentialsFolder) {
  write("acme-key", "-----BEGIN\nKEY-----\n");
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(resolve_secret({Secret::From::credential, "acme-key"}, "x").value, "-----BEGIN\nKEY-----");
  EXPECT_THAT(problem(Secret::From::credential, "other"),
              HasSubstr("client_secret of acme: the credential other cannot be read"));
  EXPECT_THAT(problem(Secret::From::credential, "../acme-key"), HasSubstr("is no name of a credential"));
}

TEST_F(SecretTest, SaysWhatIsMissing) {
  EXPECT_EQ(problem(Secret::From::env, "COACHD_TEST_SECRET"),
            "client_secret of acme: the environment variable COACHD_TEST_SECRET is not set");
  EXPECT_THAT(problem(Secret::From::credential, "acme"), HasSubstr("$CREDENTIALS_DIRECTORY is not set"));
  EXPECT_THAT(problem(Secret::From::file, (folder_ / "nothing").string()), HasSubstr("cannot be read: No such file"));
  EXPECT_THAT(problem(Secret::From::file, folder_.string()), HasSubstr("is a folder"));
  EXPECT_THAT(problem(Secret::From::file, write("empty", "\n")), HasSubstr("is empty"));
  EXPECT_THAT(problem(Secret::From::file, write("large", std::string(70'000, 'x'))), HasSubstr("larger than 64 KiB"));
  EXPECT_THAT(problem(Secret::From::nowhere, ""), HasSubstr("no secret is configured"));
}

}  // namespace
}  // namespace coachd::settings
