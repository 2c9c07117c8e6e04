#include "orders/file_intake.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace domspool;

namespace {

struct Taken {
    std::vector<OrderRow> rows;
    std::function<void(OrderRow&&)> take = [this](OrderRow&& row) {
        rows.push_back(std::move(row));
    };
};

const FileRequest kTransfers{"transfer-a.csv", FileFormat::csv, std::nullopt, {}};

}  // namespace

TEST_CASE("of many problems of a file the first are kept, the rest counted") {
    Taken taken;
    FileIntake intake(kTransfers, taken.take);
    for (int i = 1; i <= 52; ++i) intake.refuse(i, "f" + std::to_string(i), "", "is wrong");
    const FileReading reading = std::move(intake).finished();
    REQUIRE(reading.file_problems.size() == 51);
    CHECK(reading.file_problems[49].line == 50);
    CHECK(reading.file_problems[50].reason == "has 2 more problems of this sort");
}

TEST_CASE("a long value is shown shortened, an EPP code not at all") {
    Taken taken;
    FileIntake intake(kTransfers, taken.take);
    intake.refuse(2, "tag", std::string(100, 'x'), "is wrong");
    intake.refuse(2, "auth_code", "S3cret", "is wrong");
    const FileReading reading = std::move(intake).finished();
    CHECK(reading.file_problems[0].value == std::string(60, 'x') + "…");
    CHECK(reading.file_problems[1].value == "");
}

TEST_CASE("an EPP code goes apart from its row, and only with a good one") {
    Taken taken;
    FileIntake intake(kTransfers, taken.take);
    intake.take_row(2, {{"domain", "a.com"}, {"owner", "auto"}, {"auth_code", "0 x"}});
    intake.take_row(3, {{"domain", "b.com"}, {"owner", "auto"}, {"auth_code", "(wiped)"}});
    intake.take_row(4, {{"domain", "a_b.com"}, {"owner", "auto"}, {"auth_code", "0x"}});
    intake.take_row(5, {{"domain", "c.com"}, {"owner", "auto"}});
    REQUIRE(taken.rows.size() == 4);
    CHECK(taken.rows[0].auth_code.reveal() == "0 x");
    // Both say that the ledger is asked for the code; what it has lost it refuses.
    CHECK(taken.rows[1].auth_code.reveal() == "(kept)");
    CHECK(taken.rows[2].auth_code.empty());
    CHECK(taken.rows[3].auth_code.empty());
    for (const OrderRow& row : taken.rows) CHECK_FALSE(row.given.contains("auth_code"));
    CHECK(intake.reading().rows == 4);
    CHECK(intake.reading().bad_rows == 1);
}

TEST_CASE("rows of an unclear kind are counted, but become no orders") {
    Taken taken;
    FileIntake intake(kTransfers, taken.take);
    intake.take_row(2, {{"order", "trade"}, {"domain", "a.com"}, {"owner", "GK521"}});
    intake.count_bad_row();
    CHECK(taken.rows.empty());
    CHECK(intake.reading().rows == 2);
    CHECK(intake.reading().bad_rows == 2);
    CHECK(intake.reading().file_problems.size() == 1);
}

TEST_CASE("a stated count is compared, a demanded one required") {
    Taken taken;
    FileRequest request = kTransfers;
    request.limits.require_count = true;
    FileIntake silent(request, taken.take);
    silent.count_bad_row();
    silent.require_count(std::nullopt, 0);
    CHECK(silent.reading().file_problems.size() == 1);
    FileIntake wrong(request, taken.take);
    wrong.count_bad_row();
    wrong.require_count(2, 7);
    REQUIRE(wrong.reading().file_problems.size() == 1);
    CHECK(wrong.reading().file_problems[0].line == 7);
    FileIntake right(request, taken.take);
    right.count_bad_row();
    right.require_count(1, 7);
    CHECK(right.reading().file_problems.empty());
}
