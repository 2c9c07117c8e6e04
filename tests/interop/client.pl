#!/usr/bin/perl
# The five use cases of the registrar's tutorial, by SOAP::Lite through the sandbox's WSDL. The parts
# are sent by the names the WSDL gives them.
#   perl client.pl http://127.0.0.1:PORT
use strict;
use warnings;
use utf8;

use LWP::UserAgent;
use SOAP::Lite;

# SOAP::Lite asks its serializer for each type the WSDL names; what it gets is put into the part.
for my $type (qw(StructContact StructOwnerContact ArrayStructDSRecord)) {
    no strict 'refs';
    *{"SOAP::Serializer::as_$type"} = sub {
        my ($self, $value, $name, $xml_type, $attributes) = @_;
        return [$name, $attributes, $value];
    };
}

my $base = shift or die "usage: client.pl BASE\n";
binmode STDOUT, ':encoding(UTF-8)';
binmode STDERR, ':encoding(UTF-8)';

sub text_of {
    my ($value) = @_;
    return 'undef' unless defined $value;
    return '[' . join(', ', map { text_of($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return "'$value'";
}

sub same {
    my ($what, $expected, $seen) = @_;
    if (text_of($expected) eq text_of($seen)) {
        print "ok - $what\n";
        return;
    }
    die "not ok - $what\n  expected " . text_of($expected) . "\n  seen     " . text_of($seen) . "\n";
}

my $agent = LWP::UserAgent->new;

sub control {
    my ($commands) = @_;
    my $reply = $agent->post("$base/sandbox/control", Content => $commands);
    die "control: " . $reply->decoded_content unless $reply->is_success;
    chomp(my $answer = $reply->decoded_content);
    return $answer;
}

my ($fault, $request);
my $soap = SOAP::Lite->service("$base/2.0/api.wsdl");
# Called for a fault, and for a transport error, where there is no message.
$soap->on_fault(sub {
    my ($client, $reply) = @_;
    die "no SOAP reply: " . $client->transport->status . "\n" unless ref $reply;
    $fault = $reply;
    return $reply;
});
SOAP::Lite->import(trace => [transport => sub {
    my ($message) = @_;
    $request = $message->content if $message->isa('HTTP::Request');
}]);

my $session;

# A call with the session in front; its result, or undef where a fault came.
sub call {
    my ($function, @arguments) = @_;
    undef $fault;
    return $soap->$function($session, @arguments);
}

sub refused {
    my ($what, $code, $function, @arguments) = @_;
    call($function, @arguments);
    same("$what is refused", $code, $fault ? $fault->faultcode : undef);
}

sub contact {
    my ($is_owner, %changes) = @_;
    my %fields = (
        firstName => 'Zoë', lastName => "O'Brien-Łuk", bodyForm => 'IND', bodyName => '',
        address1 => '1, rue & co', address2 => '', zipCode => '75001', area => '', city => 'Paris',
        country => 'FR', phone => '+33 303030303', fax => '', email => 'zoe@example.net',
        language => 'EN', isOwner => $is_owner, additional => {}, %changes,
    );
    my @members;
    for my $name (sort keys %fields) {
        push @members, $name eq 'additional'
            ? map_of($name, $fields{$name})
            : SOAP::Data->name($name)->type('string')->value($fields{$name});
    }
    return \SOAP::Data->value(@members);
}

# An Apache Map whose values are texts or maps.
sub map_of {
    my ($name, $entries) = @_;
    my %values = map {
        my $value = $entries->{$_};
        $_ => ref $value ? map_of('value', $value) : SOAP::Data->type('string')->value($value)
    } keys %$entries;
    return SOAP::Data->name($name)->type('map')->value(\%values);
}

# Sessions.
$soap->sessionOpen('AB123', 'wrong', 'EN');
same('a wrong password is refused', 'E01-M0101', $fault ? $fault->faultcode : undef);
undef $fault;
$session = $soap->sessionOpen('ab123', 'sandbox', 'EN');
same('a session id has 32 signs', 1, $session =~ /^[0-9a-f]{32}$/ ? 1 : 0);
same('the call carries the part names', 1,
    $request =~ /<idReseller[ >].*<password[ >].*<language[ >]/s ? 1 : 0);
call('sessionSetPreference', 'syncDelay', '25');
same('a preference is taken', undef, $fault);
my $info = call('sessionInfo');
same('the session is described', ['EN', 1], [$info->{lang}, $info->{sync}]);
same('all sessions are a list', [$session], [map { $_->{IDSession} } @{call('queryAllSessions')}]);

# The account.
my $account = call('queryResellerAccount');
same('the balance', '10000.00', $account->{BALANCE_AMOUNT});
same('the default server', 'ns1.sandbox.example', $account->{DEFAULT_DNS_1});
same('templates are a map', 'template 3', $account->{DEFAULT_DNS_TEMPLATE}{3});

# Register.
my $tld = call('domainTldInfo', 'us');
same('an extension is described', ['1-10', 1, 'EUR', '11.90'],
    [$tld->{PeriodCreate}, $tld->{HasEppCode}, $tld->{FeeCurrency}, $tld->{Fee4Registration}]);
my $flags = call('queryOpeList', 'ES');
same('open and closed operations', [1, 0], [$flags->{domainCreate}, $flags->{domainTransferOwner}]);
same('availability', [['first.com', 'AVAILABLE', ''], ['taken.com', 'NOT AVAILABLE', '']],
    [map { [$_->{domain}, $_->{result}, $_->{reason}] } @{call('domainCheck', 'first.com;taken.com')}]);
my $price = call('queryDomainPrice', 'premium-tea.shop', '');
same('a premium price', ['1093.00', 1], [$price->{Fee4Registration}, $price->{IsPremium}]);

my $owner = call('contactCreate', contact(1, additional => {
    US_CATEGORY => 'C11', US_APP_PURPOSE => {'first.us' => 'P1', 'other.us' => 'P3'},
    AERO_AUTHID => 'ens-id', AERO_AUTHKEY => 'ens & key',
}));
same('a contact id', 1, ($owner // '') =~ /^ZO\d+$/ ? 1 : 0);
my $other = call('contactCreate', contact(0, lastName => 'Tech'));
refused('a contact with a sign that is not accepted', 'E11-M1101', 'contactCreate',
    contact(1, city => 'Paris (1)'));
my $shown = call('contactInfo', $owner);
same('letters survive', ['Zoë', "O'Brien-Łuk", '1, rue & co'],
    [@{$shown}{qw(firstName lastName address1)}]);
same('nested maps survive', ['P1', 'P3', 'ens & key'],
    [@{$shown->{additional}{US_APP_PURPOSE}}{qw(first.us other.us)}, $shown->{additional}{AERO_AUTHKEY}]);
same('contacts are found', [[$other, 0]],
    [map { [$_->{idContact}, $_->{isOwner}] } @{call('queryContactList', 'Tech', 'lastName')}]);

sub order {
    my ($domain, $years, $template) = @_;
    return call('domainCreate', $domain, $owner, $other, 'AB123', 'AB123', '', '', '', '', '',
        $years, $template);
}
my $done = order('first.us', 2, 4);
same('a registration in real time', ['Done', 'domainCreate'], [@{$done}{qw(STATUS TYPE)}]);
same('the template gave the zone', '192.0.2.4', call('queryZoneList', 'first.us')->[0]{value});
my $later = order('first.aero', 1);
same('a registration that takes its time', 'Pending', $later->{STATUS});
same('queryOpe tells its end', 'Done', call('queryOpe', $later->{ID_OPE})->{STATUS});
same('one that goes wrong', 'Failed', order('failnow.com', 1)->{STATUS});
refused('a wrong number of years', 'E13-M1307', 'domainCreate', 'first.it', $owner, $other, 'AB123',
    'AB123', '', '', '', '', '', 2);
same('signed', 'Done', call('domainSetDNSsec', 'first.us', 1)->{STATUS});
for my $code (qw(registrar_lock auto_renew)) {
    same("$code set", 'Done', call('domainSetPreference', 'first.us', $code, '1')->{STATUS});
}
refused('a service the extension lacks', 'E12-M1204', 'domainSetPreference', 'first.us',
    'whois_privacy', '1');
my $domain = call('domainInfo', 'first.us');
same('the domain shows it', ['ACTIVE, DELEGATED', 1, 0, 1, 1, $owner],
    [@{$domain}{qw(status domainIsLock whoisPrivacy autoRenew IsSigned idOwner)}]);
same('its servers are a list', ['ns1.sandbox.example', 'ns2.sandbox.example'], $domain->{ns});
same('its keys are a map', 13, $domain->{DNSSEC}{algo});

# Transfer.
same('a domain elsewhere', 'ok', control('add-domain moving.com outside authID=code-1'));
sub transfer {
    my ($code) = @_;
    return call('domainTransferIn', 'moving.com', $code, $owner, $other, $other, $other,
        'ns1.sandbox.example', 'ns2.sandbox.example', '', '', '');
}
my $wrong = transfer('code-2');
same('a transfer is never immediate', 'Pending', $wrong->{STATUS});
same('a wrong code fails later', ['Failed', 'invalid authorization code'],
    [@{call('queryOpe', $wrong->{ID_OPE})}{qw(STATUS MESSAGE)}]);
same('the right one', 'Done', call('queryOpe', transfer('code-1')->{ID_OPE})->{STATUS});
my $before = call('domainInfo', 'moving.com')->{authID};
same('a new code', 'Done', call('domainAuthID', 'moving.com', 0)->{STATUS});
same('the code has changed', 1, $before ne call('domainInfo', 'moving.com')->{authID} ? 1 : 0);
same('a zone from a template', 'Done', call('domainZoneInit', 'moving.com', 2)->{STATUS});

# Change of owner.
my $next = call('contactCreate', contact(1, firstName => 'Nils', lastName => 'Next'));
my $trade = call('domainTransferOwner', 'moving.com', $next);
same('a change of owner is never immediate', 'Pending', $trade->{STATUS});
same('its end', 'Done', call('queryOpe', $trade->{ID_OPE})->{STATUS});
same('the new owner', $next, call('domainInfo', 'moving.com')->{idOwner});

# Name servers.
same('other servers', 'Done',
    call('domainChangeDNS', 'moving.com', 'a.example.net', 'b.example.net', '', '', '')->{STATUS});
same('are shown', ['a.example.net', 'b.example.net'], call('domainInfo', 'moving.com')->{ns});
my @records = ({key => 12345, type => 2, digest => 'AB12'}, {key => 12345, type => 4, digest => 'CD34'});
same('signed elsewhere', 'Done', call('domainSetDNSSecExt', 'moving.com', \@records, 257, 3, 13,
    'c2FuZGJveA==')->{STATUS});
same('both records came', '12345 2 AB12;12345 4 CD34',
    call('domainInfo', 'moving.com')->{DNSSEC}{DSRecords});

# Pending requests.
same('hold', 'ok', control('hold on'));
my @held = (order('slow-1.com', 1)->{ID_OPE}, order('slow-2.com', 1)->{ID_OPE});
same('the list of what is pending',
    [[$held[0], 'domainCreate', 'slow-1.com'], [$held[1], 'domainCreate', 'slow-2.com']],
    [map { [@{$_}{qw(id_ope code_ope data_ope)}] } @{call('queryOpePending')}]);
call('cancelOpe', $held[0]);
same('cancelled', undef, $fault);
same('and so it stays', 'Cancelled', call('queryOpe', $held[0])->{STATUS});
same('finished by hand', 'ok', control("finish $held[1]"));
same('domains by wildcard', ['failnow.com', 'moving.com', 'slow-1.com', 'slow-2.com'],
    [map { $_->{domain} } @{call('queryDomainList', '*.com')}]);

# Faults.
refused('a domain of others', 'E15-M1502', 'domainInfo', 'elsewhere.com');
same('the text begins with the code', 1, $fault->faultstring =~ /^E15-M1502 : / ? 1 : 0);
control('misbehave hello:fault_without_code');
refused('a crash', 'SOAP-ENV:Server', 'hello');
call('sessionClose');
refused('a closed session', 'E02-M0201', 'hello');
print "done\n";
