#include "orders/order_file.h"
#include "orders/reading.h"
#include "support/not_run.h"

#include <doctest/doctest.h>

#include <sstream>
#include <streambuf>

using namespace domspool;
using domspool::test::read_text_as;
using domspool::test::Reading;

namespace {

using Texts = std::vector<std::string>;

Reading read_named(const std::string& name, const std::string& text,
                   std::optional<OrderKind> program = std::nullopt) {
    return read_text_as({name, *format_of_name(name), program, {}}, text);
}

const std::string kRegisterRow = "domain,years,owner\na.com,1,GK521\n";
const std::string kTransferRow = "domain,owner\na.com,auto\n";

// A file of any size that is nowhere as a whole: a beginning, many equal entries, an end.
class LongFile : public std::streambuf {
  public:
    LongFile(std::string begin, std::string entry, int entries, std::string end)
        : begin_(std::move(begin)), entry_(std::move(entry)), end_(std::move(end)), left_(entries) {
        setg(begin_.data(), begin_.data(), begin_.data() + begin_.size());
    }

  protected:
    int_type underflow() override {
        if (is_at_end_) return traits_type::eof();
        is_at_end_ = left_-- == 0;
        std::string& next = is_at_end_ ? end_ : entry_;
        setg(next.data(), next.data(), next.data() + next.size());
        return next.empty() ? traits_type::eof() : traits_type::to_int_type(*gptr());
    }

  private:
    std::string begin_, entry_, end_;
    int left_;
    bool is_at_end_ = false;
};

std::size_t resident_kilobytes() {
    std::size_t pages = 0, resident = 0;
    FILE* file = std::fopen("/proc/self/statm", "r");
    REQUIRE(file != nullptr);
    REQUIRE(std::fscanf(file, "%zu %zu", &pages, &resident) == 2);
    std::fclose(file);
    return resident * 4;
}

// How much the program grows while it reads so many entries, in KB.
std::size_t growth(FileFormat format, const std::string& begin, const std::string& entry,
                   int entries, const std::string& end) {
    LongFile text(begin, entry, entries, end);
    std::istream in(&text);
    int rows = 0;
    const std::size_t before = resident_kilobytes();
    const FileReading reading =
        read_order_file(in, {"orders", format, OrderKind::register_domain, {}},
                        [&](OrderRow&& row) { rows += row.order.has_value(); });
    CHECK(reading.file_problems.empty());
    CHECK(rows == entries);
    CHECK(reading.rows == entries);
    const std::size_t after = resident_kilobytes();
    return after > before ? after - before : 0;
}

}  // namespace

TEST_CASE("the ending of the name tells the format") {
    CHECK(format_of_name("a.csv") == FileFormat::csv);
    CHECK(format_of_name("A.B.CSV") == FileFormat::csv);
    CHECK(format_of_name("a.yaml") == FileFormat::yaml);
    CHECK(format_of_name("a.Yml") == FileFormat::yaml);
    CHECK(format_of_name("a.csv.part") == std::nullopt);
    CHECK(format_of_name("csv") == std::nullopt);
}

TEST_CASE("a problem is one line") {
    CHECK(to_text(Problem{"orders.csv", 12, "owner.phone", "0033", "must be so"}) ==
          "orders.csv:12: owner.phone '0033': must be so");
    CHECK(to_text(Problem{"orders.csv", 12, "years", "", "is missing"}) ==
          "orders.csv:12: years: is missing");
    CHECK(to_text(Problem{"orders.csv", 0, "", "", "holds no orders"}) ==
          "orders.csv: holds no orders");
    CHECK(to_text(Problem{"o\n.csv", 2, "tag", "a\n\x1b[2J\xff\u202e", "is bad"}) ==
          "o\\n.csv:2: tag 'a\\n\\x1b[2J\\xffU+202E': is bad");
}

