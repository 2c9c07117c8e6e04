#include "ledger/sql_diary.h"

#include <sqlite3.h>

#include <mutex>

namespace domspool::test {

namespace {

std::mutex mutex;
std::map<std::string, int> seen;

int note(unsigned, void*, void* statement, void*) {
    const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    if (text == nullptr) return 0;
    const std::lock_guard lock(mutex);
    ++seen[text];
    return 0;
}

int watch(sqlite3* handle, const char**, const struct sqlite3_api_routines*) {
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, note, nullptr);
}

// The library's own way of naming an entry point.
void (*entry_point())() {
    return reinterpret_cast<void (*)()>(watch);
}

}  // namespace

SqlDiary::SqlDiary() {
    forget();
    sqlite3_auto_extension(entry_point());
}

SqlDiary::~SqlDiary() {
    sqlite3_cancel_auto_extension(entry_point());
}

std::map<std::string, int> SqlDiary::texts() const {
    const std::lock_guard lock(mutex);
    return seen;
}

int SqlDiary::count(const std::string& text) const {
    const std::lock_guard lock(mutex);
    const auto found = seen.find(text);
    return found == seen.end() ? 0 : found->second;
}

void SqlDiary::forget() {
    const std::lock_guard lock(mutex);
    seen.clear();
}

}  // namespace domspool::test
