#include "app/input_file.h"

#include "orders/source_bytes.h"
#include "util/descriptor_stream.h"
#include "util/failure.h"
#include "util/file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
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

// What is read to its end, and how long for its next byte is waited.
struct Source {
    int descriptor;
    std::string name;
    std::chrono::seconds patience;
};

// A person may think at the keyboard as long as he likes.
void wait_for_data(const Source& source) {
    const bool is_keyboard = ::isatty(source.descriptor) == 1;
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(source.patience);
    pollfd waited{source.descriptor, POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&waited, 1, is_keyboard ? -1 : static_cast<int>(time.count()));
    } while (ready < 0 && errno == EINTR);
    if (ready != 0) return;
    fail(ExitCode::try_later, source.name,
         "nothing came for " + std::to_string(source.patience.count()) +
             " seconds, nor its end; look after the program that writes it");
}

Descriptor spooled(const Source& source, std::size_t max_bytes) {
    Descriptor copy = open_nameless();
    std::array<char, 64 * 1024> buffer{};
    std::size_t total = 0;
    // Standard input is shared with others, so it is not made one that does not block.
    const bool may_block = source.descriptor == STDIN_FILENO;
    while (true) {
        if (may_block) wait_for_data(source);
        const ssize_t got = ::read(source.descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) {
            wait_for_data(source);
            continue;
        }
        if (got < 0) fail(ExitCode::file_not_found, source.name, file::cause_of(errno));
        if (got == 0) break;
        total += static_cast<std::size_t>(got);
        if (total > max_bytes) fail_too_long(source.name, max_bytes);
        append(copy, {buffer.data(), static_cast<std::size_t>(got)});
    }
    if (::lseek(copy.get(), 0, SEEK_SET) != 0) our_bug("a temporary file", __FILE__, __LINE__);
    return copy;
}

InputFile spooled_input(const std::string& name, const Source& source, std::size_t max_bytes) {
    return {name, std::make_unique<DescriptorStream>(spooled(source, max_bytes)), false};
}

}  // namespace

InputFile open_input(const std::string& name, std::size_t max_bytes,
                     std::chrono::seconds patience) {
    if (name == "-") {
        return spooled_input(name, {STDIN_FILENO, "standard input", patience}, max_bytes);
    }
    Descriptor file = open_named(name);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) fail(code_of(errno), name, file::cause_of(errno));
    if (S_ISDIR(about.st_mode)) fail(ExitCode::file_refused, name, "it is a folder");
    if (!S_ISREG(about.st_mode)) {
        return spooled_input(name, {file.get(), name, patience}, max_bytes);
    }
    if (static_cast<std::size_t>(about.st_size) > max_bytes) fail_too_long(name, max_bytes);
    return {name, std::make_unique<DescriptorStream>(std::move(file)), true};
}

}  // namespace domspool
