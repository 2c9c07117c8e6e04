#!/usr/bin/perl
# JSON lines as "key TAB value" lines, a blank line behind each object. A reader that is not ours.
use strict;
use warnings;
use JSON::PP;

binmode STDOUT, ':utf8';
while (my $line = <STDIN>) {
    my $row = JSON::PP->new->utf8->decode($line);
    ref $row eq 'HASH' or die "no object: $line";
    for my $key (sort keys %$row) {
        my $value = defined $row->{$key} ? "$row->{$key}" : '(null)';
        $value =~ s/\\/\\\\/g;
        $value =~ s/\n/\\n/g;
        $value =~ s/\t/\\t/g;
        print "$key\t$value\n";
    }
    print "\n";
}
