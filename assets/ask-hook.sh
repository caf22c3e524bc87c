#!/bin/sh
# Leaves what an agent asks, which comes as JSON on stdin, in its instance's folder of the spool, and waits for the answer:
# one line that is printed for the agent. An empty line says that nobody answers here any more; then nothing is printed.
# Environment: DROVER_SPOOL (folder), DROVER_INSTANCE, DROVER_TOKEN (may be empty), CLAUDE_PID (who asks; may be missing),
# DROVER_ASK_READY (set: a dot is written to descriptor 3 as soon as the message lies there).
#
# The agent shows its own dialog meanwhile, so a person may answer there first. This never fails and costs nothing while
# it waits: it stands at a pipe. Without a daemon it waits for the next one, and it ends with the agent at the latest.

exec 2>/dev/null
umask 077
export LC_ALL=C
PATH=/bin:/usr/bin:$PATH

# Files in the folder: the messages that `hook.sh` leaves while nobody reads them, and some questions with their pipes.
limit=400
bytes=1048576

keep() {
  case ${DROVER_INSTANCE-} in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
  case ${DROVER_TOKEN-} in *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ -d "${DROVER_SPOOL-}" ] || return 1
  set -- "$DROVER_SPOOL"/*
  [ $# -le $limit ]
}

# Ends the one that waits when the agent is gone, and puts the pipe away when nobody waits any more.
guard() {
  while sleep 2 && kill -0 "$$"; do
    kill -0 "$agent" && [ -p "$pipe" ] && continue
    kill "$$"
    break
  done
  rm -f "$pipe"
}

agent=${CLAUDE_PID:-$PPID}
n=0
pipe=
if keep; then
  while [ -e "$DROVER_SPOOL/$DROVER_INSTANCE-$$-$n.ask" ] || [ -e "$DROVER_SPOOL/$DROVER_INSTANCE-$$-$n.json" ]; do n=$((n + 1)); done
  name=$DROVER_INSTANCE-$$-$n
  pipe=$DROVER_SPOOL/$name.ask
  mkfifo "$pipe" || pipe=
fi
if [ -n "$pipe" ]; then
  # Whoever sees the message may end this at once: what puts the pipe away is there before.
  guard </dev/null >/dev/null 3>&- &
  if {
    printf '{"instance":"%s","source":"hook","token":"%s","ask":"%s.ask"}\n' "$DROVER_INSTANCE" "${DROVER_TOKEN-}" "$name" &&
      head -c $bytes
  } >"$DROVER_SPOOL/$name.tmp" && mv -f "$DROVER_SPOOL/$name.tmp" "$DROVER_SPOOL/$name.json"; then
    [ -z "${DROVER_ASK_READY-}" ] || printf . >&3
    cat >/dev/null
    IFS= read -r answer <"$pipe"
    kill "$!"
    rm -f "$pipe"
    [ -z "$answer" ] || printf '%s\n' "$answer"
    exit 0
  fi
  kill "$!"
  rm -f "$pipe" "$DROVER_SPOOL/$name.tmp"
fi
cat >/dev/null
exit 0
