#!/bin/sh
# Holds a window beside an agent's until somebody wants it; until then it costs no more than a shell that sleeps.
#   window.sh SAYS [PROGRAM [ARGUMENT...]]
# Enter begins the program, as often as somebody likes; without a program it becomes the person's own shell.

# An interrupt from the keyboard is for the program; the end of the input closes the window.
interrupted=
trap 'interrupted=yes' INT QUIT
says=$1
shift
while :; do
  printf '%s\n' "$says"
  until read -r _; do
    [ "$interrupted" ] || exit 0
    interrupted=
  done
  [ $# -gt 0 ] || exec "${SHELL:-/bin/sh}"
  "$@"
  interrupted=
done
