<?php
// A small registrar of its own, served by PHP: what the real one is likely to be made of.
//   REGISTRAR_STATE=FILE php -S 127.0.0.1:PORT registrar.php
// Knows .com, where all is done at once but a change of owner, a transfer and what begins with
// "slow". Login AB123, password "sandbox". Beside SOAP calls (POST to a path that ends in /):
//   GET /state     what it holds, as JSON; GET /finish ends all operations well; GET /wsdl
// Traps of a server in PHP, after the effect of a domainCreate:
//   crash...  an error that nobody catches     exit...  the script ends without a word

declare(strict_types=1);

require __DIR__ . '/registrar_interface.php';

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('display_errors', '0');
ini_set('log_errors', '0');

const YEARLY_PRICE = '9.50';
const OWN_SERVERS = ['ns1.registrar.example', 'ns2.registrar.example'];

function refuse(string $code, string $text): never
{
    throw new SoapFault($code, "$code : $text");
}

final class Registrar
{
    public array $state = ['sessions' => [], 'contacts' => [], 'domains' => [], 'operations' => [],
        'calls' => []];

    public function __construct(private string $file)
    {
        if (is_file($file)) {
            $this->state = json_decode(file_get_contents($file), true);
        }
    }

    public function save(): void
    {
        file_put_contents("$this->file.new", json_encode($this->state, JSON_PRETTY_PRINT));
        rename("$this->file.new", $this->file);
    }

    public function finish(): void
    {
        foreach ($this->state['operations'] as $id => $operation) {
            if ($operation['STATUS'] === 'Pending') {
                $this->state['operations'][$id]['STATUS'] = 'Done';
                $this->apply($operation['target'], $operation['effect']);
            }
        }
        $this->save();
    }

    public function sessionOpen($account, $password, $language)
    {
        if ($account !== 'AB123' || $password !== 'sandbox') {
            refuse('E01-M0101', 'wrong login');
        }
        in_array($language, ['EN', 'FR'], true) || refuse('E10-M1001', 'language');
        $session = bin2hex(random_bytes(16));
        $this->state['sessions'][$session] = ['sync' => '1', 'syncDelay' => '', 'lang' => $language];
        return $session;
    }

    public function sessionClose($session)
    {
        $this->enter($session, 'sessionClose');
        unset($this->state['sessions'][$session]);
    }

    public function sessionSetPreference($session, $key, $value)
    {
        $this->enter($session, 'sessionSetPreference');
        in_array($key, ['lang', 'sync', 'syncDelay'], true) || refuse('E10-M1001', 'preference');
        $this->state['sessions'][$session][$key] = $value;
    }

    public function queryAllSessions($session)
    {
        $this->enter($session, 'queryAllSessions');
        $rows = [];
        foreach ($this->state['sessions'] as $id => $one) {
            $rows[] = ['IDSession' => $id, 'timeLogin' => time(), 'timeLastActivity' => time(),
                'lang' => $one['lang'], 'sync' => (int) $one['sync']];
        }
        return $rows;
    }

    public function queryResellerAccount($session)
    {
        $this->enter($session, 'queryResellerAccount');
        return ['BALANCE_AMOUNT' => '500.00', 'DEFAULT_ADMIN' => 'AB123', 'DEFAULT_TECH' => 'AB123',
            'DEFAULT_BILLING' => 'AB123', 'DEFAULT_DNS_1' => OWN_SERVERS[0],
            'DEFAULT_DNS_2' => OWN_SERVERS[1], 'DEFAULT_DNS_TEMPLATE' => ['1' => 'usual'],
            'PREMIUM_PROCESSING' => '1'];
    }

    public function contactCreate($session, $contact)
    {
        $this->enter($session, 'contactCreate');
        $fields = (array) $contact;
        foreach (['firstName', 'lastName', 'address1', 'country', 'phone', 'email'] as $name) {
            ($fields[$name] ?? '') !== '' || refuse('E11-M1101', "$name is missing");
        }
        in_array($fields['isOwner'], [0, 1], true) || refuse('E11-M1101', 'isOwner');
        $id = 'XY' . (count($this->state['contacts']) + 501);
        $this->state['contacts'][$id] = ['idContact' => $id] + $fields;
        return $id;
    }