TEST_CASE("the kind comes from the program, else the row, else the file's name") {
    CHECK(read_named("march.csv", kRegisterRow, OrderKind::register_domain).rows.at(0).order);
    CHECK(read_named("transfer-march.csv", kTransferRow).rows.at(0).kind == OrderKind::transfer);
    CHECK(read_named("/in/TRANSFER-March.csv", kTransferRow).rows.at(0).kind ==
          OrderKind::transfer);
    CHECK(read_named("trade.csv", "domain,owner\na.com,GK521\n").rows.at(0).kind ==
          OrderKind::trade);
    const Reading mixed = read_named("march.csv",
                                     "order,domain,years,owner,ns1\n"
                                     "register,a.com,1,GK521,\n"
                                     "Transfer,b.com,,auto,\n"
                                     "nameservers,c.com,,,ns1.example.net\n");
    CHECK_FALSE(mixed.is_refused());
    CHECK(mixed.faults() == Texts{});
    REQUIRE(mixed.rows.size() == 3);
    CHECK(mixed.rows[0].kind == OrderKind::register_domain);
    CHECK(mixed.rows[1].kind == OrderKind::transfer);
    CHECK(mixed.rows[2].kind == OrderKind::nameservers);
}

TEST_CASE("a kind that is nowhere, unknown or disputed refuses the file") {
    CHECK(read_named("march.csv", kTransferRow).file_problems() ==
          Texts{"march.csv:2: order: is missing, and neither program nor file name says what is "
                "ordered: register, transfer, trade or nameservers"});
    CHECK(read_named("march.csv", "order,domain,owner\ntranfser,a.com,auto\n").file_problems() ==
          Texts{"march.csv:2: order 'tranfser': is no kind of order; register, transfer, trade or "
                "nameservers is right; did you mean 'transfer'?"});
    const std::string trade = "order,domain,owner\ntrade,a.com,GK521\n";
    CHECK(read_named("march.csv", trade, OrderKind::transfer).file_problems() ==
          Texts{"march.csv:2: order 'trade': disagrees with the program, which says transfer"});
    CHECK(read_named("transfer-march.csv", trade).file_problems() ==
          Texts{"transfer-march.csv:2: order 'trade': disagrees with the file's name, which says "
                "transfer"});
    CHECK(read_named("transfer-march.csv", kRegisterRow, OrderKind::register_domain)
              .file_problems() ==
          Texts{"transfer-march.csv: the file's name says transfer, the program orders register"});
}

TEST_CASE("both formats give the same orders") {
    const Reading csv = read_named("register-a.csv",
                                   "domain;years;owner;ns1;ns2;dnssec;tag;additional.US_CATEGORY\n"
                                   "Bücher.example;2;GK521;ns1.example.net;ns2.example.net;on;"
                                   "\"a \"\"b\"\"\";C11\n");
    const Reading yaml = read_named("register-a.yaml",
                                    "orders:\n"
                                    "- domain: Bücher.example\n"
                                    "  years: 2\n"
                                    "  owner: GK521\n"
                                    "  nameservers: [ns1.example.net, ns2.example.net]\n"
                                    "  dnssec: on\n"
                                    "  tag: a \"b\"\n"
                                    "  additional:\n"
                                    "    US_CATEGORY: C11\n"
                                    "...\n");
    REQUIRE(csv.rows.size() == 1);
    REQUIRE(yaml.rows.size() == 1);
    REQUIRE(csv.rows[0].order);
    CHECK(csv.rows[0].normalised == yaml.rows[0].normalised);
}

TEST_CASE("a CSV file cut at any byte gives no half order") {
    const std::string text =
        "\xef\xbb\xbf"
        "domain,years,owner,note\r\n"
        "a.com,10,GK521,\"one\r\ntwo, \"\"three\"\"\"\r\n"
        "bücher.com,2,GK5210,x\r\n"
        "#end,2\r\n";
    const Reading whole = read_named("register-a.csv", text);
    REQUIRE_FALSE(whole.is_refused());
    REQUIRE(whole.rows.size() == 2);
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        CAPTURE(cut);
        const Reading part = read_named("register-a.csv", text.substr(0, cut));
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
            CHECK(part.rows[i].normalised == whole.rows[i].normalised);
        }
        // Whole but for its end row, the file cannot be told from a shorter one.
        const bool ends_at_row = part.rows.size() == 2 && text.substr(cut) == "#end,2\r\n";
        const bool ends_at_first_row = part.rows.size() == 1 && text.substr(cut).starts_with("bü");
        CHECK(part.is_refused() == !(ends_at_row || ends_at_first_row));
    }
}

