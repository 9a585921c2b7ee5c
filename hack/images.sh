#!/usr/bin/env bash
# Builds the project's container images, with a Docker engine where one answers, else with buildah, and prints each one's name, sizes and archive.
#
#   hack/images.sh [NAME...]        # default: all of them but own-trainer, an example
#
# It expects `mvn package` to have been run and JAVA_HOME to be a JDK 25. An image whose inputs have not changed is left alone. Each image also
# goes into ~/.cache/fashion-training/images/NAME.tar, which `ctr images import`, `kind load image-archive` and `docker load` read.
#
# BASE names the base image. Default: with Docker debian:bookworm-slim; with buildah a smaller Debian 12 made here, once, from the Debian
# mirror that this machine is set up for, so that no registry is needed. To take newer Debian packages delete
# ~/.cache/fashion-training/images/base-bookworm.tar and run this again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

label=io.fashionmnist.training.inputs
# This machine's: the Java runtime, its cache of classes and TensorFlow's libraries run on nothing else. What is a processor's own lies below its
# name in a build context, where the Dockerfiles look for it; hack/manifest.sh joins what two machines made.
architecture=$(machine_architecture)
version=$(project_version)
# Where archives go; the base image stays in the cache.
archives=${IMAGE_ARCHIVES:-$cache/images}
# project.build.outputTimestamp: the same inputs make the same layers.
epoch=$(date -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)" +%s)

image_label() { # NAME:TAG
  if use_docker; then docker image inspect --format "{{index .Config.Labels \"$label\"}}" "$1" 2>/dev/null
  else as_buildah inspect --type image --format "{{index .OCIv1.Config.Labels \"$label\"}}" "localhost/$1" 2>/dev/null; fi || true
}

# Debian's essential packages and libstdc++, and others if need be, with the security updates, without documentation.
make_base() { # TAR [PACKAGE]
  command -v mmdebstrap >/dev/null || apt_install mmdebstrap || die "mmdebstrap is needed to make a base image; or set BASE to one"
  local sources path options=('--include=?essential' "--include=libstdc++6,usr-is-merged${2:+,$2}")
  set -- "$1"
  mkdir -p "${1%/*}"
  sources=$(mktemp)
  # The mirror that this machine uses, where it is a Debian 12; else mmdebstrap's own.
  # shellcheck disable=SC2016 # apt-get's own variables
  { apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E '^deb [^ ]+ bookworm(-updates|-security)? main$' | sort -u > "$sources"; } || true
  for path in '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/doc/*' '/usr/lib/*/gconv/*'; do
    options+=("--dpkgopt=path-exclude=$path")
  done
  say "Making a Debian base image"
  if [ -s "$sources" ]; then set -- "$1" "$sources"; fi
  # What the hook removes is this machine's: its mirror, its name, its name servers.
  # shellcheck disable=SC2016 # $1 is the hook's, the new root
  options+=('--customize-hook=rm -f "$1"/etc/apt/sources.list.d/* "$1"/var/cache/debconf/*-old; : > "$1"/etc/hostname; : > "$1"/etc/resolv.conf')
  # usr-is-merged spares the image usrmerge and its 48 MB of Perl.
  as_root env SOURCE_DATE_EPOCH="$epoch" mmdebstrap --quiet --variant=custom \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "${options[@]}" '--dpkgopt=path-include=/usr/share/doc/*/copyright' \
    bookworm "$1.part.tar" "${@:2}" >&2 || die "cannot make a base image; set BASE to one"
  mv -f "$1.part.tar" "$1"
  rm -f "$sources"
}

# Prints the base image's name, having made it if need be.
base_image() { # [PACKAGE]
  local tar=$cache/images/base-bookworm${1:+-$1}.tar name container
  if [ -n "${BASE:-}" ]; then echo "$BASE"; return; fi
  if use_docker; then echo debian:bookworm-slim; return; fi
  [ -f "$tar" ] || make_base "$tar" "$@"
  name=localhost/fashion-base${1:+-$1}:bookworm-$(sha256sum "$tar" | cut -c1-12)
  if ! as_buildah inspect --type image "$name" >/dev/null 2>&1; then
    container=$(as_buildah from scratch)
    as_buildah add --quiet "$container" "$tar" / >/dev/null
    as_buildah commit --quiet --rm --timestamp "$epoch" "$container" "$name" >/dev/null
  fi
  echo "$name"
}

