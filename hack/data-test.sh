#!/usr/bin/env bash
# Tests hack/data.sh where there is no apt: the files come from a server, are held to their sums, and are not hashed again for nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
good=$(hack/data.sh | tail -n 1)
java=${JAVA_HOME:-$(hack/java-home.sh)}

# Every program but apt's, and one that counts: sha256sum is called for every sum that is made.
mkdir "$work/bin" "$work/served"
for program in /bin/* /usr/bin/* /usr/local/bin/*; do
  case ${program##*/} in apt | apt-get | sha256sum) ;; *) ln -sf "$program" "$work/bin/" ;; esac
done
cat > "$work/bin/sha256sum" <<SCRIPT
#!$(command -v bash)
echo sum >> "$work/sums"
exec $(command -v sha256sum) "\$@"
SCRIPT
chmod +x "$work/bin/sha256sum"

# It chooses its port itself, and prints it.
"$java/bin/jwebserver" -b 127.0.0.1 -p 0 -d "$work/served" > "$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  if url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/server.log"); then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$work/server.log" >&2; die "the server does not start"; }
  sleep 0.1
done
[ -n "${url:-}" ] || die "the server does not tell its address"

serve() { # the four files, whole
  rm -rf "${work:?}/served"/*
  cp "$good"/*.gz "$work/served/"
}

bring() { # NAME [DIR]: runs it with caches of that name; its errors go to $work/said
  env PATH="$work/bin" XDG_CACHE_HOME="$work/$1" FASHION_MNIST_URL="$url" FASHION_MNIST_PACKAGE="$work/no package" hack/data.sh "${@:2}" 2> "$work/said"
}

refuses() { # NAME WORDS
  if bring "$1" > "$work/out"; then die "it succeeds: $(cat "$work/out")"; fi
  grep -qF -- "$2" "$work/said" || die "it does not say '$2': $(cat "$work/said")"
}

sums() { # how many were made since the last call
  local count=0
  [ ! -f "$work/sums" ] || count=$(wc -l < "$work/sums")
  rm -f "$work/sums"
  echo "$count"
}

serve
directory=$(bring good)
[ "$directory" = "$work/good/fashion-training/fashion-mnist" ] || die "it prints $directory"
for file in "$good"/*.gz; do cmp "$file" "$directory/${file##*/}" || die "${file##*/} is not what was served"; done
say "  ok  without apt the four files come from the server"

rm "$work/served"/*
sums > /dev/null
[ "$(bring good)" = "$directory" ] || die "the second run prints something else"
first=$(sums)
[ "$(bring good)" = "$directory" ] || die "the third run prints something else"
again=$(sums)
# One is of the directory's name.
[ "$again" = 1 ] || die "files that have not changed are hashed again: $first sums, then $again"
say "  ok  files that are there are neither fetched nor hashed again"

serve
printf x | dd of="$directory/t10k-labels-idx1-ubyte.gz" bs=1 seek=1000 conv=notrunc status=none
[ "$(bring good)" = "$directory" ] || die "it does not repair a damaged file"
cmp "$good/t10k-labels-idx1-ubyte.gz" "$directory/t10k-labels-idx1-ubyte.gz" || die "the damaged file is still there"
grep -qF 'Getting t10k-labels-idx1-ubyte.gz' "$work/said" || die "it does not say what it gets"
if grep -qF 'Getting train-images' "$work/said"; then die "it gets what is not damaged"; fi
say "  ok  a file that was damaged here is fetched again, and no other"

[ "$(bring elsewhere "$work/my data")" = "$work/my data" ] || die "it does not bring the files where it is told"
[ -f "$work/my data/train-images-idx3-ubyte.gz" ] || die "there is nothing where it was told to bring it"
say "  ok  they come where one wants them"

head -c 1000000 "$good/train-images-idx3-ubyte.gz" > "$work/served/train-images-idx3-ubyte.gz"
refuses damaged "train-images-idx3-ubyte.gz from $url is not Fashion-MNIST's: its SHA-256 differs"
left=$(cd "$work/damaged/fashion-training/fashion-mnist" && ls -A)
[ -z "$left" ] || die "it leaves what is damaged: $left"
say "  ok  a file that arrives damaged is refused, and none of it stays"

serve
rm "$work/served/t10k-images-idx3-ubyte.gz"
refuses missing "cannot get $url/t10k-images-idx3-ubyte.gz; set FASHION_MNIST_URL to a mirror"
say "  ok  a file that the server lacks is named"
