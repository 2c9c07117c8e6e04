#include "orders/csv_rows.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;

namespace {

struct Result {
    std::vector<CsvRow> rows;
    std::optional<CsvTrouble> trouble;
};

// The text in pieces of so many bytes, as it may come from a pipe.
Result read_in_pieces(const std::string& text, std::size_t piece, const CsvLimits& limits = {}) {
    Result result;
    std::size_t at = 0;
    result.trouble = read_csv_rows(
        [&] {
            const std::string_view next = std::string_view(text).substr(at, piece);
            at += next.size();
            return next;
        },
        limits,
        [&](CsvRow&& row) {
            result.rows.push_back(std::move(row));
            return true;
        });
    return result;
}

Result read(const std::string& text, const CsvLimits& limits = {}) {
    return read_in_pieces(text, text.size() + 1, limits);
}

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("the first line decides between comma and semicolon") {
    CHECK(read("a,b\nc;d,e\n").rows.at(1).cells == Cells{"c;d", "e"});
    CHECK(read("a;b\nc,d;e\n").rows.at(1).cells == Cells{"c,d", "e"});
    CHECK(read("a\nb\n").rows.at(1).cells == Cells{"b"});
}

TEST_CASE("cells are neither trimmed nor re-typed") {
    CHECK(read("a,b,c\n 007 ,\" x \",\"1,5\"\n").rows.at(1).cells == Cells{" 007 ", " x ", "1,5"});
    CHECK(read("a,b\n\"say \"\"x\"\"\",\"\"\n").rows.at(1).cells == Cells{"say \"x\"", ""});
}

TEST_CASE("rows know their first line, quoted line breaks and empty lines counted") {
    const Result result = read("a,b\r\n\r\n\"x\r\ny\n\",1\r\n\nz,2\n");
    CHECK_FALSE(result.trouble);
    REQUIRE(result.rows.size() == 3);
    CHECK(result.rows[1].line == 3);
    CHECK(result.rows[1].cells == Cells{"x\r\ny\n", "1"});
    CHECK(result.rows[2].line == 7);
}

TEST_CASE("pieces of any size give the same rows") {
    const std::string text = "a;b\r\n\"x;\r\n\"\"y\";1\r\n;\r\nlast;\"\"\r\n";
    const Result whole = read(text);
    REQUIRE(whole.rows.size() == 3);
    CHECK(whole.rows[2].line == 5);
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        const Result result = read_in_pieces(text, piece);
        CAPTURE(piece);
        CHECK_FALSE(result.trouble);
        REQUIRE(result.rows.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(result.rows[i].cells == whole.rows[i].cells);
            CHECK(result.rows[i].line == whole.rows[i].line);
        }
    }
}

TEST_CASE("lines and rows without a character are no rows, wherever and however many they are") {
    for (const std::string nothing : {"\n", "\r\n", ";;\n", "  \n", ";;;;\n"}) {
        CAPTURE(nothing);
        std::string many;
        for (int i = 0; i < 100'000; ++i) many += nothing;
        const int lines = static_cast<int>(std::count(many.begin(), many.end(), '\n'));
        for (const std::size_t piece : {std::size_t{4095}, std::size_t{1} << 16}) {
            const Result result = read_in_pieces(many + "a;b\n" + many + "x;y\n" + many, piece);
            CHECK_FALSE(result.trouble);
            REQUIRE(result.rows.size() == 2);
            CHECK(result.rows[0].cells == Cells{"a", "b"});
            CHECK(result.rows[1].cells == Cells{"x", "y"});
            CHECK(result.rows[1].line == 2 * lines + 2);
        }
    }
}

TEST_CASE("a quoted row of blanks and line breaks is no row either") {
    const Result result = read("a;b\n\" \n\t\";\"\"\nx;y\n");
    CHECK_FALSE(result.trouble);
    REQUIRE(result.rows.size() == 2);
    CHECK(result.rows[1].line == 4);
}

TEST_CASE("an empty first line tells no separator, in pieces of any size") {
    for (std::size_t piece = 1; piece < 9; ++piece) {
        const Result result = read_in_pieces("\r\n\na;b\r\nc,d;e\r\n", piece);
        CAPTURE(piece);
        CHECK_FALSE(result.trouble);
        REQUIRE(result.rows.size() == 2);
        CHECK(result.rows[0].line == 3);
        CHECK(result.rows[1].cells == Cells{"c,d", "e"});
    }
}

TEST_CASE("wrong quotes end the reading, and no half row comes out") {
    for (const char* text : {"a,b\nx,\"y\"z\n", "a,b\nx,y\"z\n", "a,b\nx,\"y\" \n"}) {
        CAPTURE(text);
        const Result result = read(text);
        REQUIRE(result.trouble);
        CHECK(result.trouble->line == 2);
        CHECK(result.rows.size() == 1);
    }
}

TEST_CASE("a row without its line break is not handed out") {
    const Result cut = read("a,b\nx,y\nz,w");
    CHECK(cut.rows.size() == 2);
    REQUIRE(cut.trouble);
    CHECK(cut.trouble->line == 3);
    const Result header = read("a,b");
    CHECK(header.rows.empty());
    CHECK(header.trouble);
}

TEST_CASE("a quote that is never closed is told where its row begins") {
    const Result result = read("a,b\nx,\"y\nz,w\nv,u\n");
    CHECK(result.rows.size() == 1);
    REQUIRE(result.trouble);
    CHECK(result.trouble->line == 2);
}

TEST_CASE("a carriage return inside a row is refused, not taken for a line break") {
    const Result result = read("a,b\nx,y\rz,w\n");
    CHECK(result.rows.size() == 1);
    REQUIRE(result.trouble);
    CHECK(result.trouble->line == 2);
}

TEST_CASE("a cell of a megabyte ends the reading") {
    const CsvLimits limits;
    const std::string large(1u << 20, 'x');
    CHECK(read("a,b\n" + large + ",1\n").trouble);
    CHECK(read("a,b\n1,\"" + large + "\"\n").trouble);
    CHECK(read(large + ",b\n").trouble);
    const std::string allowed(limits.cell_bytes, 'x');
    CHECK_FALSE(read("a,b\n" + allowed + "," + allowed + "\n").trouble);
    CHECK(read("a,b\n" + allowed + "x,1\n").trouble);
}

TEST_CASE("ten thousand columns end the reading") {
    const std::string commas(9'999, ',');
    CHECK(read(commas + "x\n").trouble);
    CHECK(read("a,b\n" + commas + "x\n").trouble);
    CHECK_FALSE(read(std::string(999, ',') + "x\n").trouble);
    // Spreadsheets save all their columns now and then.
    CHECK_FALSE(read("a,b" + commas + "\nc" + commas + "\n").trouble);
}

TEST_CASE("the reader may be told to stop") {
    int rows = 0;
    std::string text = "a\nb\nc\n";
    bool is_given = false;
    const auto trouble = read_csv_rows(
        [&]() -> std::string_view {
            if (is_given) return {};
            is_given = true;
            return text;
        },
        {},
        [&](CsvRow&&) {
            ++rows;
            return false;
        });
    CHECK_FALSE(trouble);
    CHECK(rows == 1);
}
