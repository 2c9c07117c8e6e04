<?php
// What the PHP scripts of this folder share: checks that end the script at the first that fails.

declare(strict_types=1);

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('display_errors', 'stderr');
set_error_handler(function (int $kind, string $message, string $file, int $line): bool {
    throw new ErrorException($message, 0, $kind, $file, $line);
});

function same(string $what, mixed $expected, mixed $seen): void
{
    if ($expected === $seen) {
        echo "ok - $what\n";
        return;
    }
    fwrite(STDERR, "not ok - $what\n  expected " . var_export($expected, true)
        . "\n  seen     " . var_export($seen, true) . "\n");
    exit(1);
}

// The code and the text's beginning of the fault that the call must end in.
function refused(string $what, string $code, callable $call): void
{
    try {
        $call();
    } catch (SoapFault $fault) {
        same("$what is refused", $code, $fault->faultcode);
        return;
    }
    same("$what is refused", $code, 'no fault');
}

// An owner or another contact as the API documents it: every field, empty ones too.
function contact(int $isOwner, array $changes = []): array
{
    return array_merge([
        'firstName' => 'Zoë', 'lastName' => "O'Brien-Łuk", 'bodyForm' => 'IND', 'bodyName' => '',
        'address1' => '1, rue & co', 'address2' => '', 'zipCode' => '75001', 'area' => '',
        'city' => 'Paris', 'country' => 'FR', 'phone' => '+33 303030303', 'fax' => '',
        'email' => 'zoe@example.net', 'language' => 'EN', 'isOwner' => $isOwner,
        'tmName' => '', 'tmDate' => '', 'tmNumber' => '', 'tmType' => '', 'companyNumber' => '',
        'vatNumber' => '', 'birthDate' => '', 'birthZipCode' => '', 'birthCity' => '',
        'birthCountry' => '', 'idNumber' => '', 'additional' => [],
    ], $changes);
}