build() { # NAME CONTEXT DOCKERFILE KEY BASE
  local old options=(--build-arg "BASE=$5" --label "$label=$4" --label "org.opencontainers.image.version=$version"
    --label "org.opencontainers.image.title=$1" --label org.opencontainers.image.licenses=Apache-2.0)
  mkdir -p "$archives"
  # Of the builders only BuildKit sets it by itself.
  if grep -q '^ARG TARGETARCH$' "$3"; then options+=(--build-arg "TARGETARCH=$architecture"); fi
  if use_docker; then
    docker build --quiet "${options[@]}" -t "$1:$version" -f "$3" "$2" >/dev/null
    docker save -o "$archives/$1.tar" "$1:$version"
  else
    old=$(as_buildah images --quiet --no-trunc "localhost/$1:$version" 2>/dev/null || true)
    as_buildah bud --quiet --layers --arch "$architecture" --timestamp "$epoch" "${options[@]}" -t "localhost/$1:$version" -f "$3" "$2" >/dev/null
    rm -f "$archives/$1.tar"
    as_buildah push --quiet "localhost/$1:$version" "oci-archive:$archives/$1.tar:$1:$version"
    # Without its name the image before it only takes room.
    if [ -n "$old" ] && [ "$old" != "$(as_buildah images --quiet --no-trunc "localhost/$1:$version")" ]; then as_buildah rmi "$old" >/dev/null 2>&1 || true; fi
  fi
}

uncompressed_size() { # NAME
  if use_docker; then docker images --format '{{.Size}}' "$1:$version"
  else as_buildah images --format '{{.Size}}' "localhost/$1:$version"; fi
}

# A Java runtime of only the given modules and what every program with Google's or Kubernetes' clients needs: sql (java.sql.Date), naming,
# management, jgss; crypto.ec for TLS; unsupported for native buffers. Uncompressed: an image's layers are compressed anyway, better as a whole,
# and it starts faster.
make_jre() { # MODULES OUT
  "$JAVA_HOME/bin/jlink" --add-modules "$1,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.unsupported" \
    --strip-debug --no-header-files --no-man-pages --vm=server --compress zip-0 --output "$2"
}

# Dates in the image are the build's: the same inputs make the same layers.
date_all() { # DIRECTORY
  find "$1" -exec touch -h -d "@$epoch" {} +
}

