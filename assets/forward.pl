# forward.pl FOLDER SOCKET PORT[,PORT…] PROGRAM: the same as forward.mjs, which says what it does, at a tenth of its memory and time.
# It knows no module, which not every perl brings; the numbers are those of Linux on x86 and ARM processors.
use strict;

my ($folder, $socket, $ports, $program) = @ARGV;
my ($UNIX, $INET, $STREAM, $SET_FLAGS, $NONBLOCK, $INTERRUPTED, $NOT_NOW) = (1, 2, 1, 4, 04000, 4, 11);
my $CHUNK = 65536;
# Below what a process may have open, so that none who comes is half served.
my $MOST = 900;

# The keys of a terminal are meant for the program.
$SIG{$_} = 'IGNORE' for qw(INT QUIT TSTP HUP PIPE);
chdir $folder or exit 1;

# By file number. An end: handle, the other end's number, what is to be written to it, whether nothing more comes from it, whether that
# was passed on, and, while a proxy is asked for a port, what it has answered so far.
my (%doors, %ends);

my ($first, @services) = split /,/, $ports;
for my $port ($first, @services) {
  my $door;
  socket($door, $INET, $STREAM, 0)
    && bind($door, pack('S n C4 x8', $INET, $port, 127, 0, 0, 1))
    && listen($door, 511)
    && fcntl($door, $SET_FLAGS, $NONBLOCK)
    or exit 1;
  $doors{fileno $door} = { handle => $door, service => $port == $first ? undef : $port };
}
syswrite STDOUT, "ready\n";

sub drop {
  for my $end (grep { defined } @_) {
    close $end->{handle};
    delete $ends{$end->{number}};
  }
}

sub let_in {
  my ($door) = @_;
  my ($client, $proxy);
  # Where no more can be open, those who are there are not waited for without a pause.
  accept($client, $door->{handle}) or return select(undef, undef, undef, 0.1);
  socket($proxy, $UNIX, $STREAM, 0)
    && fcntl($proxy, $SET_FLAGS, $NONBLOCK)
    && fcntl($client, $SET_FLAGS, $NONBLOCK)
    && connect($proxy, pack('S a108', $UNIX, $socket))
    or return;
  my ($inside, $outside) = (fileno $client, fileno $proxy);
  $ends{$inside} = { handle => $client, number => $inside, other => $outside, out => '' };
  $ends{$outside} = { handle => $proxy, number => $outside, other => $inside, out => '' };
  my $port = $door->{service};
  return unless defined $port;
  $ends{$outside}{out} = "CONNECT 127.0.0.1:$port HTTP/1.1\r\nHost: 127.0.0.1:$port\r\n\r\n";
  $ends{$outside}{answer} = '';
}

# What a proxy that was asked for a port sends behind its answer; undefined as long as that is not whole, or where it refuses.
sub admitted {
  my ($proxy, $client, $bytes) = @_;
  $proxy->{answer} .= $bytes;
  if ($proxy->{answer} =~ m{\AHTTP/1\.[01] (\d+).*?\r\n\r\n(.*)\z}s) {
    my ($status, $rest) = ($1, $2);
    delete $proxy->{answer};
    return $rest if $status == 200;
    drop($proxy, $client);
  } elsif (length $proxy->{answer} > $CHUNK) {
    drop($proxy, $client);
  }
  return undef;
}

sub has_nothing_now { $! == $NOT_NOW || $! == $INTERRUPTED }

sub take {
  my ($end) = @_;
  my $other = $ends{$end->{other}};
  my $bytes;
  my $count = sysread $end->{handle}, $bytes, $CHUNK;
  unless (defined $count) {
    drop($end, $other) unless has_nothing_now();
    return;
  }
  $end->{ended} = $count == 0;
  return drop($end, $other) if $count == 0 && defined $end->{answer};
  $bytes = admitted($end, $other, $bytes) if defined $end->{answer};
  $other->{out} .= $bytes if defined $bytes;
}

sub give {
  my ($end) = @_;
  my $count = syswrite $end->{handle}, $end->{out};
  return substr($end->{out}, 0, $count, '') if defined $count;
  drop($end, $ends{$end->{other}}) unless has_nothing_now();
}

# What one end has said last is passed on; behind the last word of both nobody is there.
sub settle {
  my ($end) = @_;
  my $other = $ends{$end->{other}};
  if ($end->{ended} && !$end->{told} && $other->{out} eq '') {
    shutdown $other->{handle}, 1;
    $end->{told} = 1;
  }
  drop($end, $other) if $end->{told} && $other->{told};
}

# A sandbox that lost its terminal while it was being made waits for all that is in it, and nothing outside ends it.
while (getppid == $program) {
  my ($read, $write) = ('', '');
  if (keys %ends < $MOST) { vec($read, $_, 1) = 1 for keys %doors }
  for my $end (values %ends) {
    my $other = $ends{$end->{other}};
    vec($read, $end->{number}, 1) = 1 if !$end->{ended} && $other->{out} eq '' && !defined $other->{answer};
    vec($write, $end->{number}, 1) = 1 if $end->{out} ne '';
  }
  next if select($read, $write, undef, 1) <= 0;
  for my $number (keys %doors) { let_in($doors{$number}) if vec($read, $number, 1) }
  for my $number (keys %ends) {
    # Who is new was not asked for.
    take($ends{$number}) if $ends{$number} && vec($read, $number, 1);
    give($ends{$number}) if $ends{$number} && vec($write, $number, 1);
    settle($ends{$number}) if $ends{$number};
  }
}
