#!/bin/sh
# Runs an agent in its pane, outlives it by a moment, and ends the way it ended.
#   pane.sh LAUNCH_FILE
# The kernel hands on what a program printed just before its end a little later, and tmux takes no more from a pane
# whose process has ended: without the moment the last words would sometimes be lost.

# Of what tmux was started with the PATH may hold a folder that is where somebody happens to be, and that is the worktree.
PATH=/bin:/usr/bin:$PATH

# tmux needs a terminal type that it understands; a configuration may name any.
case $TERM in tmux* | screen* | xterm*) ;; *) export TERM=screen-256color ;; esac

# An interrupt from the keyboard is for the agent.
trap : INT QUIT
/bin/sh "$1"
status=$?
sleep 0.1 2>/dev/null || sleep 1

if [ "$status" -gt 128 ] && [ "$status" -lt 160 ]; then
  trap - INT QUIT
  ulimit -c 0
  kill -"$((status - 128))" $$
fi
exit "$status"
