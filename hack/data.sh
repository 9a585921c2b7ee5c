#!/usr/bin/env bash
# Brings Fashion-MNIST to this machine and prints its directory as the last line of stdout.
#
#   hack/data.sh [DIR]
#
# Where apt is, the Debian package dataset-fashion-mnist; elsewhere upstream's own files by HTTPS. Both are held to the same SHA-256 sums,
# those of the uncompressed files: Debian's gzip headers carry no file name, so the sums of the .gz files differ. With DIR the files are put there.
set -euo pipefail
# shellcheck source=hack/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

debian=${FASHION_MNIST_PACKAGE:-/usr/share/datasets/fashion-mnist}
# HTTPS, unlike the S3 web site that upstream's README names; the same bytes (the README's MD5 sums).
url=${FASHION_MNIST_URL:-https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion}

sums() {
  cat <<'EOF'
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888 train-images-idx3-ubyte.gz
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 train-labels-idx1-ubyte.gz
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b t10k-images-idx3-ubyte.gz
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34 t10k-labels-idx1-ubyte.gz
EOF
}

# Whether FILE, unpacked, is what SUM says.
matches() { # SUM FILE
  local sum
  sum=$(gzip -dc "$2" 2>/dev/null | sha256sum) && [ "${sum%% *}" = "$1" ]
}

# Sizes and times of the four files in DIR; fails where one is missing.
states() { # DIR
  local sum file
  while read -r sum file; do
    stat -c '%n %s %.9Y %.9Z %i' "$1/$file" 2>/dev/null || return 1
  done < <(sums)
}

# Whether DIR holds all four files, unharmed. 55 MB of sums are made once, and again when a file has another size or time than then.
complete() { # DIR
  local sum file stamp state
  state=$(states "$1") || return 1
  stamp=$cache/data/$(echo "$1" | sha256sum | cut -c1-16).checked
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then return; fi
  while read -r sum file; do
    matches "$sum" "$1/$file" || return 1
  done < <(sums)
  # Without a place for stamps the sums are made each time.
  { mkdir -p "${stamp%/*}" && echo "$state" > "$stamp"; } 2>/dev/null || true
}

# Puts each file that is missing or damaged into DIR, from the folder or the URL FROM; a file appears under its name only when it is right.
bring() { # FROM DIR
  local sum file part
  mkdir -p "$2"
  while read -r sum file; do
    if [ -f "$2/$file" ] && matches "$sum" "$2/$file"; then continue; fi
    part=$2/.$file.part
    say "Getting $file"
    case $1 in
      /*) cp "$1/$file" "$part" ;;
      *) curl -fsSL --retry 3 -o "$part" "$1/$file" || die "cannot get $1/$file; set FASHION_MNIST_URL to a mirror of the four files" ;;
    esac
    matches "$sum" "$part" || { rm -f "$part"; die "$file from $1 is not Fashion-MNIST's: its SHA-256 differs"; }
    mv "$part" "$2/$file"
  done < <(sums)
}

target=${1:-$debian}
if ! complete "$target"; then
  if complete "$debian" || { apt_install dataset-fashion-mnist && complete "$debian"; }; then
    [ "$target" = "$debian" ] || bring "$debian" "$target"
  else
    target=${1:-$cache/fashion-mnist}
    complete "$target" || bring "$url" "$target"
  fi
fi
(cd "$target" && pwd)