TEST_CASE("a YAML file cut at any byte is refused and gives no half order") {
    const std::string text =
        "# orders\n"
        "defaults: {years: 1}\n"
        "contacts:\n"
        "  ann: {firstName: Ann, lastName: Lee, address1: 1 Road, zipCode: 1000, city: Town,\n"
        "        country: CH, phone: +41 225550100, email: ann@example.org, language: EN}\n"
        "count: 2\n"
        "orders:\n"
        "- domain: bücher.com\n"
        "  owner: ann\n"
        "  note: \"two\\nlines\"\n"
        "- {domain: example.com, years: 10, owner: GK5210}\n"
        "...\n";
    const Reading whole = read_named("register-a.yaml", text);
    REQUIRE(whole.file_problems() == Texts{});
    REQUIRE(whole.faults() == Texts{});
    REQUIRE(whole.rows.size() == 2);
    // Its last byte is a line break that nothing hangs on.
    for (std::size_t cut = 0; cut + 1 < text.size(); ++cut) {
        CAPTURE(cut);
        CHECK(read_named("register-a.yaml", text.substr(0, cut)).is_refused());
    }
    CHECK_FALSE(read_named("register-a.yaml", text.substr(0, text.size() - 1)).is_refused());
}

TEST_CASE("the content's digest is the same whatever the file is called") {
    const std::string hash = read_named("register-a.csv", kRegisterRow).file.content_hash;
    CHECK(hash.size() == 64);
    CHECK(read_named("register-b.csv", kRegisterRow).file.content_hash == hash);
    CHECK(read_named("register-b.csv", kRegisterRow + "\n").file.content_hash != hash);
    // Over all bytes, also where reading ended early.
    CHECK(read_named("register-b.csv", "x\n" + kRegisterRow).file.content_hash !=
          read_named("register-b.csv", "x\n" + kRegisterRow + "\n").file.content_hash);
}

TEST_CASE("a file above the limit is refused") {
    FileRequest request{"a.csv", FileFormat::csv, OrderKind::register_domain, {}};
    request.limits.bytes = kRegisterRow.size();
    CHECK_FALSE(read_text_as(request, kRegisterRow).is_refused());
    CHECK(read_text_as(request, kRegisterRow + "\n").is_refused());
}

TEST_CASE("memory does not grow with the file") {
#ifdef __SANITIZE_ADDRESS__
    return test::not_run("the sanitizer keeps what is given back");
#endif
    // The first reading warms up what is allocated once.
    growth(FileFormat::csv, "domain,years,owner\n", "a.com,1,GK521\n", 2000, "");
    CHECK(growth(FileFormat::csv, "domain,years,owner\n", "a.com,1,GK521\n", 20'000, "") < 1'000);
    const std::string entry = "- domain: a.com\n  years: 1\n  owner: GK521\n";
    growth(FileFormat::yaml, "orders:\n", entry, 500, "...\n");
    CHECK(growth(FileFormat::yaml, "orders:\n", entry, 5'000, "...\n") < 1'000);
}

TEST_CASE("a thousand bad rows are all told") {
    std::string text = "domain,years,owner\n";
    for (int i = 0; i < 1000; ++i) text += "a_b.com,x,\n";
    const Reading reading = read_named("register-a.csv", text);
    CHECK_FALSE(reading.is_refused());
    CHECK(reading.file.bad_rows == 1000);
    CHECK(reading.faults().size() == 3000);
    CHECK(reading.rows.back().line == 1001);
}
