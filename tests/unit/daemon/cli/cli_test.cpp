#include "daemon/cli/cli.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace coachd::cli {
namespace {

using testing::HasSubstr;

struct Ran {
  int code;
  std::string out, err;
};

Ran ran(const std::vector<std::string>& args) {
  std::ostringstream out;
  std::ostringstream err;
  Io io{out, err};
  const int code = run(args, io);
  return {code, out.str(), err.str()};
}

TEST(Cli, HelpListsEveryCommandAndTellsEach) {
  const Ran all = ran({"help"});
  EXPECT_EQ(all.code, exit_good);
  for (const Command& c : commands()) {
    EXPECT_THAT(all.out, HasSubstr(std::string(c.name)));
    const Ran one = ran({"help", std::string(c.name)});
    EXPECT_EQ(one.code, exit_good) << c.name;
    EXPECT_THAT(one.out, HasSubstr("coachd " + std::string(c.name)));
    EXPECT_EQ(ran({std::string(c.name), "--help"}).out, one.out);
  }
}

TEST(Cli, WrongUseIsExitTwoAndSaysSoOnStandardError) {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{}, {"nonsense"}, {"audit", "--nonsense"}, {"help", "nonsense"}}) {
    const Ran r = ran(args);
    EXPECT_EQ(r.code, exit_wrong);
    EXPECT_EQ(r.out, "");
    EXPECT_NE(r.err, "");
  }
}

}  // namespace
}  // namespace coachd::cli
