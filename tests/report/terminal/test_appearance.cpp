#include "report/terminal/appearance.h"
#include "util/descriptor.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <optional>
#include <stdlib.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace domspool;

namespace {

// A variable of the environment, as it was again afterwards.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* before = ::getenv(name)) before_ = before;
        if (value == nullptr) {
            ::unsetenv(name);
        } else {
            ::setenv(name, value, 1);
        }
    }
    ~Variable() {
        if (before_) {
            ::setenv(name_, before_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* name_;
    std::optional<std::string> before_;
};

Descriptor terminal_of(unsigned short columns, Descriptor& master) {
    master = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY));
    REQUIRE(::grantpt(master.get()) == 0);
    REQUIRE(::unlockpt(master.get()) == 0);
    Descriptor terminal(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY));
    REQUIRE(terminal);
    winsize size{};
    size.ws_col = columns;
    REQUIRE(::ioctl(terminal.get(), TIOCSWINSZ, &size) == 0);
    return terminal;
}

}  // namespace

TEST_CASE("a pipe is no terminal and gets no colours") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const Descriptor reader(ends[0]), writer(ends[1]);
    const Look look = look_of(writer.get());
    CHECK_FALSE(look.is_terminal());
    CHECK_FALSE(look.colours);
}

TEST_CASE("a terminal says its width; one that does not has 80 columns, none is very narrow") {
    Descriptor master;
    const Variable term("TERM", "xterm"), no_color("NO_COLOR", nullptr);
    CHECK(look_of(terminal_of(132, master).get()).width == 132);
    CHECK(look_of(terminal_of(0, master).get()).width == 80);
    CHECK(look_of(terminal_of(10, master).get()).width == 50);
}

TEST_CASE("a terminal has colours unless NO_COLOR is set or it is dumb") {
    Descriptor master;
    const Descriptor terminal = terminal_of(80, master);
    {
        const Variable term("TERM", "xterm"), no_color("NO_COLOR", nullptr);
        CHECK(look_of(terminal.get()).colours);
    }
    {
        const Variable term("TERM", "xterm"), no_color("NO_COLOR", "1");
        CHECK_FALSE(look_of(terminal.get()).colours);
    }
    {
        const Variable term("TERM", "dumb"), no_color("NO_COLOR", nullptr);
        CHECK_FALSE(look_of(terminal.get()).colours);
        CHECK(look_of(terminal.get()).width == 80);
    }
}
