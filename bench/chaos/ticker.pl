# An agent that prints without end: 20 numbered lines a second, with the number of its process.
use strict;
use warnings;
use Time::HiRes qw(sleep);

$| = 1;
for (my $i = 1; ; $i++) {
  print "tick $$ $i end\r\n";
  sleep 0.05;
}
