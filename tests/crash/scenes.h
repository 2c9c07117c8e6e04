// One scene for each kind of order, with all the follow-ups its order file can ask for. Each has a
// domain whose changes are Done at once and one whose every change is Pending first, as far as the
// sandbox has it. In the short form the slow one wants fewer settings: each takes a pass of its
// own.
#pragma once

#include "crash/scene.h"

namespace domspool::test {

// The environment has DOMSPOOL_LONG_TESTS.
bool is_long_form();

// Registrations with one new owner and a lock.
Scene plain_registrations(std::vector<std::string> domains = {"now-shop.com", "slow-shop.com",
                                                              "last-shop.com"});
// Owner and technical contact, zone template, DNSSEC, tag, note, privacy, renewal, lock.
Scene registrations_with_everything();
// The EPP code renewed for the reseller and for the owner; zone and DNSSEC here, a key there.
Scene transfers_with_everything();
// One person for two domains whose data of the extension differ: the second completes the contact.
Scene trades_with_everything();
Scene nameserver_changes_with_everything();
// A signed domain that is unsigned first. The settings name DNS servers: of a parent that has a DS
// of it with a TTL of a second, and of one that has none any more.
Scene unsigned_nameserver_change(const SettingChanges& with_ds, const SettingChanges& without_ds);

}  // namespace domspool::test
