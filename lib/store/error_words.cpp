#include "store/error_words.h"

#include "util/failure.h"

#include <sqlite3.h>

#include <algorithm>
#include <string_view>

namespace domspool::store {

namespace {

constexpr std::string_view kNameFollows = "constraint failed: ";

std::string words_for(Trouble trouble) {
    switch (trouble) {
        case Trouble::unique_broken:
            return "the value is there already";
        case Trouble::constraint_broken:
            return "a constraint refuses it";
        case Trouble::busy:
            return "another program held the database too long; try again";
        case Trouble::full_or_io:
            return "the disk is full or failing; nothing of this was kept";
        case Trouble::lost:
            return "the database server does not answer or has broken off; nothing of this was "
                   "kept";
        case Trouble::corrupt:
            return "the database is damaged or no database";
        case Trouble::not_writable:
            return "the database may not be written; check owner and mode of it and its folder";
        case Trouble::missing:
            return "the database is not there";
        case Trouble::other:
            return "the database refused";
    }
    our_bug("a trouble without a name", __FILE__, __LINE__);
}

// Names of tables, columns and indexes only; anything else is not repeated.
std::string plain_name(std::string_view name) {
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_' || letter == '.' || letter == ',' || letter == ' ' || letter == '\'';
    });
    return is_plain ? std::string(name) : "";
}

std::string constraint_name(std::string_view message) {
    const auto found = message.find(kNameFollows);
    if (found == std::string_view::npos) return "";
    return plain_name(message.substr(found + kNameFollows.size()));
}

StoreError error_with(Trouble trouble, const std::string& code, const std::string& name) {
    std::string message = words_for(trouble) + " (code " + code;
    if (!name.empty()) message += ", " + name;
    return StoreError(trouble, message + ")");
}

}  // namespace

Trouble trouble_of(int code) {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return Trouble::unique_broken;
        default:
            break;  // The primary code decides.
    }
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
            return Trouble::constraint_broken;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:  // A lock of the write-ahead log was not to be had for many tries.
            return Trouble::busy;
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return Trouble::full_or_io;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Trouble::corrupt;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_CANTOPEN:
            return Trouble::not_writable;
        default:
            return Trouble::other;
    }
}

StoreError error_of(sqlite3* handle) {
    const int code = sqlite3_extended_errcode(handle);
    return error_with(trouble_of(code), std::to_string(code),
                      constraint_name(sqlite3_errmsg(handle)));
}

void throw_trouble(sqlite3* handle) {
    throw error_of(handle);
}

// PostgreSQL's Appendix A: the first two letters are the class.
Trouble trouble_of_state(const std::string& sqlstate) {
    const auto is_of = [&](std::string_view start) { return sqlstate.starts_with(start); };
    if (sqlstate.empty() || is_of("08") || is_of("57P")) return Trouble::lost;
    if (sqlstate == "23505") return Trouble::unique_broken;
    if (is_of("23")) return Trouble::constraint_broken;
    // A lock, a deadlock, no more connections, a statement called off.
    if (sqlstate == "55P03" || is_of("40") || sqlstate == "53300" || is_of("57"))
        return Trouble::busy;
    if (is_of("53") || is_of("58")) return Trouble::full_or_io;
    if (is_of("XX001") || is_of("XX002")) return Trouble::corrupt;
    if (sqlstate == "42501" || sqlstate == "25006") return Trouble::not_writable;
    if (is_of("28") || is_of("3D")) return Trouble::missing;
    return Trouble::other;
}

StoreError error_of_state(const std::string& sqlstate, const std::string& constraint) {
    return error_with(trouble_of_state(sqlstate), sqlstate.empty() ? "none" : sqlstate,
                      plain_name(constraint));
}

void throw_wrong_type(const std::string& column) {
    throw StoreError(Trouble::corrupt, "column '" + column + "' holds another type than expected");
}

void throw_transaction_lost() {
    throw StoreError(Trouble::full_or_io, words_for(Trouble::full_or_io));
}

}  // namespace domspool::store
