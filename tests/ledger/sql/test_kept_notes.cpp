// What is kept beside orders and attempts: each kind in a table of its own.
#include "ledger/ledger_care.h"
#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const DomainName kDomain = DomainName::from_stored("a.example");

// The trouble of reading, "" if there is none.
template <typename Question>
std::string trouble_of(Question question) {
    try {
        std::ignore = question();
        return "";
    } catch (const store::StoreError& error) {
        CHECK(error.trouble() == store::Trouble::corrupt);
        return error.what();
    }
}

}  // namespace

TEST_CASE("what the registrar told is known while it is fresh, and replaced") {
    LedgerCase with;
    const FieldMap rules{{"period_create", "1-10"}, {"currency", "EUR"}};
    with.write([&](LedgerWrite& w) { w.keep_extension("example", rules, utc(100)); });
    CHECK(with.ledger().known_extension("example", utc(100)) == rules);
    CHECK_FALSE(with.ledger().known_extension("example", utc(101)));
    CHECK_FALSE(with.ledger().known_contact("example", utc(0)));
    const FieldMap other{{"currency", "USD"}};
    with.write([&](LedgerWrite& w) {
        w.keep_extension("example", other, utc(200));
        w.keep_contact("AE1", rules, utc(200));
    });
    CHECK(with.ledger().known_extension("example", utc(150)) == other);
    CHECK(with.ledger().known_contact("AE1", utc(200)) == rules);
}

TEST_CASE("a person's word replaces the earlier one of the order, until it is forgotten") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    const OrderId other = with.order_for("b.example");
    with.write([&](LedgerWrite& w) {
        w.watch_word({order, 1, Word::failed, "not there", utc(1), utc(2)});
        w.watch_word({order, 2, Word::done, "seen", utc(3), utc(4)});
        w.watch_word({other, 1, Word::failed, "gone", utc(5), utc(6)});
        w.forget_word(other);
    });
    const auto words = with.ledger().watched_words();
    REQUIRE(words.size() == 1);
    CHECK(words[0].order == order);
    CHECK(words[0].position == 2);
    CHECK(words[0].word == Word::done);
    CHECK(words[0].said == "seen");
    CHECK(words[0].at == utc(3));
    CHECK(words[0].look_due == utc(4));
}

TEST_CASE("an order perhaps sent keeps where it stood, and its first look") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    PerhapsSent sent;
    sent.order = order;
    sent.before = OrderState::held;
    sent.held_for = HeldFor::person;
    sent.reason = "paused";
    sent.kept_domain = true;
    with.write([&](LedgerWrite& w) { w.note_perhaps_sent(sent); });
    CHECK_FALSE(with.ledger().perhaps_sent(order)->first_look);
    sent.first_look = at(30);
    sent.first_date = "Tue, 24 Nov 2026 12:00:30 GMT";
    with.write([&](LedgerWrite& w) { w.note_perhaps_sent(sent); });
    const auto kept = with.ledger().orders_perhaps_sent();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].before == OrderState::held);
    CHECK(kept[0].held_for == HeldFor::person);
    CHECK(kept[0].kept_domain);
    CHECK(kept[0].first_look->since_boot == at(30).since_boot);
    CHECK(kept[0].first_look->boot_id == at(30).boot_id);
    CHECK(kept[0].first_date == sent.first_date);
    with.write([&](LedgerWrite& w) { w.forget_perhaps_sent(order); });
    CHECK_FALSE(with.ledger().perhaps_sent(order));
}

TEST_CASE("a pass leaves when it began, and since when the registrar is out of reach") {
    LedgerCase with;
    CHECK_FALSE(with.ledger().last_pass_begun());
    CHECK_FALSE(with.ledger().outage());
    with.write([&](LedgerWrite& w) {
        w.note_pass_begun(at(7));
        w.note_outage({utc(1), std::nullopt});
    });
    CHECK(with.ledger().last_pass_begun()->since_boot == at(7).since_boot);
    CHECK(with.ledger().outage()->since == utc(1));
    CHECK_FALSE(with.ledger().outage()->told_at);
    with.write([&](LedgerWrite& w) { w.note_outage({utc(1), utc(9)}); });
    CHECK(with.ledger().outage()->told_at == utc(9));
    with.write([&](LedgerWrite& w) { w.forget_outage(); });
    CHECK_FALSE(with.ledger().outage());
    CHECK(with.ledger().last_pass_begun()->boot_id == at(7).boot_id);
}

