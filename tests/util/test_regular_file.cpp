#include "support/scratch.h"
#include "util/failure.h"
#include "util/regular_file.h"

#include <doctest/doctest.h>

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

using namespace domspool;
using namespace domspool::test;

namespace {

using Fault = RegularFile::Fault;

const std::string kText = "domain,years,owner\n";

std::string text_in(const RegularFile& file, std::size_t most) {
    std::string text;
    const bool is_whole = file.read(most, [&](std::string_view piece) { text += piece; });
    return is_whole ? text : "(more) " + text;
}

void make_socket(const std::string& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof name.sun_path);
    std::strcpy(name.sun_path, path.c_str());
    const Descriptor made(::socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(::bind(made.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
}

}  // namespace

TEST_CASE("a regular file is read to its end, up to a limit") {
    const Scratch scratch;
    write_text(scratch / "orders.csv", kText);
    const RegularFile file(scratch / "orders.csv");
    CHECK(file.fault() == Fault::none);
    CHECK(file.fault_text() == "");
    CHECK(text_in(file, kText.size()) == kText);
    CHECK(text_in(RegularFile(scratch / "orders.csv"), kText.size() - 1) == "(more) ");
    CHECK(RegularFile(scratch / "orders.csv").whole(kText.size()) == kText);
    CHECK_THROWS_AS(RegularFile(scratch / "orders.csv").whole(kText.size() - 1), RunFailure);
    const auto stream = RegularFile(scratch / "orders.csv").stream();
    CHECK(std::string(std::istreambuf_iterator<char>(*stream), {}) == kText);
}

TEST_CASE("what is no regular file is said, without waiting for anybody") {
    const Scratch scratch;
    REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    write_text(scratch / "orders.csv", kText);
    std::filesystem::create_symlink(scratch / "orders.csv", scratch / "link");
    make_socket(scratch / "socket");
    std::filesystem::create_directory(scratch / "folder");
    for (const auto& [name, text] :
         {std::pair("pipe", "is a pipe"), std::pair("link", "is a link"),
          std::pair("folder", "is a folder"), std::pair("socket", "is a socket or a device")}) {
        CAPTURE(name);
        const RegularFile file(scratch / name);
        CHECK(file.fault() == Fault::no_regular_file);
        CHECK(file.fault_text() == text);
        try {
            file.require();
            FAIL("was read");
        } catch (const RunFailure& failure) {
            CHECK(failure.code() == ExitCode::file_refused);
            CHECK(std::string(failure.what()) ==
                  "cannot read '" + scratch / name + "': it " + text + "; name a file");
        }
    }
    CHECK(RegularFile("/dev/zero").fault_text() == "is a socket or a device");
    CHECK(RegularFile(scratch / "none").fault() == Fault::missing);
    CHECK(RegularFile(scratch / "orders.csv/none").fault() == Fault::missing);
    CHECK(RegularFile(scratch / "link", RegularFile::Links::followed).whole(100) == kText);
}

TEST_CASE("a file on which another program holds a lease is not waited for") {
    const Scratch scratch;
    write_text(scratch / "orders.csv", kText);
    const Descriptor holder(::open((scratch / "orders.csv").c_str(), O_RDWR | O_CLOEXEC));
    std::signal(SIGIO, SIG_IGN);  // What the holder is sent when somebody comes.
    REQUIRE(::fcntl(holder.get(), F_SETLEASE, F_WRLCK) == 0);
    const RegularFile file(scratch / "orders.csv");
    CHECK(file.fault() == Fault::in_use);
    std::signal(SIGIO, SIG_DFL);
}

TEST_CASE("what was opened is read, whatever takes its place") {
    const Scratch scratch;
    write_text(scratch / "orders.csv", kText);
    const RegularFile file(scratch / "orders.csv");
    CHECK(file_state(scratch / "orders.csv") == file.state());
    write_text(scratch / "other.csv", "other");
    std::filesystem::rename(scratch / "other.csv", scratch / "orders.csv");
    CHECK(file_state(scratch / "orders.csv") != file.state());
    CHECK(text_in(file, 100) == kText);
}

TEST_CASE("a file that grows without end is read up to the limit") {
    const Scratch scratch;
    write_text(scratch / "orders.csv", "");
    constexpr off_t kVast = off_t{4} << 40;
    REQUIRE(::truncate((scratch / "orders.csv").c_str(), kVast) == 0);
    CHECK(text_in(RegularFile(scratch / "orders.csv"), 100'000).starts_with("(more)"));
    CHECK_THROWS_AS(RegularFile(scratch / "orders.csv").whole(100'000), RunFailure);
}

TEST_CASE("a file's state tells when it was written to, replaced, or made a link") {
    const Scratch folder;
    const std::string path = folder / "orders.csv";
    write_text(path, kText);
    const auto state = file_state(path);
    REQUIRE(state);
    CHECK(file_state(path) == state);
    write_text(folder / "other.csv", kText);
    std::filesystem::rename(folder / "other.csv", path);
    CHECK(file_state(path) != state);
    std::filesystem::remove(path);
    CHECK(file_state(path) == std::nullopt);
    std::filesystem::create_symlink("/etc/passwd", path);
    CHECK(file_state(path) == std::nullopt);
}
