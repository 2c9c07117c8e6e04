#include "jobs/spool_drop.h"

#include "orders/source_bytes.h"
#include "report/terminal/problem_list.h"
#include "spool/incoming.h"
#include "util/file.h"
#include "util/visible_text.h"

#include <array>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace domspool {

namespace {

// Readable by the service, which has the group of incoming, and by those who drop as well.
constexpr mode_t kMode = 0640;

std::string group_of(const std::string& folder) {
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0) return "of it";
    const group* entry = ::getgrgid(about.st_gid);
    return entry != nullptr ? entry->gr_name : std::to_string(about.st_gid);
}

// Whether the next spool-run would order it.
bool is_good(Console& console, const SpoolDrop& drop, const IntakeReport& report) {
    const std::string name = "'" + visible_text(drop.name) + "'";
    const auto problems = [&] {
        return problems_text(report.problems, report.more_problems, console.look());
    };
    const int most = drop.request.most_rows;
    if (report.what == IntakeReport::What::refused) {
        console.complain(ExitCode::file_refused,
                         name + " would be refused and was not placed:\n" + problems());
    } else if (report.bad_rows > 0 && !drop.with_bad_rows) {
        console.complain(ExitCode::some_orders_wrong,
                         std::to_string(report.bad_rows) + " of " + std::to_string(report.rows) +
                             " rows of " + name +
                             " would be refused; it was not placed (--good-rows places it):\n" +
                             problems());
    } else if (most > 0 && report.rows > most) {
        console.complain(ExitCode::service_refused,
                         name + " has " + std::to_string(report.rows) +
                             " orders, limits.max_orders_per_run is " + std::to_string(most) +
                             "; it was not placed. Part it, or raise the limit");
    } else {
        return true;
    }
    return false;
}

// What grew since it was checked is not placed. False: a file of that name is there.
bool place(const std::string& path, std::istream& in, std::size_t largest) {
    in.clear();
    in.seekg(0);
    return file::place_in_pieces(
        path, file::IfThere::leave,
        [&](const file::Append& append) {
            std::array<char, 64 * 1024> buffer{};
            std::size_t total = 0;
            while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
                total += static_cast<std::size_t>(in.gcount());
                if (total > largest) {
                    throw RunFailure(ExitCode::file_refused, "cannot drop '" + visible_text(path) +
                                                                 "': it " + larger_than(largest) +
                                                                 " (spool.max_file_mb)");
                }
                append({buffer.data(), static_cast<std::size_t>(in.gcount())});
            }
        },
        kMode);
}

}  // namespace

void require_right_to_drop(const SpoolLayout& layout) {
    const std::string incoming = layout.incoming();
    if (::access(incoming.c_str(), W_OK | X_OK) == 0) return;
    const int error = errno;
    if (error == ENOENT) {
        throw RunFailure(
            ExitCode::settings_or_ledger,
            "the spool folder '" + incoming + "' is not there; run: domain-orders init");
    }
    throw RunFailure(ExitCode::no_permission,
                     "cannot drop into '" + incoming + "': " + file::cause_of(error) +
                         "; members of its group may: sudo adduser USER " + group_of(incoming));
}

void drop_into_spool(Console& console, const SpoolLayout& layout, SpoolDrop drop) {
    const std::string shown = visible_text(drop.name);
    if (const std::string fault = name_fault(drop.name); !fault.empty()) {
        return console.complain(ExitCode::file_refused,
                                "'" + shown + "' would be left alone: it " + fault);
    }
    drop.request.file.name = shown;
    drop.request.file.format = *format_of_name(drop.name);
    const IntakeReport report = inspect_order_file(drop.in, drop.request).report;
    if (!is_good(console, drop, report)) return;
    const std::string orders =
        std::to_string(report.rows) + (report.rows == 1 ? " order" : " orders");
    const std::string path = layout.incoming() + "/" + drop.name;
    std::string words = visible_text(path) + ": " + orders + " for the next spool-run\n";
    if (drop.check_only) {
        words = shown + ": " + orders + "; nothing was placed\n";
    } else if (!place(path, drop.in, drop.request.file.limits.bytes)) {
        return console.complain(ExitCode::cannot_create,
                                "'" + visible_text(path) +
                                    "' is there already and was left as it is; another name: "
                                    "--name NAME");
    }
    if (!console.is_quiet()) console.print(words);
}

}  // namespace domspool