    public function contactInfo($session, $id)
    {
        $this->enter($session, 'contactInfo');
        return $this->contact($id);
    }

    public function contactOwnerUpdate($session, $id, $contact)
    {
        $this->enter($session, 'contactOwnerUpdate');
        $this->owner($id);
        $this->state['contacts'][$id] = (array) $contact + $this->state['contacts'][$id];
        return $this->operation('contactOwnerUpdate', $id, [], 'Done');
    }

    public function queryContactList($session, $filter, $field)
    {
        $this->enter($session, 'queryContactList');
        return array_values(array_filter($this->state['contacts'],
            fn ($contact) => $filter === '' || ($contact[$field] ?? '') === $filter));
    }

    public function domainCreate($session, $name, $owner, $admin, $tech, $billing, $ns1, $ns2, $ns3,
        $ns4, $ns5, $years, $template = null)
    {
        $this->enter($session, 'domainCreate', $name);
        $this->extension($name);
        isset($this->state['domains'][$name]) && refuse('E13-M1306', 'not available');
        $contacts = $this->contacts($owner, $admin, $tech, $billing);
        is_int($years) && $years >= 1 && $years <= 10 || refuse('E13-M1307', 'duration');
        $servers = array_values(array_filter([$ns1, $ns2, $ns3, $ns4, $ns5])) ?: OWN_SERVERS;
        $this->state['domains'][$name] = $contacts + ['domain' => $name, 'status' => 'PENDING',
            'dateCreate' => gmdate('Y-m-d'),
            'dateExpiration' => gmdate('Y-m-d', time() + $years * 31557600), 'domainIsLock' => 0,
            'whoisPrivacy' => 0, 'autoRenew' => 0, 'ns' => $servers, 'IsSigned' => 0,
            'authID' => 'epp-' . bin2hex(random_bytes(4)), 'template' => $template,
            'HasDNS4Service' => (int) ($servers === OWN_SERVERS)];
        $answer = $this->operation('domainCreate', $name, ['status' => 'ACTIVE, DELEGATED']);
        if (str_starts_with($name, 'crash')) {
            $this->save();
            throw new Error('a defect of the server');
        }
        if (str_starts_with($name, 'exit')) {
            $this->save();
            exit;
        }
        return $answer;
    }

    public function domainTransferIn($session, $name, $code, $owner, $admin, $tech, $billing, $ns1,
        $ns2, $ns3, $ns4, $ns5)
    {
        $this->enter($session, 'domainTransferIn', $name);
        $this->extension($name);
        $code !== '' || refuse('E10-M1001', 'authID');
        $contacts = $this->contacts($owner, $admin, $tech, $billing);
        $this->state['domains'][$name] = $contacts + ['domain' => $name, 'status' => 'PENDING',
            'domainIsLock' => 0, 'whoisPrivacy' => 0, 'autoRenew' => 0, 'authID' => $code, 'IsSigned' => 0,
            'ns' => array_values(array_filter([$ns1, $ns2, $ns3, $ns4, $ns5]))];
        return $this->operation('domainTransferIn', $name, ['status' => 'ACTIVE, DELEGATED'],
            'Pending');
    }

    public function domainTransferOwner($session, $name, $owner)
    {
        $this->enter($session, 'domainTransferOwner', $name);
        $this->own($name);
        $this->owner($owner);
        return $this->operation('domainTransferOwner', $name, ['idOwner' => $owner], 'Pending');
    }

    public function domainChangeDNS($session, $name, $ns1, $ns2, $ns3, $ns4, $ns5)
    {
        $this->enter($session, 'domainChangeDNS', $name);
        $this->own($name);
        $servers = array_values(array_filter([$ns1, $ns2, $ns3, $ns4, $ns5]));
        count($servers) >= 2 || refuse('E13-M1308', 'name servers');
        return $this->operation('domainChangeDNS', $name, ['ns' => $servers, 'HasDNS4Service' => 0]);
    }

