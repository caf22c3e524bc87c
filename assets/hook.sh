#!/bin/sh
# Leaves one message of an agent's hook, which comes as JSON on stdin, in the folder that its instance has in the spool.
# Environment: DROVER_SPOOL (folder), DROVER_INSTANCE, DROVER_TOKEN (may be empty).
#
# An agent waits for this and shows what it says, so: it never fails, never prints, starts one program, and works while
# no daemon runs. The file is a header line of JSON, the body as it came, and a line with a dot: before that stands
# there nobody takes it, so that it needs no second program that renames it.

exec 2>/dev/null
umask 077
export LC_ALL=C
PATH=/bin:/usr/bin:$PATH

# Messages that an instance leaves while nobody reads them.
limit=200
# Blocks of 512 bytes. A longer body is cut; the reader still finds the event's name in it.
blocks=2048

# Sets `file` to the place of this message; fails when it cannot have one.
place() {
  case ${DROVER_INSTANCE-} in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
  case ${DROVER_TOKEN-} in *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ -d "${DROVER_SPOOL-}" ] || return 1
  set -- "$DROVER_SPOOL/$DROVER_INSTANCE"-*.hook
  # Nobody reads any more: the disk is not filled, and the newest message, which tells most, takes the place of another.
  if [ $# -ge $limit ]; then
    file=$1
    return
  fi
  # Process numbers come round again while a message may still lie there.
  n=0
  while file=$DROVER_SPOOL/$DROVER_INSTANCE-$$-$n.hook && [ -e "$file" ]; do n=$((n + 1)); done
}

# A limit of the size of files does not end anything here, it only keeps from writing.
trap '' XFSZ
copy() (
  ulimit -f $blocks
  exec cat
)

file=
# What is too long is taken all the same: a closed pipe would be an error of the agent's.
if place && {
  printf '{"instance":"%s","source":"hook","token":"%s"}\n' "$DROVER_INSTANCE" "${DROVER_TOKEN-}" &&
    { copy || cat >/dev/null; } && printf '\n.\n'
} >"$file"; then
  exit 0
fi
[ -z "$file" ] || rm -f "$file"
cat >/dev/null
exit 0
