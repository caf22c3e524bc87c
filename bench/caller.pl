#!/usr/bin/env perl
# caller.pl BODY_FILE COMMAND... : starts a command as an agent starts a hook, so often as each line of stdin says, and gives
# it the body on its stdin. Prints the microseconds of each call in one line for each line; then, for "end", the milliseconds
# of CPU that all calls used, and how many did not end with 0 or printed something.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($file, @command) = @ARGV;
open my $in, '<:raw', $file or die "$file: $!";
my $body = do { local $/; <$in> };
$| = 1;
$SIG{PIPE} = 'IGNORE';
my $failed = 0;

sub call {
    pipe my $stdin, my $give or die $!;
    pipe my $take, my $stdout or die $!;
    my $began = clock_gettime(CLOCK_MONOTONIC);
    my $pid = fork // die $!;
    if (!$pid) {
        open STDIN, '<&', $stdin;
        open STDOUT, '>&', $stdout;
        open STDERR, '>&', $stdout;
        close $_ for $stdin, $give, $take, $stdout;
        exec @command or exit 126;
    }
    close $_ for $stdin, $stdout;
    for (my $at = 0; $at < length $body;) {
        my $count = syswrite $give, $body, 65536, $at;
        last unless defined $count;
        $at += $count;
    }
    close $give;
    my $said = sysread $take, my $words, 4096;
    waitpid $pid, 0;
    my $took = clock_gettime(CLOCK_MONOTONIC) - $began;
    $failed++ if $? || $said;
    return sprintf '%.0f', $took * 1e6;
}

while (my $line = <STDIN>) {
    last if $line =~ /end/;
    print join(' ', map { call() } 1 .. $line), "\n";
}
my @times = times;
printf "%.0f %d\n", ($times[2] + $times[3]) * 1000, $failed;