image_fashion_trainer() {
  local dist=trainer/target/dist context=trainer/target/image base data key home
  [ -f "$dist/lib/fashion-trainer.jar" ] || die "$dist is missing: run mvn -pl trainer -am package first"
  [ -x "${JAVA_HOME:-}/bin/jlink" ] || die "set JAVA_HOME to a JDK 25"
  data=$(hack/data.sh | tail -n 1)
  base=$(base_image)
  key=$( { find "$dist/bin" "$dist/lib" "$dist/native" -type f ! -name '*.aot' -print0 | sort -z | xargs -0 sha256sum
    sha256sum trainer/Dockerfile hack/images.sh hack/lib.sh "$JAVA_HOME/release" "$data"/*.gz; echo "$base"; } | sha256sum | cut -c1-16)
  if [ "$(image_label "fashion-trainer:$version")" = "$key" ] && [ -f "$archives/fashion-trainer.tar" ]; then return; fi

  say "Building fashion-trainer:$version"
  command -v strip >/dev/null || apt_install binutils || die "strip (binutils) is needed"
  home=$context/$architecture/fashion-trainer
  rm -rf "$context"
  mkdir -p "$home" "$context/data"
  cp -r "$dist/bin" "$dist/lib" "$dist/native" "$home/"
  rm -f "$home"/lib/*.aot
  # Symbol tables that nothing looks at: 190 MB.
  strip --strip-all "$home"/native/*.so*
  cp "$data"/*.gz "$context/data/"
  make_jre "$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    "$dist/lib/fashion-trainer.jar" "$dist"/lib/fashion-training-crds-*.jar)" "$home/jre"
  date_all "$context"
  make_aot_cache "$home" "$data"
  date_all "$context"
  chmod -R u=rwX,go=rX "$context"
  build fashion-trainer "$context" trainer/Dockerfile "$key" "$base"
  rm -rf "$context"
}

image_fashion_training_operator() {
  local app=operator/target/quarkus-app context=operator/target/image base key
  [ -f "$app/quarkus-run.jar" ] || die "$app is missing: run mvn -pl operator -am package first"
  [ -x "${JAVA_HOME:-}/bin/jlink" ] || die "set JAVA_HOME to a JDK 25"
  base=$(base_image)
  key=$( { find "$app" -type f -print0 | sort -z | xargs -0 sha256sum
    sha256sum operator/Dockerfile hack/images.sh hack/lib.sh "$JAVA_HOME/release"; echo "$base"; } | sha256sum | cut -c1-16)
  if [ "$(image_label "fashion-training-operator:$version")" = "$key" ] && [ -f "$archives/fashion-training-operator.tar" ]; then return; fi

  say "Building fashion-training-operator:$version"
  rm -rf "$context"
  mkdir -p "$context/$architecture"
  cp -r "$app" "$context/$architecture/app"
  # zipfs: how Quarkus looks into jars; jfr, management: what a slow operator is looked at with; naming.dns: Netty's resolver.
  make_jre java.instrument,jdk.jfr,jdk.management,jdk.naming.dns,jdk.zipfs "$context/$architecture/jre"
  date_all "$context"
  (cd "$context/$architecture/app" && make_operator_cache operator.aot ../jre/bin/java quarkus-run.jar)
  date_all "$context"
  chmod -R u=rwX,go=rX "$context"
  build fashion-training-operator "$context" operator/Dockerfile "$key" "$base"
  rm -rf "$context"
}

image_vertex_emulator() {
  local dist=vertex-emulator/target/dist context=vertex-emulator/target/image base key
  [ -f "$dist/lib/vertex-emulator.jar" ] || die "$dist is missing: run mvn -pl vertex-emulator package first"
  [ -x "${JAVA_HOME:-}/bin/jlink" ] || die "set JAVA_HOME to a JDK 25"
  base=$(base_image)
  key=$( { find "$dist" -type f -print0 | sort -z | xargs -0 sha256sum
    sha256sum vertex-emulator/Dockerfile hack/images.sh hack/lib.sh "$JAVA_HOME/release"; echo "$base"; } | sha256sum | cut -c1-16)
  if [ "$(image_label "vertex-emulator:$version")" = "$key" ] && [ -f "$archives/vertex-emulator.tar" ]; then return; fi

  say "Building vertex-emulator:$version"
  rm -rf "$context"
  mkdir -p "$context/$architecture"
  cp -r "$dist/bin" "$dist/lib" "$context/$architecture/"
  # naming.dns: Netty's resolver.
  make_jre java.instrument,jdk.management,jdk.naming.dns "$context/$architecture/jre"
  "$context/$architecture/bin/vertex-emulator" --version >&2 || die "the emulator does not start in its runtime"
  date_all "$context"
  chmod -R u=rwX,go=rX "$context"
  build vertex-emulator "$context" vertex-emulator/Dockerfile "$key" "$base"
  rm -rf "$context"
}

# For demos and tests: Cloud Storage as a process.
image_storage_emulator() {
  local context=target/storage-emulator binary base key
  binary=$(hack/tools.sh fake-gcs-server)
  base=$(base_image)
  key=$( { sha256sum "$binary" hack/storage/Dockerfile hack/images.sh hack/lib.sh | cut -d ' ' -f 1; echo "$base"; } | sha256sum | cut -c1-16)
  if [ "$(image_label "storage-emulator:$version")" = "$key" ] && [ -f "$archives/storage-emulator.tar" ]; then return; fi

  say "Building storage-emulator:$version"
  rm -rf "$context"
  mkdir -p "$context/$architecture"
  cp "$binary" "$context/$architecture/fake-gcs-server"
  date_all "$context"
  chmod -R u=rwX,go=rX "$context"
  build storage-emulator "$context" hack/storage/Dockerfile "$key" "$base"
  rm -rf "$context"
}

# For tests: the trainer of one's own that is an example.
image_own_trainer() {
  local context=examples/own-trainer base key
  if use_docker; then base=${BASE:-python:3.13-slim-bookworm}; else base=$(base_image python3); fi
  key=$( { sha256sum "$context"/{Dockerfile,train.py} hack/images.sh hack/lib.sh; echo "$base"; } | sha256sum | cut -c1-16)
  if [ "$(image_label "own-trainer:$version")" = "$key" ] && [ -f "$cache/images/own-trainer.tar" ]; then return; fi

  say "Building own-trainer:$version"
  build own-trainer "$context" "$context/Dockerfile" "$key" "$base"
}

[ $# -gt 0 ] || set -- "${project_images[@]}"
for name in "$@"; do
  declare -F "image_${name//-/_}" >/dev/null || die "no image named $name"
  "image_${name//-/_}"
  archive=$archives/$name.tar
  echo "$name:$version  $(uncompressed_size "$name") unpacked, $(($(stat -c %s "$archive") / 1000000)) MB as $archive"
done
