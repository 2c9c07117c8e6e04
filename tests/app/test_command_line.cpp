#include "app/command_line.h"
#include "util/failure.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

ProgramManual one_door() {
    ProgramManual manual;
    manual.text =
        "\nNAME         domain-paint: paint domains\n"
        "READS        the files named\n"
        "WRITES       the ledger\n"
        "EXIT         0 all painted\n"
        "AFTER CRASH  start it again\n";
    manual.options = {{"colour", "NAME", "the colour"}, {"coat", "N", "how often"}};
    manual.least_arguments = 1;
    manual.most_arguments = 3;
    manual.without = {"dry-run"};
    return manual;
}

ProgramManual with_verbs() {
    ProgramManual manual;
    manual.text = "NAME domain-shelf: show domains\nREADS a\nWRITES b\nEXIT 0\nAFTER CRASH c\n";
    manual.options = {{"state", "WORD", "of that state only", {"list"}}};
    manual.verbs = {{"list", "", "what is there", 0, 0}, {"show", "THING", "one thing", 1, 1}};
    return manual;
}

std::string refusal(const ProgramManual& manual, const std::vector<std::string>& words) {
    try {
        CommandLine line(manual, words);
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::usage);
        return failure.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("options and arguments may be mixed") {
    const CommandLine line(one_door(), {"a.csv", "--colour", "red", "-", "--json"});
    CHECK(line.arguments() == std::vector<std::string>{"a.csv", "-"});
    CHECK(line.value("colour") == "red");
    CHECK(line.has("json"));
    CHECK_FALSE(line.has("quiet"));
    CHECK_FALSE(line.value("config"));
}

TEST_CASE("a value behind an equals sign may be anything") {
    const CommandLine line(one_door(), {"--colour=--json=1", "a"});
    CHECK(line.value("colour") == "--json=1");
    CHECK(CommandLine(one_door(), {"--colour=", "a"}).value("colour") == "");
}

TEST_CASE("behind two dashes there are only arguments") {
    const CommandLine line(one_door(), {"--", "--colour", "-x"});
    CHECK(line.arguments() == std::vector<std::string>{"--colour", "-x"});
}

TEST_CASE("an option is never abbreviated") {
    // Scripts would come to depend on it.
    CHECK(contains(refusal(one_door(), {"--col", "red", "a"}), "unknown option '--col'"));
    CHECK(contains(refusal(one_door(), {"--colou", "red", "a"}), "did you mean '--colour'?"));
    CHECK(contains(refusal(one_door(), {"-c", "a"}), "short options"));
}

TEST_CASE("an option is written as it is called, with a blank or an equals sign before its value") {
    CHECK(contains(refusal(one_door(), {"--COLOUR", "red", "a"}), "unknown option '--COLOUR'"));
    CHECK(contains(refusal(one_door(), {"--colour:red", "a"}), "unknown option '--colour:red'"));
    CHECK(contains(refusal(one_door(), {"--=red", "a"}), "unknown option '--'"));
    CHECK(contains(refusal(one_door(), {"---json", "a"}), "unknown option '---json'"));
}

TEST_CASE("every refusal says where the help is") {
    CHECK(refusal(one_door(), {"--nothing", "a"}).ends_with("\nTry: domain-paint --help"));
}

TEST_CASE("an option is given once") {
    CHECK(contains(refusal(one_door(), {"--json", "--json", "a"}), "'--json' is given twice"));
    CHECK(contains(refusal(one_door(), {"--coat", "1", "--coat=2"}), "'--coat' is given twice"));
}

TEST_CASE("a forgotten value does not swallow the next option") {
    CHECK(contains(refusal(one_door(), {"--colour", "--json", "a"}), "--colour NAME"));
    CHECK(contains(refusal(one_door(), {"a", "--colour"}), "needs a value"));
    CHECK(contains(refusal(one_door(), {"--colour", "--", "a"}), "needs a value"));
    CHECK(CommandLine(one_door(), {"--colour", "-", "a"}).value("colour") == "-");
    CHECK(CommandLine(one_door(), {"--colour", "", "a"}).value("colour") == "");
    CHECK(contains(refusal(one_door(), {"--json=yes", "a"}), "takes no value"));
}

TEST_CASE("a common option that a program leaves out is unknown to it") {
    CHECK(contains(refusal(one_door(), {"--dry-run", "a"}), "unknown option"));
}

TEST_CASE("too few and too many arguments are refused") {
    CHECK(contains(refusal(one_door(), {}), "needs 1 argument"));
    CHECK(contains(refusal(one_door(), {"a", "b", "c", "d"}), "'d'"));
    CHECK(refusal(one_door(), {"--help"}).empty());
    CHECK(refusal(one_door(), {"--version"}).empty());
}

TEST_CASE("a number is a whole one within its bounds") {
    const auto number = [](const std::string& text) {
        return CommandLine(one_door(), {"--colour=" + text, "a"}).number("colour", 1, 100);
    };
    CHECK(number("1") == 1);
    CHECK(number("100") == 100);
    for (const char* wrong : {"0", "101", "", "1x", "1.5", " 1", "+1", "99999999999999999999"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(number(wrong), RunFailure);
    }
    CHECK_FALSE(CommandLine(one_door(), {"a"}).number("colour", 1, 100));
}

TEST_CASE("a program with verbs wants one of them") {
    CHECK(CommandLine(with_verbs(), {"list", "--state", "held"}).verb() == "list");
    CHECK(CommandLine(with_verbs(), {"--json", "show", "12"}).arguments() ==
          std::vector<std::string>{"12"});
    CHECK(contains(refusal(with_verbs(), {}), "list show"));
    CHECK(contains(refusal(with_verbs(), {"lits"}), "did you mean 'list'?"));
    CHECK(contains(refusal(with_verbs(), {"show"}), "needs 1 argument"));
    CHECK(contains(refusal(with_verbs(), {"show", "12", "--state", "held"}),
                   "does not go with 'show'"));
}

TEST_CASE("help shows the manual, every option and every exit code") {
    const std::string help = help_text(one_door());
    CHECK(help.starts_with("NAME         domain-paint: paint domains\n"));
    for (const char* part : {"READS        the files named\n", "WRITES       the ledger\n",
                             "AFTER CRASH  start it again\n", "--colour NAME", "--config FILE",
                             "--check", "\nEXIT CODES\n", "  78  "}) {
        CAPTURE(part);
        CHECK(contains(help, part));
    }
    CHECK_FALSE(contains(help, "--dry-run"));
    CHECK(contains(help_text(with_verbs()), "show THING"));
}

TEST_CASE("a manual without a heading is a bug") {
    ProgramManual manual = one_door();
    manual.text.erase(manual.text.find("AFTER CRASH"));
    CHECK_THROWS_AS(help_text(manual), std::logic_error);
}

TEST_CASE("no line of the help is wider than a terminal") {
    ProgramManual manual = one_door();
    manual.options.front().help = std::string(30, 'a');
    for (int i = 0; i < 40; ++i) manual.options.front().help += " settings";
    const std::string help = help_text(manual);
    std::size_t begin = 0;
    while (begin < help.size()) {
        const std::size_t end = help.find('\n', begin);
        CHECK(end - begin <= 80);
        begin = end + 1;
    }
}
