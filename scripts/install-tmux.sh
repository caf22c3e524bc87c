#!/usr/bin/env bash
# Builds a released tmux and puts it first in the PATH of the next steps of a workflow: install-tmux.sh 3.4 | newest.
set -euo pipefail

version=${1:?which version of tmux, or newest}
if [ "$version" = newest ]; then
  version=$(gh release view --repo tmux/tmux --json tagName --jq .tagName)
fi

case $(uname) in
  Linux) sudo apt-get update -qq && sudo apt-get install -y -qq build-essential pkg-config bison libevent-dev libncurses-dev ;;
  Darwin)
    brew install libevent ncurses pkg-config bison utf8proc
    PKG_CONFIG_PATH="$(brew --prefix ncurses)/lib/pkgconfig:$(brew --prefix libevent)/lib/pkgconfig"
    PATH="$(brew --prefix bison)/bin:$PATH"
    export PKG_CONFIG_PATH PATH
    ;;
  *) echo "tmux is built on Linux and macOS only" >&2 && exit 2 ;;
esac

folder=$(mktemp -d)
gh release download "$version" --repo tmux/tmux --pattern "tmux-$version.tar.gz" --output - | tar -xz -C "$folder"
cd "$folder/tmux-$version"
options=()
# It asks on macOS whether its own widths of characters or those of a library are meant.
if [ "$(uname)" = Darwin ] && ./configure --help | grep -q utf8proc; then options=(--enable-utf8proc); fi
./configure --prefix="$HOME/tmux-$version" ${options[@]+"${options[@]}"} >/dev/null
make -s -j2 install
echo "$HOME/tmux-$version/bin" >>"${GITHUB_PATH:-/dev/null}"
"$HOME/tmux-$version/bin/tmux" -V
