// Whether the registrar can be worked with: asked in the order in which things can fail. Asks only;
// nothing is changed at the registrar.
#pragma once

#include "orders/money.h"
#include "registrar/netim_account.h"
#include "registrar/registrar.h"
#include "report/terminal/finding.h"
#include "util/clock.h"
#include "util/http_exchange.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct DoctorSettings {
    std::string host;
    bool is_secure = true;  // https
    bool is_loopback = false;
    std::string reseller_id;
    NetimSettings::Parameters parameters = NetimSettings::Parameters::position;
    Money balance_floor{0, "EUR"};
    Money max_price{0, "EUR"};  // of one order
};

// What the registrar's server shows to anybody. HttpFailure.
struct ServiceDoor {
    std::function<std::vector<std::string>()> addresses;
    std::function<HttpReply()> description;  // GET of the WSDL
    std::function<std::optional<UtcTime>()> certificate_end;
};

ServiceDoor door_of(const std::string& address, const std::string& ca_file);

struct DoctorParts {
    ServiceDoor door;
    // Called once the server answers: it may read the password. What it throws comes through.
    std::function<RegistrarQueries&()> queries;
    std::function<UtcTime()> now;
    std::function<void(const Finding&)> tell;  // as they are found
};

// Where one thing is wrong, what depends on it is not asked: a refused login is tried once. Whether
// we were let in.
bool check_registrar(const DoctorSettings& settings, const DoctorParts& parts);

}  // namespace domspool
