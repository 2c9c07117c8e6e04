<?php
// PHP's own client, without a WSDL, so that its parameters are called param0, param1 ...: what
// registrar.php makes of calls that bind by nothing but position.
//   php by_position.php http://127.0.0.1:PORT

declare(strict_types=1);

require __DIR__ . '/checks.php';

$base = $argv[1];
$soap = new SoapClient(null, ['location' => "$base/2.0/", 'uri' => 'urn:DRS', 'trace' => true,
    'keep_alive' => false]);
$call = fn (string $function, mixed ...$arguments) => $soap->__soapCall($function, $arguments);

$id = $call('sessionOpen', 'AB123', 'sandbox', 'EN');
same('the names say nothing', 1,
    preg_match('/<param0[ >].*<param1[ >].*<param2[ >]/s', $soap->__getLastRequest()));
$additional = ['KEY' => 'v', 'BOUND' => ['a.com' => 'P1']];
$owner = $call('contactCreate', $id, contact(1, ['additional' => $additional]));
$shown = $call('contactInfo', $id, $owner);
same('a contact by position', ['Zoë', 1, $additional],
    [$shown->firstName, $shown->isOwner, $shown->additional]);
$order = fn (string $domain, int $years = 1) => $call('domainCreate', $id, $domain, $owner, 'AB123',
    'AB123', 'AB123', '', '', '', '', '', $years);
$done = $order('first.com', 2);
same('a registration by position', ['Done', 7001], [$done->STATUS, $done->ID_OPE]);
same('its servers', ['ns1.registrar.example', 'ns2.registrar.example'],
    $call('domainInfo', $id, 'first.com')->ns);
refused('more parameters than parts', 'SOAP-ENV:Client',
    fn () => $call('domainInfo', $id, 'first.com', 'more'));

// One right name, and all that are not right are null: why neutral names must be neutral.
refused('a mix of names', 'E02-M0201', fn () => $soap->__soapCall('domainInfo',
    [new SoapParam($id, 'session'), new SoapParam('first.com', 'nom')]));

// The traps: the effect is there, whatever the answer looks like.
refused('an order at which the server crashes', 'SOAP-ENV:Server', fn () => $order('crash.com'));
same('has status 500', 1, preg_match('~^HTTP/1\.\d 500 ~', $soap->__getLastResponseHeaders()));
same('and was executed', 'ACTIVE, DELEGATED', $call('domainInfo', $id, 'crash.com')->status);
same('an order at which the script ends is answered by nothing', null, $order('exit.com'));
same('with status 200', 1, preg_match('~^HTTP/1\.\d 200 ~', $soap->__getLastResponseHeaders()));
same('and was executed', 'ACTIVE, DELEGATED', $call('domainInfo', $id, 'exit.com')->status);

refused('a domain of others', 'E15-M1502', fn () => $call('domainInfo', $id, 'elsewhere.com'));
$call('sessionClose', $id);
refused('a closed session', 'E02-M0201', fn () => $call('queryOpePending', $id));
echo "done\n";
