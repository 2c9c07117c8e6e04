<?php
// The five use cases of the registrar's tutorial, by PHP's SoapClient through the sandbox's WSDL.
// The parts are sent by the names the WSDL gives them.
//   php client.php http://127.0.0.1:PORT

declare(strict_types=1);

require __DIR__ . '/checks.php';

$base = $argv[1];

function control(string $commands): string
{
    global $base;
    $context = stream_context_create(['http' => ['method' => 'POST', 'content' => $commands,
        'header' => 'Content-Type: text/plain']]);
    return trim(file_get_contents("$base/sandbox/control", false, $context));
}

$soap = new SoapClient("$base/2.0/api.wsdl", ['trace' => true, 'keep_alive' => true]);

// Sessions.
refused('a wrong password', 'E01-M0101', fn () => $soap->sessionOpen('AB123', 'wrong', 'EN'));
$id = $soap->sessionOpen('ab123', 'sandbox', 'EN');
same('a session id has 32 signs', 1, preg_match('/^[0-9a-f]{32}$/', $id));
same('the call carries the part names', 1,
    preg_match('/<idReseller[^>]*>.*<password[^>]*>.*<language/s', $soap->__getLastRequest()));
same('a preference answers nothing', null, $soap->sessionSetPreference($id, 'syncDelay', '25'));
same('the session is described', ['EN', 1],
    (fn ($info) => [$info->lang, $info->sync])($soap->sessionInfo($id)));
same('all sessions are a list', [$id],
    array_map(fn ($info) => $info->IDSession, $soap->queryAllSessions($id)));
$old = $soap->login('AB123', 'sandbox', 'FR', 'TEST=1,PLUGIN=2');
same('the other session is closed', null, $soap->sessionClose($old));
refused('a closed session', 'E02-M0201', fn () => $soap->hello($old));

// The account.
$account = $soap->queryResellerAccount($id);
same('the balance', '10000.00', $account->BALANCE_AMOUNT);
same('the default server', 'ns1.sandbox.example', $account->DEFAULT_DNS_1);
same('templates are a map', 'template 3', $account->DEFAULT_DNS_TEMPLATE['3']);
same('a flag is a number', 0, $account->DOMAIN_AUTO_RENEW);
$prices = array_column(array_map(fn ($row) => (array) $row, $soap->domainPriceList($id)),
    'Fee4Registration', 'tld');
same('the price list', '9.50', $prices['com']);

// Register: what must be known, contacts, the order, settings.
$tld = $soap->domainTldInfo($id, 'US');
same('an extension is described', ['1-10', 1, 'EUR', '11.90'],
    [$tld->PeriodCreate, $tld->HasEppCode, $tld->FeeCurrency, $tld->Fee4Registration]);
$flags = (array) $soap->queryOpeList($id, 'ES');
same('open and closed operations', [1, 0], [$flags['domainCreate'], $flags['domainTransferOwner']]);
$check = $soap->domainCheck($id, 'first.com;taken.com');
same('availability', [['first.com', 'AVAILABLE', ''], ['taken.com', 'NOT AVAILABLE', '']],
    array_map(fn ($row) => [$row->domain, $row->result, $row->reason], $check));
$price = $soap->queryDomainPrice($id, 'premium-tea.shop', '');
same('a premium price', ['1093.00', 1], [$price->Fee4Registration, $price->IsPremium]);

$additional = ['US_CATEGORY' => 'C11', 'US_APP_PURPOSE' => ['first.us' => 'P1', 'other.us' => 'P3'],
    'AERO_AUTHID' => 'ens-id', 'AERO_AUTHKEY' => 'ens & key'];
$owner = $soap->contactCreate($id, contact(1, ['additional' => $additional]));
same('a contact id', 1, preg_match('/^ZO\d+$/', $owner));
$other = $soap->contactCreate($id, (object) contact(0, ['lastName' => 'Tech']));
refused('a contact with a sign that is not accepted', 'E11-M1101',
    fn () => $soap->contactCreate($id, contact(1, ['city' => 'Paris (1)'])));
