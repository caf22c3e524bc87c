# Takes a mounted file system away as a power cut does: nothing that was not synced reaches the disk any more, its journal neither.
use strict;
use warnings;

# EXT4_IOC_SHUTDOWN, which is XFS_IOC_GOINGDOWN as well, and NOLOGFLUSH.
use constant SHUTDOWN => 0x8004587d;
use constant NOLOGFLUSH => pack 'L', 2;

open my $folder, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my $how = NOLOGFLUSH;
ioctl $folder, SHUTDOWN, $how or die "$ARGV[0] cannot be shut down: $!\n";
