#!/bin/sh
# Holds a window beside an agent's until somebody wants it; until then it costs no more than a shell that sleeps.
#   window.sh SAYS [PROGRAM [ARGUMENT...]]
# Enter begins the program, as often as somebody likes; without a program it becomes the person's own shell.

# Whether agents were shut in in this repository: a repository that lies in the worktree may be one's, and git enters it.
was_shut_in() {
  read -r _ admin <.git && [ -e "${admin%/worktrees/*}/drover/shut-in" ]
} 2>/dev/null

# Has git believe this behind what the person has it believe, in all that is started from here.
believe() {
  n=${GIT_CONFIG_COUNT:-0}
  export "GIT_CONFIG_KEY_$n=$1" "GIT_CONFIG_VALUE_$n=$2" GIT_CONFIG_COUNT=$((n + 1))
}

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
  if [ $# -eq 0 ]; then
    # From here on it is theirs, also at its prompt, which what runs there does not tell.
    # What lies in the worktree is no program for that.
    PATH=/bin:/usr/bin:$PATH tmux set-option -p -t "$TMUX_PANE" @drover_theirs 1 </dev/null >/dev/null 2>&1
    if was_shut_in; then
      believe core.fsmonitor false
      believe diff.ignoreSubmodules all
    fi
    exec "${SHELL:-/bin/sh}"
  fi
  "$@"
  interrupted=
done
