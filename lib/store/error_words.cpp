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
std::string constraint_name(std::string_view message) {
    const auto found = message.find(kNameFollows);
    if (found == std::string_view::npos) return "";
    const std::string_view name = message.substr(found + kNameFollows.size());
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_' || letter == '.' || letter == ',' || letter == ' ' || letter == '\'';
    });
    return is_plain ? std::string(name) : "";
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
    const Trouble trouble = trouble_of(code);
    std::string message = words_for(trouble) + " (code " + std::to_string(code);
    const std::string name = constraint_name(sqlite3_errmsg(handle));
    if (!name.empty()) message += ", " + name;
    return StoreError(trouble, message + ")");
}

void throw_trouble(sqlite3* handle) { throw error_of(handle); }

void throw_transaction_lost() {
    throw StoreError(Trouble::full_or_io, words_for(Trouble::full_or_io));
}

}  // namespace domspool::store