$shown = $soap->contactInfo($id, $owner);
same('letters survive', ['Zoë', "O'Brien-Łuk", '1, rue & co'],
    [$shown->firstName, $shown->lastName, $shown->address1]);
same('nested maps survive', [$additional['US_APP_PURPOSE'], 'ens & key'],
    [$shown->additional['US_APP_PURPOSE'], $shown->additional['AERO_AUTHKEY']]);
same('an owner is one', 1, $shown->isOwner);
$rows = $soap->queryContactList($id, 'Tech', 'lastName');
same('contacts are found', [[$other, 0]],
    array_map(fn ($row) => [$row->idContact, $row->isOwner], $rows));

$order = fn (string $domain, int $years, mixed $template = null, string $ns1 = '', string $ns2 = '') =>
    $soap->domainCreate($id, $domain, $owner, $other, 'AB123', 'AB123', $ns1, $ns2, '', '', '',
        $years, $template);
$done = $order('first.us', 2, 4);
same('a registration in real time', ['Done', 'domainCreate', ''],
    [$done->STATUS, $done->TYPE, $done->MESSAGE]);
same('its number is a number', true, is_int($done->ID_OPE));
same('its date', 1, preg_match('/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/', $done->DATE));
same('the template gave the zone', '192.0.2.4', $soap->queryZoneList($id, 'first.us')[0]->value);
$later = $order('first.aero', 1);
same('a registration that takes its time', 'Pending', $later->STATUS);
same('queryOpe tells its end', 'Done', $soap->queryOpe($id, $later->ID_OPE)->STATUS);
same('one that goes wrong', 'Failed', $order('failnow.com', 1)->STATUS);
refused('a wrong number of years', 'E13-M1307', fn () => $order('first.it', 2));
refused('an owner as admin', 'E11-M1103', fn () => $soap->domainCreate($id, 'a.com', $owner, $owner,
    'AB123', 'AB123', '', '', '', '', '', 1, null));
same('signed', 'Done', $soap->domainSetDNSsec($id, 'first.us', 1)->STATUS);
foreach (['registrar_lock', 'auto_renew'] as $code) {
    same("$code set", 'Done', $soap->domainSetPreference($id, 'first.us', $code, '1')->STATUS);
}
refused('a service the extension lacks', 'E12-M1204',
    fn () => $soap->domainSetPreference($id, 'first.us', 'whois_privacy', '1'));
$info = $soap->domainInfo($id, 'first.us');
same('the domain shows it', ['ACTIVE, DELEGATED', 1, 0, 1, 1, $owner, $other, 'AB123'],
    [$info->status, $info->domainIsLock, $info->whoisPrivacy, $info->autoRenew, $info->IsSigned,
        $info->idOwner, $info->idAdmin, $info->idBilling]);
same('its servers are a list', ['ns1.sandbox.example', 'ns2.sandbox.example'], $info->ns);
same('its keys are a map', '13', $info->DNSSEC['algo']);

same('another contact is changed', 'Done',
    $soap->contactUpdate($id, $other, contact(0, ['lastName' => 'Tech', 'city' => 'Nice']))->STATUS);
refused('a contact in use', 'E11-M1105', fn () => $soap->contactDelete($id, $other));
same('one that is not', 'Done', $soap->contactDelete($id, $soap->contactCreate($id, contact(0)))->STATUS);

// Transfer.
same('a domain elsewhere', 'ok', control('add-domain moving.com outside authID=code-1'));
$transfer = fn (string $code) => $soap->domainTransferIn($id, 'moving.com', $code, $owner, $other,
    $other, $other, 'ns1.sandbox.example', 'ns2.sandbox.example', '', '', '');
$wrong = $transfer('code-2');
same('a transfer is never immediate', 'Pending', $wrong->STATUS);
$ended = $soap->queryOpe($id, $wrong->ID_OPE);
same('a wrong code fails later', ['Failed', 'invalid authorization code'],
    [$ended->STATUS, $ended->MESSAGE]);
