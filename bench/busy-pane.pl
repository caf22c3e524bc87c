# A terminal program that never rests: LINES lines a second, each with its number and the moment it was written, by the
# clock that Node calls hrtime. It tells by the hook in its environment, if there is one, that it is ready.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime sleep CLOCK_MONOTONIC);

my $lines = shift @ARGV;
$| = 1;
if (my $hook = $ENV{DROVER_HOOK}) {
  open(my $told, '|-', '/bin/sh', $hook) or die "$hook: $!";
  print $told '{"hook_event_name":"SessionStart","session_id":"busy","source":"startup"}';
  close $told;
}

my $next = clock_gettime(CLOCK_MONOTONIC) + rand(1 / $lines);
for (my $i = 1; ; $i++) {
  my $wait = $next - clock_gettime(CLOCK_MONOTONIC);
  sleep $wait if $wait > 0;
  $next += 1 / $lines;
  # Colours and a changing length, as agents print.
  printf "\e[3%dm#%d %.6f\e[m %s\r\n", 1 + $i % 6, $i, clock_gettime(CLOCK_MONOTONIC), 'work ' x ($i % 12);
}
