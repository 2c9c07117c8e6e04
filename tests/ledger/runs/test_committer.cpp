#include "ledger/ledger_case.h"
#include "ledger/runs/committer.h"
#include "ledger/sql_diary.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <signal.h>
#include <sys/resource.h>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

struct Words {
    explicit Words(const std::string& path) : connection(path, {store::Access::create, true}) {
        connection.run("CREATE TABLE words (word TEXT NOT NULL UNIQUE)");
    }
    void add(const std::string& word) {
        connection.prepare("INSERT INTO words (word) VALUES ($1)").bind(word).run();
    }
    store::Connection connection;
    Committer committer{connection};
};

std::int64_t count(const std::string& path, const std::string& like = "%") {
    store::Connection reader(path, {store::Access::read_only, true});
    auto& row = reader.prepare("SELECT COUNT(*) FROM words WHERE word LIKE $1").bind(like);
    REQUIRE(row.next_row());
    return row.integer(0);
}

// While one verb is at work, these come to wait; then all of them are let go.
void commit_together(Committer& committer, const std::vector<std::function<void()>>& acts) {
    std::vector<std::thread> lanes;
    std::thread first([&] {
        committer.commit([&] {
            for (const auto& act : acts) lanes.emplace_back(act);
            while (committer.waiting() < acts.size()) std::this_thread::yield();
        });
    });
    first.join();
    for (std::thread& lane : lanes) lane.join();
}

// The size no file of this process may grow beyond; lifted at the end.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(std::uintmax_t bytes) {
        ::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        struct rlimit limit = before_;
        limit.rlim_cur = bytes;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    ~FileSizeLimit() { std::ignore = ::setrlimit(RLIMIT_FSIZE, &before_); }

  private:
    struct rlimit before_ {};
};

}  // namespace

TEST_CASE("the verbs that wait at one moment share one commit") {
    Scratch scratch;
    const SqlDiary diary;
    Words words(scratch / "a.db");
    const int before = diary.count("COMMIT");
    std::vector<std::function<void()>> acts;
    for (const char* word : {"one", "two", "three"}) {
        acts.push_back([&words, word] { words.committer.commit([&] { words.add(word); }); });
    }
    commit_together(words.committer, acts);
    CHECK(count(scratch / "a.db") == 3);
    CHECK(diary.count("COMMIT") - before == 2);  // The first verb's, and theirs.
}

TEST_CASE("a verb that throws takes only its own with it") {
    Scratch scratch;
    Words words(scratch / "a.db");
    int thrown = 0;
    commit_together(words.committer, {[&] { words.committer.commit([&] { words.add("good"); }); },
                                      [&] {
                                          try {
                                              words.committer.commit([&] {
                                                  words.add("half");
                                                  throw std::runtime_error("mine");
                                              });
                                          } catch (const std::runtime_error&) {
                                              ++thrown;
                                          }
                                      },
                                      [&] { words.committer.commit([&] { words.add("fine"); }); }});
    CHECK(thrown == 1);
    CHECK(count(scratch / "a.db") == 2);
    CHECK(count(scratch / "a.db", "half") == 0);
}

TEST_CASE("a broken constraint is the matter of its own verb") {
    Scratch scratch;
    Words words(scratch / "a.db");
    words.committer.commit([&] { words.add("taken"); });
    CHECK(trouble_in([&] { words.committer.commit([&] { words.add("taken"); }); }) ==
          store::Trouble::unique_broken);
    words.committer.commit([&] { words.add("next"); });
    CHECK(count(scratch / "a.db") == 2);
}

TEST_CASE("an error that ended the transaction fails every member, and nothing is run again") {
    Scratch scratch;
    Words words(scratch / "a.db");
    std::atomic<int> failed{0}, ran{0};
    const auto lane = [&](const std::string& word, bool breaks) {
        return [&, word, breaks] {
            const auto trouble = trouble_in([&] {
                words.committer.commit([&] {
                    ++ran;
                    words.add(word);
                    if (breaks) {
                        throw store::StoreError(store::Trouble::full_or_io, "the disk is full");
                    }
                });
            });
            if (trouble == store::Trouble::full_or_io) ++failed;
        };
    };
    commit_together(words.committer,
                    {lane("a", false), lane("b", true), lane("c", false), lane("d", false)});
    CHECK(failed == 4);
    CHECK(ran <= 4);
    CHECK(count(scratch / "a.db") == 0);
    words.committer.commit([&] { words.add("later"); });  // A new transaction is a new try.
    CHECK(count(scratch / "a.db") == 1);
}

