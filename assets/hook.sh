#!/bin/sh
# Leaves one message of an agent's hook, which comes as JSON on stdin, in the spool of the daemon.
# Environment: DROVER_SPOOL (folder), DROVER_INSTANCE, DROVER_TOKEN (may be empty).
#
# An agent waits for this and shows what it says, so: it never fails, never prints, costs three forks, and works
# while no daemon runs. The file is a header line of JSON and then the body as it came: nothing is escaped here.

exec 2>/dev/null
umask 077
LC_ALL=C

limit=2000
# A longer body is cut; the reader still finds the event's name in it.
bytes=1048576

keep() {
  case ${DROVER_INSTANCE-} in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
  case ${DROVER_TOKEN-} in *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ -d "${DROVER_SPOOL-}" ] || return 1
  # Nobody reads any more: better to lose messages than to fill the disk.
  set -- "$DROVER_SPOOL"/*
  [ $# -le $limit ]
}

if keep; then
  # Process numbers come round again while a message may still lie there.
  n=0
  while [ -e "$DROVER_SPOOL/$DROVER_INSTANCE-$$-$n.json" ] || [ -e "$DROVER_SPOOL/$$-$n.tmp" ]; do n=$((n + 1)); done
  {
    printf '{"instance":"%s","source":"hook","token":"%s"}\n' "$DROVER_INSTANCE" "${DROVER_TOKEN-}" &&
      head -c $bytes
  } >"$DROVER_SPOOL/$$-$n.tmp" &&
    mv -f "$DROVER_SPOOL/$$-$n.tmp" "$DROVER_SPOOL/$DROVER_INSTANCE-$$-$n.json" ||
    rm -f "$DROVER_SPOOL/$$-$n.tmp"
fi >/dev/null

# The rest is taken as well: a closed pipe would be an error of the agent's.
cat >/dev/null
exit 0
