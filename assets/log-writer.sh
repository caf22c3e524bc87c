#!/bin/sh
# Keeps what arrives on stdin in numbered segments and never makes the sender wait for long.
#   log-writer.sh LOG_DIR FIRST_SEGMENT [MAX_BYTES [KEEP_SEGMENTS]]
# A new segment is begun when one has MAX_BYTES; at most KEEP_SEGMENTS of this run stay. It ends with its input. Where a
# photograph of the screen has a later number, what is left of the input stays before that.
umask 077
export LC_ALL=C
PATH=/bin:/usr/bin:$PATH

dir=$1
max=${3:-4194304}
keep=${4:-3}
block=16384
current=$2
mine=$2

# One dd takes at most so many reads, so a segment ends below twice the limit.
count=$((max / block))
[ "$count" -lt 1 ] && count=1
[ "$count" -gt 256 ] && count=256

name() { printf '%s/%06d.%s' "$dir" "$1" "$2"; }

# A number is taken when another writer has it or a photograph of the screen was or is being made for it.
taken() {
  [ -e "$(name "$1" log)" ] || [ -e "$(name "$1" seed)" ] || [ -e "$(name "$1" seed.part)" ]
}

# A later number that another has tells that a photograph was taken: this writer is replaced, or just about to be.
replaced() {
  for file in "$dir"/*.log "$dir"/*.seed "$dir"/*.seed.part; do
    number=${file##*/}
    [ "${number%%.*}" -gt "$current" ] && return
  done
  return 1
}

rotate() {
  # What still stands in the pipe is older than the photograph, so it belongs before it. It is less than the limit: with
  # more than that the photograph was given up.
  [ "$1" -lt $((4 * max)) ] && replaced && return
  next=$((current + 1))
  while taken "$next"; do next=$((next + 1)); done
  : >"$(name "$next" log)" || return
  current=$next
  # Only segments of this run are removed, the oldest first.
  set -- $mine "$next"
  while [ $# -gt "$keep" ]; do
    rm -f "$(name "$1" log)" "$(name "$1" seed)"
    shift
  done
  mine=$*
}

size() {
  set -- $(wc -c <"$1") 0
  echo "$1"
}

# What the folder of all logs lies in goes with its repository only, and is not made again, also where it goes just now.
make() {
  [ -d "$dir" ] || mkdir "${dir%/*}" "$dir"
} 2>/dev/null

# Says in the log that some of the input is missing there. The first byte ends a control sequence that was cut off.
tell() {
  printf '\030\r\n[drover: some of what was printed here is missing, because it could not be written]\r\n' \
    >>"$(name "$current" log)"
} 2>/dev/null

# The pane matters more than its log.
throw_away() {
  report=$(dd bs=$block count=64 2>&1 >/dev/null)
  case $report in
    "0+0 records in"*) exit 0 ;;
  esac
  make
}

# What is known of input that is missing: "untold", "told", or nothing where all was written.
gap=
make
while :; do
  # The disk is full or the folder is gone: there may be room again when some is thrown away.
  while [ "$gap" = untold ]; do
    if tell; then gap=told; else throw_away; fi
  done
  segment=$(name "$current" log)
  report=$({ dd bs=$block count=$count 2>&1 >>"$segment"; } 2>/dev/null)
  status=$?
  case $report in
    "0+0 records in"*) exit 0 ;;
  esac
  if [ "$status" -eq 0 ]; then
    gap=
    bytes=$(size "$segment" 2>/dev/null)
    [ "$bytes" -ge "$max" ] && rotate "$bytes" 2>/dev/null
  elif [ "$gap" = told ]; then
    throw_away
  else
    # One that was killed has lost what it had just read, and no more.
    gap=untold
    make
  fi
done
