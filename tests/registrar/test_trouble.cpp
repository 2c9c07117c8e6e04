#include "registrar/trouble.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;
using namespace domspool::netim;

TEST_CASE("the codes that are known to refuse, and none of their families") {
    for (const char* code : {"E01-M0101", "E12-M1204", "E13-M1305", "E15-M1502"}) {
        CAPTURE(code);
        CHECK(is_proof_of_refusal(code));
    }
    for (const char* code :
         {"E01", "E01-M0102", "E02", "E02-M0201", "E12", "E12-M1205", "E13", "E15", "E15-M1501",
          "E99-M9999", "SOAP-ENV:Client", "Client", "SOAP-ENV:Server", ""}) {
        CAPTURE(code);
        CHECK_FALSE(is_proof_of_refusal(code));
    }
}

TEST_CASE("a function that is not there is told in any quotes") {
    for (const char* text :
         {"Procedure 'domainCreate' not present", "Procedure \"domainCreate\" not present",
          "Procedure `domainCreate` not present",
          "Procedure \xE2\x80\x98"
          "domainCreate\xE2\x80\x99 not present",
          "Procedure &apos;domainCreate&apos; not present",
          "Procedure &#039;domainCreate&#039; not present", "Procedure domainCreate not present",
          "SoapServer::handle(): Procedure 'domaincreate' not present in table",
          "Function (\"domainCreate\") is not a valid method for this service",
          "Function (domainCreate) is not a valid method for this service"}) {
        CAPTURE(text);
        CHECK(says_no_such_function({"SOAP-ENV:Server", text, ""}, "domainCreate"));
    }
}

TEST_CASE("a fault about another function, or about nothing of the kind, proves nothing") {
    for (const char* text :
         {"Procedure 'registryCreate' not present", "Procedure '' not present",
          "Procedure domainCreate", "not present", "not present: Procedure 'domainCreate'",
          "Internal Server Error", ""}) {
        CAPTURE(text);
        CHECK_FALSE(says_no_such_function({"SOAP-ENV:Server", text, ""}, "domainCreate"));
    }
}

TEST_CASE("what the registrar's words speak of, in its two languages") {
    const struct {
        const char* text;
        Reach reach;
        Length length;
    } kCases[] = {
        {"E16-M1601 : insufficient balance", Reach::account, Length::until_someone_acts},
        {"E16-M1601 : Solde insuffisant", Reach::account, Length::until_someone_acts},
        {"E16-M1601 : Crédit insuffisant pour cette opération", Reach::account,
         Length::until_someone_acts},
        {"E03-M0301 : daily quota reached", Reach::account, Length::until_someone_acts},
        {"E03-M0302 : Invalid reseller status", Reach::account, Length::until_someone_acts},
        {"E03-M0301 : Compte suspendu", Reach::account, Length::until_someone_acts},
        {"E90-M9000 : Service en maintenance", Reach::account, Length::moment},
        {"E90-M9000 : the service is not available", Reach::account, Length::moment},
        {"E90-M9000 : Registry temporarily unavailable", Reach::order, Length::moment},
        {"E90-M9000 : Registre temporairement indisponible", Reach::order, Length::moment},
        {"E01-M0110 : too many open sessions", Reach::account, Length::moment},
        {"E01-M0110 : Trop de sessions ouvertes", Reach::account, Length::moment},
        {"Domain name is not available", Reach::order, Length::for_good},
        {"Nom de domaine non disponible", Reach::order, Length::for_good},
        {"Le domaine est déjà enregistré", Reach::order, Length::for_good},
        {"Wrong authID", Reach::order, Length::until_someone_acts},
        {"Code d'autorisation faux", Reach::order, Length::until_someone_acts},
        {"clientTransferProhibited", Reach::order, Length::until_someone_acts},
        {"Missing field: idNumber", Reach::order, Length::until_someone_acts},
        {"Champ obligatoire manquant", Reach::order, Length::until_someone_acts},
    };
    for (const auto& [text, reach, length] : kCases) {
        CAPTURE(std::string(text));
        for (const Outcome& outcome :
             {Outcome(Refused{"Failed", text, {}}), Outcome(Unproven{"E77-M7777", text})}) {
            const Trouble trouble = trouble_of(outcome);
            CHECK(trouble.is_known);
            CHECK(trouble.reach == reach);
            CHECK(trouble.length == length);
        }
    }
}

TEST_CASE("a code goes before words, and what nobody knows is told as such") {
    const Trouble closed = trouble_of(Unproven{"E12-M1204", "domain not available"});
    CHECK(closed.reach == Reach::extension);
    CHECK(closed.length == Length::until_someone_acts);
    // What ran out of time may have been executed.
    for (const char* text : {"registry timeout", "timed out", "", "Failed", "Error 17",
                             "Erreur interne", "object exists"}) {
        CAPTURE(text);
        CHECK_FALSE(trouble_of(Refused{"E99-M9999", text, {}}).is_known);
    }
    // Words prove nothing.
    CHECK_FALSE(is_proof_of_refusal("E16-M1601"));
}

TEST_CASE("the name an order is about is none of the registrar's words") {
    for (const char* name : {"taken-timeout.com", "quota.com", "maintenance.example", "authcode.fr",
                             "momentan.de", "essayez-plus-tard.fr", "too-many-sessions.com"}) {
        CAPTURE(std::string(name));
        const Trouble taken =
            trouble_of(Refused{"Failed", "domain not available: " + std::string(name), {}});
        CHECK(taken.reach == Reach::order);
        CHECK(taken.length == Length::for_good);
        CHECK_FALSE(
            trouble_of(Refused{"Failed", "Error 17 (" + std::string(name) + ")", {}}).is_known);
    }
    CHECK(trouble_of(Refused{"Failed", "The registry is temporarily unavailable.", {}}).length ==
          Length::moment);
}

TEST_CASE("what comes over the line has its marks, too") {
    using Why = TryLater::Why;
    CHECK(trouble_of(TryLater{Why::unreachable, "", ""}).reach == Reach::run);
    CHECK(trouble_of(TryLater{Why::login_refused, "", ""}).length == Length::until_someone_acts);
    CHECK(trouble_of(InDoubt{"no reply"}).reach == Reach::order);
    CHECK(trouble_of(InDoubt{"HTTP 429", true}).reach == Reach::account);
    using Failed = QueryFailure::Why;
    CHECK(trouble_of(QueryFailure(Failed::unreadable, "", "")).reach == Reach::question);
    CHECK(trouble_of(QueryFailure(Failed::unreachable, "", "")).reach == Reach::run);
}
