#include "orders/country_codes.h"

#include <algorithm>
#include <array>

namespace domspool::country_codes {

namespace {

// Codes with a blank after each.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW ";

struct Areas {
    std::string_view country;
    std::string_view areas;
};

constexpr std::array<Areas, 10> kAreas = {{
    {"AU", "ACT NSW NT QLD SA TAS VIC WA "},
    {"BR", "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO "},
    {"CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT "},
    {"ES",
     "A AB AL AN AR AS AV B BA BI BU C CA CB CC CE CL CM CN CO CR CS CT CU EX GA GC GI GR GU H HU "
     "IB J L LE LO LU M MA MC MD ML MU NA NC O OR P PM PO PV RI S SA SE SG SO SS T TE TF TO V VA "
     "VC VI Z ZA "},
    {"GB", ""},
    {"IE", "C CE CN CO CW D DL G KE KK KY L LD LH LK LM LS M MH MN MO OY RN SO TA U WD WH WW WX "},
    {"IT",
     "21 23 25 32 34 36 42 45 52 55 57 62 65 67 72 75 77 78 82 88 AG AL AN AP AQ AR AT AV BA BG BI "
     "BL BN BO BR BS BT BZ CA CB CE CH CL CN CO CR CS CT CZ EN FC FE FG FI FM FR GE GO GR IM IS KR "
     "LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA PC PD PE PG PI PN PO PR PT PU PV PZ "
     "RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR "
     "VT VV "},
    {"JP",
     "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 "
     "32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 "},
    {"MX",
     "AGU BCN BCS CAM CHH CHP CMX COA COL DUR GRO GUA HID JAL MEX MIC MOR NAY NLE OAX PUE QUE ROO "
     "SIN SLP SON TAB TAM TLA VER YUC ZAC "},
    {"US",
     "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC "
     "ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV WY "},
}};

// Calling codes of two digits; 1 and 7 have one, all others three (ITU-T E.164).
constexpr std::string_view kTwoDigitCallingCodes =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
    "65 66 81 82 84 86 90 91 92 93 94 95 98 ";

bool is_listed(std::string_view list, std::string_view code) {
    while (!list.empty()) {
        const std::size_t length = list.find(' ');
        if (list.substr(0, length) == code) return true;
        list.remove_prefix(length + 1);
    }
    return false;
}

}  // namespace

bool is_country(std::string_view code) {
    return is_listed(kCountries, code);
}

bool wants_area(std::string_view country) {
    return std::any_of(kAreas.begin(), kAreas.end(),
                       [&](const Areas& entry) { return entry.country == country; });
}

std::string_view countries_with_area() {
    return "AU, BR, CA, ES, GB, IE, IT, JP, MX and US";
}

bool is_area(std::string_view country, std::string_view area) {
    if (country == "GB") {
        return area.size() == 3 &&
               std::all_of(area.begin(), area.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    }
    return std::any_of(kAreas.begin(), kAreas.end(), [&](const Areas& entry) {
        return entry.country == country && is_listed(entry.areas, area);
    });
}

std::size_t calling_code_length(std::string_view digits) {
    if (digits.size() < 3 || digits.front() == '0') return 0;
    if (digits.front() == '1' || digits.front() == '7') return 1;
    return is_listed(kTwoDigitCallingCodes, digits.substr(0, 2)) ? 2 : 3;
}

}  // namespace domspool::country_codes
