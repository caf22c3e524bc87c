#!/bin/sh
# with-network.sh NODE FORWARDER FOLDER SOCKET PORTS PROGRAM…
# Becomes the program, in a sandbox without a network, once ports of its loopback lead to the proxy that listens in the folder.

node=$1 forwarder=$2 folder=$3 socket=$4 ports=$5
shift 5
gate=$(mktemp -d) && mkfifo "$gate/ready" || exit 126
forward() {
  # The environment of the program is not for the forwarder: what it loads could come from the worktree.
  env -i "$@" "$folder" "$socket" "$ports" "$$" </dev/null >"$gate/ready" 2>/dev/null &
  said=
  read -r said <"$gate/ready"
  [ "$said" = ready ]
}
[ -x /usr/bin/perl ] && forward /usr/bin/perl "${forwarder%.mjs}.pl" || forward "$node" "$forwarder"
opened=$?
rm -r "$gate"
if [ "$opened" != 0 ]; then
  echo 'drover: the way out of the sandbox could not be opened, so the program is not started' >&2
  exit 126
fi
exec "$@"
