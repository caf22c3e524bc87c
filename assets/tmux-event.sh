#!/bin/sh
# Leaves word of what happened to a session in tmux's own folder of the daemon's spool; works while no daemon runs.
#   tmux-event.sh SPOOL_DIR DROVER_ID EVENT
# tmux shows what a hook prints, so this prints nothing and never fails.

exec >/dev/null 2>&1
umask 077
LC_ALL=C
PATH=/bin:/usr/bin:$PATH

limit=200
spool=$1
instance=${2##*/}
event=$3

keep() {
  case $instance in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
  case $event in '' | *[!a-z-]*) return 1 ;; esac
  [ -d "$spool" ] || return 1
  # Nobody reads any more: better to lose messages than to fill the disk.
  set -- "$spool"/*
  [ $# -le $limit ]
}

if keep; then
  # Process numbers come round again while a message may still lie there.
  n=0
  while [ -e "$spool/$instance-$$-$n.json" ] || [ -e "$spool/$$-$n.tmp" ]; do n=$((n + 1)); done
  printf '{"instance":"%s","source":"tmux","token":null,"body":{"event":"%s"}}\n' "$instance" "$event" \
    >"$spool/$$-$n.tmp" &&
    mv -f "$spool/$$-$n.tmp" "$spool/$instance-$$-$n.json" ||
    rm -f "$spool/$$-$n.tmp"
fi
exit 0
