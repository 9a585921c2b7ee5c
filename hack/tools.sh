#!/usr/bin/env bash
# Builds the programs that tests and the demo run, from Go modules, and prints the path of each on a line of stdout.
#
#   hack/tools.sh fake-gcs-server        # -> ~/.cache/fashion-training/tools/fake-gcs-server-1a2b3c4d5e6f/fake-gcs-server
#
# hack/tools/NAME is a module of its own (the tools' dependency trees conflict) whose go.mod pins the version and names the
# programs with `tool` directives; a line `// ldflags: ...` there is passed to the linker, which is where programs get their
# version from. A module's only program has the module's name. A tool is built once per go.mod and go.sum, into a folder outside
# the clone.
set -euo pipefail

die() { echo "tools.sh: $*" >&2; exit 1; }

modules=$(cd "$(dirname "${BASH_SOURCE[0]}")/tools" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fashion-training/tools

build() { # MODULE_DIR OUT_DIR
  command -v go >/dev/null || die "Go 1.24 or newer is needed to build ${1##*/}: see https://go.dev/dl/"
  echo "Building ${1##*/}" >&2
  mkdir -p "$cache"
  local part flags programs
  part=$(mktemp -d "$2.XXXXXX")
  flags="-s -w $(sed -n 's:^// ldflags\: ::p' "$1/go.mod")"
  if ! (cd "$1" && CGO_ENABLED=0 GOWORK=off nice go build -trimpath -ldflags "$flags" -o "$part/" tool >&2); then
    rm -rf "$part"
    die "${1##*/} does not build"
  fi
  programs=("$part"/*)
  if [ ${#programs[@]} = 1 ]; then mv -nT "${programs[0]}" "$part/${1##*/}"; fi
  chmod go+rx "$part"
  # Whoever is first wins: two runs at once must not mix their files.
  mv -T "$part" "$2" 2>/dev/null || rm -rf "$part"
}

[ $# -gt 0 ] || die "usage: hack/tools.sh NAME...; one of: $(cd "$modules" && echo *)"
for name in "$@"; do
  module=$modules/$name
  [ -f "$module/go.mod" ] || die "no tool named $name; there is: $(cd "$modules" && echo *)"
  key=$(cat "$module/go.mod" "$module/go.sum" | sha256sum | cut -c1-12)
  [ -d "$cache/$name-$key" ] || build "$module" "$cache/$name-$key"
  printf '%s\n' "$cache/$name-$key"/*
done
