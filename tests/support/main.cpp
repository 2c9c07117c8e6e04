#define DOCTEST_CONFIG_IMPLEMENT
#include "support/not_run.h"

#include <doctest/doctest.h>

namespace {

int tests_begun = 0;
int tests_not_run = 0;

struct Counting : doctest::IReporter {
    explicit Counting(const doctest::ContextOptions&) {}
    void test_case_start(const doctest::TestCaseData&) override { ++tests_begun; }
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};

}  // namespace

REGISTER_LISTENER("counting", 1, Counting);

void domspool::test::not_run(const std::string& why) {
    ++tests_not_run;
    MESSAGE("not run: " << why);
}

int main(int count, char** words) {
    doctest::Context context(count, words);
    const int code = context.run();
    const bool is_all = tests_not_run > 0 && tests_not_run == tests_begun;
    return code == 0 && is_all ? domspool::test::kAllNotRun : code;
}