TEST_CASE("many lanes at once lose nothing") {
    LedgerCase with;
    std::vector<std::thread> lanes;
    for (int lane = 0; lane < 8; ++lane) {
        lanes.emplace_back([&, lane] {
            for (int i = 0; i < 50; ++i) {
                with.write([&](LedgerWrite& w) {
                    w.event(with.run(), "note", std::to_string(lane), utc(i));
                });
            }
        });
    }
    for (std::thread& lane : lanes) lane.join();
    CHECK(with.number("SELECT COUNT(*) FROM events WHERE kind = 'note'") == 400);
}

TEST_CASE("on a full disk every lane is told, and what was said to be written is there") {
    LedgerCase with;
    const std::string large(3000, 'x');
    std::atomic<int> written{0}, refused{0}, otherwise{0};
    {
        const auto size = std::filesystem::file_size(with.path() + "-wal");
        const FileSizeLimit limit(size + 200'000);
        std::vector<std::thread> lanes;
        for (int lane = 0; lane < 6; ++lane) {
            lanes.emplace_back([&] {
                for (int i = 0; i < 60; ++i) {
                    try {
                        with.write(
                            [&](LedgerWrite& w) { w.event(with.run(), "large", large, utc(i)); });
                        ++written;
                    } catch (const store::StoreError& error) {
                        ++(error.trouble() == store::Trouble::full_or_io ? refused : otherwise);
                    }
                }
            });
        }
        for (std::thread& lane : lanes) lane.join();
    }
    CHECK(refused > 0);
    CHECK(otherwise == 0);
    CHECK(with.number("SELECT COUNT(*) FROM events WHERE kind = 'large'") == written);
    with.write([&](LedgerWrite& w) { w.event(with.run(), "note", "room again", utc(99)); });
    CHECK(with.number("SELECT COUNT(*) FROM events WHERE kind = 'note'") == 1);
}

TEST_CASE("an outcome a full disk does not take is spilled and entered later") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    AttemptEnd end = end_as(AttemptOutcome::pending, 4711);
    {
        const auto size = std::filesystem::file_size(with.path() + "-wal");
        const FileSizeLimit limit(size);
        CHECK(trouble_in([&] {
                  with.write([&](LedgerWrite& w) {
                      w.finish_attempt(order.claim, attempt, end, waiting_move());
                  });
              }) == store::Trouble::full_or_io);
        with.run_object().spill(order.claim, attempt, end, waiting_move());
        with.end_run();
    }
    CHECK(with.ledger().order(order.order.id).state == OrderState::in_progress);
    CHECK(with.ledger().recover_dead_runs(at(100)) == 1);
    CHECK(with.ledger().order(order.order.id).state == OrderState::waiting);
    CHECK(with.ledger().owner_of(4711) == attempt);
    CHECK(with.ledger().open_doubts().empty());
}

TEST_CASE("an intent a full disk does not take was never begun") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    {
        const FileSizeLimit limit(std::filesystem::file_size(with.path() + "-wal"));
        CHECK(trouble_in([&] { with.begin(order, 1, 500); }) == store::Trouble::full_or_io);
    }
    CHECK(with.ledger().attempts_under_way().empty());
    CHECK(with.ledger().order(order.order.id).state == OrderState::accepted);
    CHECK(with.ledger().money_out_since(utc(0)) == 0);
    CHECK_NOTHROW(with.begin(order, 1, 500));
}

TEST_CASE("a run whose spill file finds no room does not begin") {
    LedgerCase with;
    with.end_run();
    {
        const FileSizeLimit limit(64 << 10);
        const auto failure =
            failure_in([&] { with.ledger().begin_run("test", Sends::yes, at(1)); });
        REQUIRE(failure);
        CHECK(failure->code() == ExitCode::cannot_write);
    }
    CHECK(with.number("SELECT COUNT(*) FROM runs WHERE ended_at IS NULL") == 0);
    CHECK_FALSE(std::filesystem::exists(with.path() + ".spill-2"));
}
