/** Where perl lies on nearly every Linux, because git needs it; it is as quick as a shell, and knows no module then. */
export const PERL = '/usr/bin/perl';

/**
 * Has the kernel keep a program, and all that it starts, from sockets without a path that others listen at: they lie in no
 * file system, so that nothing can be laid over them. `landlock_create_ruleset` with `LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET`
 * alone, and `landlock_restrict_self`, which have these numbers on all processors; bubblewrap has said before that nobody gets more
 * rights (`no_new_privs`). It forbids no mount, so that programs which shut themselves in once more still can.
 */
const SCRIPT = [
  // What perl knows to be constant it gives to no call of the kernel.
  'my $rule = pack("Q3", 0, 0, 1); my $own = syscall(444, $rule, 24, 0);',
  '$own >= 0 && syscall(446, $own + 0, 0) == 0 or die "drover: sockets without a path cannot be closed: $!\\n";',
  'delete $ENV{PERL_BADLANG}; exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n"',
].join(' ');

/**
 * How the words of bubblewrap end where the network is that of the machine. What perl thinks of a language that is not
 * installed belongs into nobody’s terminal.
 */
export const SCOPE: readonly string[] = ['--setenv', 'PERL_BADLANG', '0', '--', PERL, '-e', SCRIPT, '--'];