    public function domainAuthID($session, $name, $toRegistrant)
    {
        $this->enter($session, 'domainAuthID', $name);
        $this->own($name);
        in_array($toRegistrant, [0, 1], true) || refuse('E10-M1001', 'sendtoregistrant');
        return $this->operation('domainAuthid', $name, ['authID' => 'epp-' . bin2hex(random_bytes(4))]);
    }

    public function domainZoneInit($session, $name, $template)
    {
        $this->enter($session, 'domainZoneInit', $name);
        $this->own($name);
        is_int($template) || refuse('E10-M1001', 'numTemplate');
        return $this->operation('domainZoneInit', $name, ['template' => $template]);
    }

    public function queryZoneList($session, $name)
    {
        $this->enter($session, 'queryZoneList', $name);
        $template = $this->own($name)['template'] ?? null;
        return $template === null
            ? []
            : [['subdomain' => '@', 'type' => 'A', 'value' => "192.0.2.$template"]];
    }

    public function domainSetDNSsec($session, $name, $signed)
    {
        $this->enter($session, 'domainSetDNSsec', $name);
        $this->own($name);
        in_array($signed, [0, 1], true) || refuse('E10-M1001', 'value');
        return $this->operation('domainSetDNSSEC', $name,
            ['IsSigned' => $signed, 'DNSSEC' => ['algo' => '13']]);
    }

    public function domainSetDNSSecExt($session, $name, $records, $flags, $protocol, $algorithm, $key)
    {
        $this->enter($session, 'domainSetDNSSecExt', $name);
        $this->own($name);
        $all = array_map(fn ($record) => "$record->key $record->type $record->digest", $records);
        return $this->operation('domainSetDNSSECExt', $name, ['IsSigned' => 1, 'DNSSEC' => [
            'algo' => "$algorithm", 'DSRecords' => implode(';', $all), 'key' => "$flags $protocol $key"]]);
    }

    public function domainSetPreference($session, $name, $code, $value)
    {
        $this->enter($session, 'domainSetPreference', $name);
        $this->own($name);
        $fields = ['registrar_lock' => 'domainIsLock', 'whois_privacy' => 'whoisPrivacy',
            'auto_renew' => 'autoRenew'];
        isset($fields[$code]) && in_array($value, ['0', '1'], true) || refuse('E10-M1001', 'preference');
        return $this->operation("domainSetPreference.$code", $name, [$fields[$code] => (int) $value]);
    }

    public function domainInfo($session, $name)
    {
        $this->enter($session, 'domainInfo', $name);
        return $this->own($name);
    }

    public function queryDomainList($session, $filter)
    {
        $this->enter($session, 'queryDomainList');
        return array_values(array_filter($this->state['domains'],
            fn ($domain) => $filter === '' || fnmatch($filter, $domain['domain'])));
    }

    public function domainTldInfo($session, $extension)
    {
        $this->enter($session, 'domainTldInfo');
        strtolower($extension) === 'com' || refuse('E13-M1305', 'extension');
        return ['Tld' => 'com', 'Country' => '', 'PeriodCreate' => '1-10', 'PeriodRenew' => '1-10',
            'HasEppCode' => 1, 'HasRegistrarLock' => 1, 'HasAutorenew' => 1, 'HasWhoisPrivacy' => 1,
            'HasMultipleCheck' => 1,
            'HasImmediateDelete' => 1, 'HasTrusteeService' => 0, 'HasLocalContactService' => 0,
            'HasZonecheck' => 0, 'HasDnsSec' => 1] + $this->fees();
    }

    public function queryDomainPrice($session, $name, $code = '')
    {
        $this->enter($session, 'queryDomainPrice', $name);
        $this->extension($name);
        return $this->fees() + ['IsPremium' => 0];
    }

    public function queryOpeList($session, $extension)
    {
        $this->enter($session, 'queryOpeList');
        strtolower($extension) === 'com' || refuse('E13-M1305', 'extension');
        preg_match_all('/(\S+):int/', STRUCTS['StructQueryOpeList'], $names);
        return array_fill_keys($names[1], 1);
    }

    public function queryOpe($session, $id)
    {
        $this->enter($session, 'queryOpe');
        return $this->state['operations'][$id] ?? refuse('E12-M1211', 'operation unknown');
    }