TEST_CASE("files of the spool, ends of programs, a DS, the key: the latest stands, the key stays") {
    LedgerCase with;
    const BatchId batch = with.take({row(2, "a.example")});
    with.write([&](LedgerWrite& w) {
        w.note_spool_file("1-1-a.csv", {batch, false});
        w.note_spool_file("1-2-b.csv", {std::nullopt, true});
        w.note_wiped_file("hash", batch);
        w.note_files_left_alone({{"x", "1"}, {"y", "2"}});
        w.note_files_left_alone({{"y", "3"}});
        w.note_good_end("spool-run", utc(1));
        w.note_good_end("spool-run", utc(2));
        w.note_ds(kDomain, utc(10));
        w.note_ds(kDomain, utc(20));
        w.keep_digest_key("first");
        w.keep_digest_key("second");
        w.promise_result(batch, "/srv/a.result.csv");
    });
    const Ledger& ledger = with.ledger();
    CHECK(ledger.spool_file("1-1-a.csv")->batch == batch);
    CHECK(ledger.spool_file("1-2-b.csv")->is_refusal_told);
    CHECK_FALSE(ledger.spool_file("1-3-c.csv"));
    CHECK(ledger.wiped_files() == std::set<std::string>{"hash"});
    CHECK(ledger.files_left_alone() == std::map<std::string, std::string>{{"y", "3"}});
    CHECK(ledger.good_ends() == std::map<std::string, UtcTime>{{"spool-run", utc(2)}});
    CHECK(ledger.ds_remembered_until(kDomain) == utc(20));
    CHECK(ledger.digest_key() == "first");
    CHECK(ledger.batch(batch)->promised_result == "/srv/a.result.csv");
    with.write([&](LedgerWrite& w) { w.note_result_written(batch, utc(1000)); });
    CHECK_FALSE(ledger.batch(batch)->promised_result);
}

TEST_CASE("a damaged value is told with its row, and verify finds it") {
    const struct {
        const char* damage;
        const char* row;
    } kDamages[] = {
        {"UPDATE perhaps_sent SET look_at = 'x', look_boot = 'b', look_since_boot = 1",
         "perhaps_sent of order 1"},
        {"UPDATE watched_words SET look_due_at = 'x'", "watched_words of order 1"},
        {"UPDATE one_pass SET begun_at = 'x'", "one_pass"},
        {"UPDATE one_pass SET begun_since_boot = 'x'", "one_pass"},
        {"UPDATE good_ends SET ended_at = 'x'", "good_ends of spool-run"},
        {"UPDATE seen_ds SET until = 'x'", "seen_ds of a.example"},
        {"UPDATE known_contacts SET fields = 'x'", "'AE1'"},
        {"UPDATE known_extensions SET fields = 'x'", "'example'"},
        {"UPDATE orders SET accepted_at = 'x'", "order 1"},
    };
    for (const auto& [damage, row_name] : kDamages) {
        CAPTURE(damage);
        LedgerCase with;
        const OrderId order = with.order_for("a.example");
        REQUIRE(order == 1);
        PerhapsSent sent;
        sent.order = order;
        with.write([&](LedgerWrite& w) {
            w.note_perhaps_sent(sent);
            w.watch_word({order, 1, Word::done, "seen", utc(1), utc(2)});
            w.note_pass_begun(at(7));
            w.note_good_end("spool-run", utc(1));
            w.note_ds(kDomain, utc(10));
            w.keep_contact("AE1", {{"a", "b"}}, utc(1));
            w.keep_extension("example", {{"a", "b"}}, utc(1));
        });
        store::Connection file(with.database(), {store::Access::read_write, true});
        if (file.dialect() == store::Dialect::postgresql &&
            std::string(damage).find("since_boot = '") != std::string::npos) {
            continue;  // It has types of its own.
        }
        file.run(damage);
        const Ledger& ledger = with.ledger();
        const std::string trouble = trouble_of([&] {
            ledger.orders({});
            ledger.orders_perhaps_sent();
            ledger.watched_words();
            ledger.last_pass_begun();
            ledger.good_ends();
            ledger.ds_remembered_until(kDomain);
            ledger.known_contact("AE1", utc(0));
            return ledger.known_extension("example", utc(0));
        });
        CHECK_MESSAGE(trouble.find(row_name) != std::string::npos, trouble);
        with.end_run();
        const auto faults = ledger_care::verify(with.path(), kStamp);
        REQUIRE_FALSE(faults.empty());
        CHECK_MESSAGE(faults[0].find(row_name) != std::string::npos, faults[0]);
    }
}
