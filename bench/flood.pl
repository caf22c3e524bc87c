#!/usr/bin/env perl
# flood.pl SPOOL PER_SECOND SECONDS: leaves messages just as `assets/hook.sh` does, without a process for each, for many
# instances, which stdin names with their tokens, one a line. Of ten messages of an instance the first begins a turn and the
# last ends it: those are printed as `TIME INSTANCE STATE`, TIME in milliseconds since 1970.
use strict;
use warnings;
use Time::HiRes qw(time sleep clock_gettime CLOCK_MONOTONIC);

my ($spool, $rate, $seconds) = @ARGV;
my @instances = map { chomp; [split] } <STDIN>;
$| = 1;
my $count = 0;
my $used = '{"hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"npm test"},"tool_response":{"stdout":"'
  . 'x' x 900 . '"}}';

sub call {
    my ($one, $body) = @_;
    my ($instance, $token) = @$one;
    open my $file, '>', "$spool/$instance/$instance-$$-" . $count++ . '.hook' or die $!;
    # As it comes from a shell and the program that copies: three writes.
    syswrite $file, $_
      for qq({"instance":"$instance","source":"hook","token":"$token"}\n), $body, "\n.\n";
}

sub turn {
    my ($one, $begins) = @_;
    printf "%.1f %s %s\n", time * 1000, $one->[0], $begins ? 'working' : 'idle';
    call($one, $begins ? '{"hook_event_name":"UserPromptSubmit"}' : '{"hook_event_name":"Stop"}');
}

my $began = clock_gettime(CLOCK_MONOTONIC);
my $total = $rate * $seconds;
for (my $i = 0; $i < $total; $i++) {
    my $wait = $began + $i / $rate - clock_gettime(CLOCK_MONOTONIC);
    sleep $wait if $wait > 0;
    my $one = $instances[$i % @instances];
    my $round = int($i / @instances);
    $round % 10 == 0 ? turn($one, 1) : $round % 10 == 9 ? turn($one, 0) : call($one, $used);
}
my $took = clock_gettime(CLOCK_MONOTONIC) - $began;
printf "end %.0f\n", $total / $took;
