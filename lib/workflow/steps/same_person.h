// Whether a contact at the registrar still is the person it was made for.
#pragma once

#include "orders/contact.h"

#include <string>

namespace domspool {

// The names of the fields that are shown with another value than they were sent with: "city,
// phone";
// "" where there are none. Letter case, blanks and punctuation are the registrar's to choose, and a
// field that is not shown says nothing. Data bound to a domain is not the person's.
std::string changed_fields(const ContactData& sent, const ContactData& shown);

// Whether a contact that was not made here, or not known to be, shows the whole person: each field
// that was given, spelled as above. Of additional data what is not shown says nothing here, too.
bool is_whole_person(const ContactData& given, const ContactData& shown);

}  // namespace domspool
