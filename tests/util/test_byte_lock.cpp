#include "support/scratch.h"
#include "util/byte_lock.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace domspool;

namespace {

// A process of its own that holds locks until it is killed.
class Holder {
  public:
    Holder(const std::string& path, std::int64_t offset) {
        std::array<int, 2> ready{};
        REQUIRE(::pipe(ready.data()) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ByteLockFile file(path, ByteLockFile::IfMissing::fail);
            const char answer = file.try_lock(offset) ? 'y' : 'n';
            if (::write(ready[1], &answer, 1) != 1) ::_exit(1);
            while (true) ::pause();
        }
        char answer = '?';
        REQUIRE(::read(ready[0], &answer, 1) == 1);
        has_lock = answer == 'y';
        ::close(ready[0]);
        ::close(ready[1]);
    }
    ~Holder() { kill(); }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    bool has_lock = false;

  private:
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("a byte is held by one process, and free at once when that is killed") {
    test::Scratch scratch;
    ByteLockFile file(scratch / "runs", ByteLockFile::IfMissing::create);
    Holder holder(scratch / "runs", 7);
    CHECK(holder.has_lock);
    CHECK(file.is_locked_by_other(7));
    CHECK_FALSE(file.try_lock(7));
    CHECK_FALSE(file.is_locked_by_other(6));
    CHECK_FALSE(file.is_locked_by_other(8));
    CHECK(file.try_lock(8));
    Holder second(scratch / "runs", 8);
    CHECK_FALSE(second.has_lock);
    holder.kill();
    CHECK_FALSE(file.is_locked_by_other(7));
    CHECK(file.try_lock(7));
}

TEST_CASE("two objects of one process exclude each other") {
    test::Scratch scratch;
    ByteLockFile first(scratch / "runs", ByteLockFile::IfMissing::create);
    std::optional<ByteLockFile> second(std::in_place, scratch / "runs",
                                       ByteLockFile::IfMissing::fail);
    constexpr std::int64_t kFarBehindTheEnd = std::int64_t{1} << 40;
    CHECK(second->try_lock(kFarBehindTheEnd));
    CHECK(second->try_lock(kFarBehindTheEnd));
    CHECK_FALSE(second->is_locked_by_other(kFarBehindTheEnd));
    CHECK(first.is_locked_by_other(kFarBehindTheEnd));
    CHECK_FALSE(first.try_lock(kFarBehindTheEnd));
    second->unlock(kFarBehindTheEnd);
    CHECK(first.try_lock(kFarBehindTheEnd));
    first.unlock(kFarBehindTheEnd);
    CHECK(second->try_lock(kFarBehindTheEnd));
    // Closing another descriptor of the same file frees nothing.
    ::close(::open((scratch / "runs").c_str(), O_RDONLY));
    CHECK(first.is_locked_by_other(kFarBehindTheEnd));
    second.reset();
    CHECK(first.try_lock(kFarBehindTheEnd));
}

TEST_CASE("a started program inherits no lock") {
    test::Scratch scratch;
    ByteLockFile other(scratch / "runs", ByteLockFile::IfMissing::create);
    std::array<int, 2> until{};
    REQUIRE(::pipe2(until.data(), 0) == 0);
    pid_t child = 0;
    {
        ByteLockFile holder(scratch / "runs", ByteLockFile::IfMissing::fail);
        REQUIRE(holder.try_lock(3));
        std::array<int, 2> started{};
        REQUIRE(::pipe2(started.data(), O_CLOEXEC) == 0);
        child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::dup2(until[0], 0);
            ::close(until[1]);
            ::execl("/bin/cat", "cat", static_cast<char*>(nullptr));
            ::_exit(1);
        }
        ::close(started[1]);
        char nothing = 0;
        // Ends when exec closed the child's end.
        CHECK(::read(started[0], &nothing, 1) == 0);
        ::close(started[0]);
    }
    CHECK_FALSE(other.is_locked_by_other(3));
    ::close(until[0]);
    ::close(until[1]);
    ::waitpid(child, nullptr, 0);
}

TEST_CASE("the header is read back as written, and the file is private") {
    test::Scratch scratch;
    ByteLockFile file(scratch / "runs", ByteLockFile::IfMissing::create);
    CHECK(file.read_at(0, 16) == "");
    file.write_at(0, "domspool runs 1\n");
    file.write_at(14, "2");
    CHECK(file.read_at(0, 100) == "domspool runs 2\n");
    CHECK(file.read_at(9, 4) == "runs");
    struct stat about {};
    REQUIRE(::stat((scratch / "runs").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a missing lock file is only made when asked for") {
    test::Scratch scratch;
    CHECK_THROWS_AS(ByteLockFile(scratch / "runs", ByteLockFile::IfMissing::fail), RunFailure);
    CHECK_FALSE(std::filesystem::exists(scratch / "runs"));
    std::filesystem::create_symlink(scratch / "elsewhere", scratch / "link");
    CHECK_THROWS_AS(ByteLockFile(scratch / "link", ByteLockFile::IfMissing::create), RunFailure);
    CHECK_FALSE(std::filesystem::exists(scratch / "elsewhere"));
}