    public function queryOpePending($session)
    {
        $this->enter($session, 'queryOpePending');
        $rows = [];
        foreach ($this->state['operations'] as $id => $operation) {
            if ($operation['STATUS'] === 'Pending') {
                $rows[] = ['id_ope' => (string) $id, 'code_ope' => $operation['TYPE'],
                    'data_ope' => $operation['target'], 'date_ope' => $operation['DATE']];
            }
        }
        return $rows;
    }

    public function cancelOpe($session, $id)
    {
        $this->enter($session, 'cancelOpe');
        $status = $this->state['operations'][$id]['STATUS'] ?? '';
        $status === 'Pending' || refuse('E12-M1212', 'not pending');
        $this->state['operations'][$id]['STATUS'] = 'Cancelled';
    }

    private function enter($session, string $function, $target = ''): void
    {
        isset($this->state['sessions'][$session]) || refuse('E02-M0201', 'session unknown');
        $this->state['calls'][] = trim("$function $target");
    }

    private function extension($name): void
    {
        preg_match('/^[a-z0-9-]+\.com$/', (string) $name) || refuse('E13-M1305', 'domain name');
    }

    private function own($name): array
    {
        return $this->state['domains'][$name] ?? refuse('E15-M1502', 'not under your management');
    }

    private function contact($id): array
    {
        return $this->state['contacts'][$id] ?? refuse('E11-M1102', 'contact unknown');
    }

    private function owner($id): void
    {
        $this->contact($id)['isOwner'] === 1 || refuse('E11-M1103', 'no owner');
    }

    private function contacts($owner, $admin, $tech, $billing): array
    {
        $owner === '#AUTO#' || $this->owner($owner);
        foreach ([$admin, $tech, $billing] as $id) {
            $id === 'AB123' || $this->contact($id)['isOwner'] === 0 || refuse('E11-M1103', 'an owner');
        }
        return ['idOwner' => $owner, 'idAdmin' => $admin, 'idTech' => $tech, 'idBilling' => $billing];
    }

    private function fees(): array
    {
        return ['FeeCurrency' => 'EUR', 'Fee4Registration' => YEARLY_PRICE,
            'Fee4Renewal' => YEARLY_PRICE, 'Fee4Transfer' => YEARLY_PRICE,
            'Fee4Trade' => '0.00', 'Fee4Restore' => '80.00',
            'Fee4TrusteeService' => '0.00', 'Fee4LocalContactService' => '0.00'];
    }

    private function operation(string $code, string $target, array $effect, ?string $status = null): array
    {
        $status ??= str_starts_with($target, 'slow') && $code === 'domainCreate' ? 'Pending' : 'Done';
        $id = count($this->state['operations']) + 7001;
        $this->state['operations'][$id] = ['ID_OPE' => $id, 'STATUS' => $status, 'MESSAGE' => '',
            'TYPE' => $code, 'DATE' => gmdate('Y-m-d H:i:s'), 'target' => $target, 'effect' => $effect];
        if ($status === 'Done') {
            $this->apply($target, $effect);
        }
        return $this->state['operations'][$id];
    }

    private function apply(string $target, array $effect): void
    {
        if ($effect !== []) {
            $this->state['domains'][$target] = $effect + $this->state['domains'][$target];
        }
    }
}

$file = getenv('REGISTRAR_STATE') ?: exit('REGISTRAR_STATE is not set');
$registrar = new Registrar($file);
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/state') {
    header('Content-Type: application/json');
    echo json_encode($registrar->state);
} elseif ($path === '/finish') {
    $registrar->finish();
    echo "ok\n";
} elseif ($path === '/wsdl') {
    header('Content-Type: text/xml');
    echo wsdl("http://$_SERVER[HTTP_HOST]/2.0/");
} elseif ($_SERVER['REQUEST_METHOD'] === 'POST' && str_ends_with($path, '/')) {
    if (!is_file("$file.wsdl")) {
        file_put_contents("$file.wsdl", wsdl("http://$_SERVER[HTTP_HOST]/2.0/"));
    }
    $server = new SoapServer("$file.wsdl");
    $server->setObject($registrar);
    $server->handle();
    $registrar->save();
} else {
    http_response_code(404);
}
