#include "registrar/registrar_records.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("the final words of an operation are folded") {
    for (const char* word : {"Done", "DONE", " done "}) {
        CHECK(final_status_of(word) == FinalStatus::done);
    }
    for (const char* word : {"Failed", "FAILED", "ERROR", "error", "KO"}) {
        CHECK(final_status_of(word) == FinalStatus::failed);
    }
    for (const char* word : {"Cancelled", "CANCELED", "cancelled"}) {
        CHECK(final_status_of(word) == FinalStatus::cancelled);
    }
    for (const char* word : {"", "Pending", "Running", "Done?", "NOT DONE"}) {
        CHECK(final_status_of(word) == FinalStatus::not_final);
    }
}

TEST_CASE("only pending and nothing are plain pending") {
    CHECK(is_plain_pending(""));
    CHECK(is_plain_pending("PENDING"));
    CHECK(is_plain_pending(" Pending"));
    CHECK_FALSE(is_plain_pending("Waiting for signature"));
    CHECK_FALSE(is_plain_pending("Done"));
}

TEST_CASE("a domain's status is a main word and flags") {
    DomainRecord record;
    const auto main_of = [&](const char* status) {
        record.status = status;
        return record.main_status();
    };
    CHECK(main_of("ACTIVE, DELEGATED") == "ACTIVE");
    CHECK(main_of("NOT DELEGATED, active") == "ACTIVE");
    CHECK(main_of("HOLD, NOT DELEGATED") == "HOLD");
    CHECK(main_of("TRANSFERRED OUT") == "TRANSFERRED OUT");
    CHECK(main_of("") == "");
    record.status = "EXPIRED, HOLD, NOT_DELEGATED";
    CHECK(record.has_flag("hold"));
    CHECK(record.has_flag("NOT DELEGATED"));
    CHECK_FALSE(record.has_flag("DELEGATED"));
}