same('the right one', 'Done', $soap->queryOpe($id, $transfer('code-1')->ID_OPE)->STATUS);
$before = $soap->domainInfo($id, 'moving.com')->authID;
same('a new code', 'Done', $soap->domainAuthID($id, 'moving.com', 0)->STATUS);
same('the code has changed', false, $before === $soap->domainInfo($id, 'moving.com')->authID);
same('a zone from a template', 'Done', $soap->domainZoneInit($id, 'moving.com', 2)->STATUS);
$automatic = $soap->domainTransferIn($id, 'in.de', 'c', '#AUTO#', 'AB123', 'AB123', 'AB123',
    'a.example.net', 'b.example.net', '', '', '');
same('#AUTO# where the registry knows the owner', 'Pending', $automatic->STATUS);

// Change of owner.
$next = $soap->contactCreate($id, contact(1, ['firstName' => 'Nils', 'lastName' => 'Next']));
$trade = $soap->domainTransferOwner($id, 'moving.com', $next);
same('a change of owner is never immediate', 'Pending', $trade->STATUS);
same('its end', 'Done', $soap->queryOpe($id, $trade->ID_OPE)->STATUS);
same('the new owner', $next, $soap->domainInfo($id, 'moving.com')->idOwner);
$identity = array_flip(['firstName', 'lastName', 'bodyForm', 'bodyName']);
$update = $soap->contactOwnerUpdate($id, $next,
    array_diff_key(contact(1, ['city' => 'Lyon']), $identity));
same('an owner is updated', 'Done', $update->STATUS);
$shown = $soap->contactInfo($id, $next);
same('only what may change', ['Nils', 'Lyon'], [$shown->firstName, $shown->city]);

// Name servers.
$servers = ['a.example.net', 'b.example.net'];
same('other servers', 'Done',
    $soap->domainChangeDNS($id, 'moving.com', ...$servers, ...['', '', ''])->STATUS);
same('are shown', $servers, $soap->domainInfo($id, 'moving.com')->ns);
$records = [['key' => 12345, 'type' => 2, 'digest' => 'AB12'],
    ['key' => 12345, 'type' => 4, 'digest' => 'CD34']];
same('signed elsewhere', 'Done',
    $soap->domainSetDNSSecExt($id, 'moving.com', $records, 257, 3, 13, 'c2FuZGJveA==')->STATUS);
same('both records came', '12345 2 AB12;12345 4 CD34',
    $soap->domainInfo($id, 'moving.com')->DNSSEC['DSRecords']);

// Pending requests.
same('hold', 'ok', control('hold on'));
$held = [$order('slow-1.com', 1)->ID_OPE, $order('slow-2.com', 1)->ID_OPE];
same('the list of what is pending',
    [[$held[0], 'domainCreate', 'slow-1.com'], [$held[1], 'domainCreate', 'slow-2.com']],
    array_map(fn ($row) => [$row->id_ope, $row->code_ope, $row->data_ope], $soap->queryOpePending($id)));
same('cancelled', null, $soap->cancelOpe($id, $held[0]));
same('and so it stays', 'Cancelled', $soap->queryOpe($id, $held[0])->STATUS);
same('finished by hand', 'ok', control("finish $held[1]"));
same('an empty list is a list', [], $soap->queryOpePending($id));
same('domains by wildcard', ['failnow.com', 'moving.com', 'slow-1.com', 'slow-2.com'],
    array_map(fn ($row) => $row->domain, $soap->queryDomainList($id, '*.com')));

// Faults.
refused('a domain of others', 'E15-M1502', fn () => $soap->domainInfo($id, 'elsewhere.com'));
refused('a fault without a code', 'SOAP-ENV:Server', function () use ($soap, $id) {
    control('misbehave hello:fault_without_code');
    $soap->hello($id);
});
try {
    $soap->domainInfo($id, 'elsewhere.com');
} catch (SoapFault $fault) {
    same('the text begins with the code', true, str_starts_with($fault->faultstring, 'E15-M1502 : '));
}
$soap->sessionClose($id);
echo "done\n";
