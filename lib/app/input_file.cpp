#include "app/input_file.h"

#include "orders/source_bytes.h"
#include "util/descriptor_stream.h"
#include "util/failure.h"
#include "util/file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

[[noreturn]] void fail(ExitCode code, const std::string& name, const std::string& cause) {
    throw RunFailure(code, "cannot read '" + name + "': " + cause);
}

ExitCode code_of(int error_number) {
    const bool is_right = error_number == EACCES || error_number == EPERM;
    return is_right ? ExitCode::no_permission : ExitCode::file_not_found;
}

Descriptor open_named(const std::string& name) {
    // Not blocking: a named pipe without a writer would hold the program up.
    Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) fail(code_of(errno), name, file::cause_of(errno));
    return file;
}

std::string temporary_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

Descriptor open_nameless() {
    std::string path = temporary_folder() + "/domspool-XXXXXX";
    Descriptor file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) {
        throw RunFailure(ExitCode::cannot_create, "cannot make a temporary file in '" +
                                                      temporary_folder() +
                                                      "': " + file::cause_of(errno));
    }
    std::ignore = ::unlink(path.c_str());  // It goes with its descriptor, also when we are killed.
    return file;
}

void append(const Descriptor& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            throw RunFailure(ExitCode::cannot_write,
                             "cannot keep the input: " + file::cause_of(errno));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

[[noreturn]] void fail_too_long(const std::string& name, std::size_t max_bytes) {
    fail(ExitCode::file_refused, name, "it " + larger_than(max_bytes) + " (spool.max_file_mb)");
}

Descriptor spooled(int source, const std::string& name, std::size_t max_bytes) {
    Descriptor copy = open_nameless();
    std::array<char, 64 * 1024> buffer{};
    std::size_t total = 0;
    while (true) {
        const ssize_t got = ::read(source, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(ExitCode::file_not_found, name, file::cause_of(errno));
        if (got == 0) break;
        total += static_cast<std::size_t>(got);
        if (total > max_bytes) fail_too_long(name, max_bytes);
        append(copy, {buffer.data(), static_cast<std::size_t>(got)});
    }
    if (::lseek(copy.get(), 0, SEEK_SET) != 0) our_bug("a temporary file", __FILE__, __LINE__);
    return copy;
}

void wait_for_data(const Descriptor& file) {
    const int flags = ::fcntl(file.get(), F_GETFL);
    std::ignore = ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
}

}  // namespace

InputFile open_input(const std::string& name, std::size_t max_bytes) {
    if (name == "-") {
        return {
            name,
            std::make_unique<DescriptorStream>(spooled(STDIN_FILENO, "standard input", max_bytes)),
            false};
    }
    Descriptor file = open_named(name);
    wait_for_data(file);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) fail(code_of(errno), name, file::cause_of(errno));
    if (S_ISDIR(about.st_mode)) fail(ExitCode::file_refused, name, "it is a folder");
    if (!S_ISREG(about.st_mode)) {
        return {name, std::make_unique<DescriptorStream>(spooled(file.get(), name, max_bytes)),
                false};
    }
    if (static_cast<std::size_t>(about.st_size) > max_bytes) fail_too_long(name, max_bytes);
    return {name, std::make_unique<DescriptorStream>(std::move(file)), true};
}

}  // namespace domspool
