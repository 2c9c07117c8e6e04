#include "orders/phone_numbers.h"

#include "orders/order_values.h"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <cstdint>

namespace domspool::phone_numbers {

namespace {

namespace library = i18n::phonenumbers;
using library::PhoneNumberUtil;

// The library would print what it cannot read to standard output.
PhoneNumberUtil* made_quiet() {
    PhoneNumberUtil* util = PhoneNumberUtil::GetInstance();
    util->SetLogger(new library::NullLogger);  // The library owns it.
    return util;
}

PhoneNumberUtil& quiet_library() {
    static PhoneNumberUtil* const util = made_quiet();
    return *util;
}

// With its digits exactly as they are sent: the library's own reading takes prefixes off.
library::PhoneNumber number_as_sent(int code, const std::string& national) {
    const auto zeros =
        std::min(national.find_first_not_of('0'), national.size() - 1);  // Of "000" the last stays.
    library::PhoneNumber number;
    number.set_country_code(code);
    number.set_national_number(std::stoull(national));
    if (zeros > 0) {
        number.set_italian_leading_zero(true);
        number.set_number_of_leading_zeros(static_cast<std::int32_t>(zeros));
    }
    return number;
}

// The digits behind the country code where one is left out from abroad: "0123456789" in France.
bool has_inland_zero(const std::string& phone, const std::string& national) {
    if (!national.starts_with('0')) return false;
    library::PhoneNumber read;
    const bool is_read =
        quiet_library().Parse(phone, "ZZ", &read) == PhoneNumberUtil::NO_PARSING_ERROR;
    std::string significant;
    if (is_read) quiet_library().GetNationalSignificantNumber(read, &significant);
    return is_read && significant == national.substr(1);
}

}  // namespace

std::string reason_against(const std::string& phone) {
    const std::size_t blank = phone.find(' ');
    const std::string code = phone.substr(0, blank), national = phone.substr(blank + 1);
    if (has_inland_zero(phone, national)) {
        return "has the 0 of numbers dialled inside the country; is '" + code + " " +
               national.substr(1) + "' meant?";
    }
    const auto country = order_values::number_of(code.substr(1));
    switch (quiet_library().IsPossibleNumberWithReason(number_as_sent(*country, national))) {
        case PhoneNumberUtil::IS_POSSIBLE:
        case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
            return "";
        case PhoneNumberUtil::INVALID_COUNTRY_CODE:
            return "begins with " + code + ", which is no country's code";
        case PhoneNumberUtil::TOO_SHORT:
            return "has too few digits for a number of " + code;
        case PhoneNumberUtil::TOO_LONG:
            return "has too many digits for a number of " + code;
        case PhoneNumberUtil::INVALID_LENGTH:
            return "has a number of digits that no number of " + code + " has";
    }
    return "";
}

}  // namespace domspool::phone_numbers
