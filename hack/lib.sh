# Sourced by the scripts beside it: where things are cached, and how to get what Debian has.
# shellcheck shell=bash disable=SC2034

shopt -s inherit_errexit

# The images that the project is run with.
project_images=(fashion-trainer fashion-training-operator vertex-emulator storage-emulator)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/fashion-training

say() { echo "$*" >&2; }
die() { echo "${0##*/}: $*" >&2; exit 1; }

# A script's help: what its header tells. The script is named by its path from the top, where it has gone to.
header() { sed -n '2,/^set/s/^# \{0,1\}//p' "$1"; }

# Runs a command as root, by sudo where that takes no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs Debian packages; fails, without a word on stdout, where there is no apt or no right to use it.
apt_install() {
  command -v apt-get >/dev/null || return 1
  say "Installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 && return
  # A fresh machine or container has no package lists yet.
  as_root apt-get update -qq >&2 && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
}

# The version in the parent pom, which is every image's tag.
project_version() {
  sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1
}

# This machine's processor, by the name that Go and image registries have for it.
machine_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# Whether a Docker engine answers; buildah does the work where none does. BUILDER=buildah or BUILDER=docker decides otherwise.
use_docker() {
  [ "${BUILDER:-}" != buildah ] && { [ "${BUILDER:-}" = docker ] || timeout 10 docker info >/dev/null 2>&1; }
}

# Runs buildah as root, without needing a privileged container around it.
as_buildah() {
  command -v buildah >/dev/null || apt_install buildah || die "buildah or a Docker engine is needed"
  as_root env BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}" ${STORAGE_DRIVER:+STORAGE_DRIVER="$STORAGE_DRIVER"} buildah "$@"
}

# Writes a data set made of the first images of Fashion-MNIST: enough to run every line of the trainer in seconds.
small_data() ( # FROM DIR TRAIN_COUNT TEST_COUNT
  set +o pipefail # head closes its pipes early
  mkdir -p "$2"
  local name count size
  while read -r name count size; do
    # The IDX header is a magic number and the big-endian count, then height and width for images.
    {
      gzip -dc "$1/$name" | head -c 4
      printf "%b" "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((count >> 24 & 255)) $((count >> 16 & 255)) $((count >> 8 & 255)) $((count & 255)))"
      gzip -dc "$1/$name" | tail -c +9 | head -c $((size == 1 ? count : 8 + count * size))
    } 2>/dev/null | gzip > "$2/$name"
  done <<EOF
train-images-idx3-ubyte.gz $3 784
train-labels-idx1-ubyte.gz $3 1
t10k-images-idx3-ubyte.gz $4 784
t10k-labels-idx1-ubyte.gz $4 1
EOF
)

# Lets the trainer run once and keeps what the JVM learned about its classes: a start that is a quarter of a second shorter. The JVM
# takes the cache in another place too, as long as the jars and the runtime have the same sizes and times there.
make_aot_cache() { # HOME DATA
  local work
  work=$(mktemp -d)
  small_data "$2" "$work/data" 600 100
  FASHION_TRAINER_JAVA_OPTS="-XX:AOTCacheOutput=$1/lib/fashion-trainer.aot" \
    "$1/bin/fashion-trainer" train --epochs 1 --data "$work/data" --output "$work/output" > "$work/log" 2>&1 ||
    { cat "$work/log" >&2; die "the trainer fails; see above"; }
  rm -rf "$work"
}

# The JVM's options in the operator's image, as far as its cache of classes depends on them; see operator/Dockerfile.
operator_options=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow)

# Starts the operator and keeps what the JVM learned about its classes. There is no cluster here, so the start ends where the first answer of
# one is waited for: most of what a start loads is loaded by then.
make_operator_cache() { # OUT JAVA JAR
  local log
  log=$(mktemp)
  env KUBECONFIG=/dev/null KUBERNETES_MASTER=https://127.0.0.1:1 KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT=0 QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=0 \
    "$2" -XX:AOTCacheOutput="$1" "${operator_options[@]}" -jar "$3" > "$log" 2>&1 || true
  if ! grep -q 'Connection refused' "$log" || [ ! -s "$1" ]; then
    cut -c 1-2000 "$log" >&2
    die "the operator does not start; see above"
  fi
  rm -f "$log"
}
