#!/usr/bin/env bash
# Tags the project's images for a registry and pushes them.
#
#   hack/push.sh REGISTRY [NAME...]     # default: all of them; hack/push.sh europe-west4-docker.pkg.dev/my-project/my-repo -> .../fashion-trainer:0.1.0
#
# Expects hack/images.sh to have been run, and you to be logged in: `gcloud auth configure-docker HOST`, `docker login` or `buildah login`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

[ -n "${1:-}" ] || die "usage: hack/push.sh REGISTRY [NAME...]"
registry=${1%/}
shift
[ $# -gt 0 ] || set -- "${project_images[@]}"
version=$(project_version)

for name in "$@"; do
  target=$registry/$name:$version
  say "Pushing $target"
  if use_docker; then
    docker tag "$name:$version" "$target"
    docker push --quiet "$target" >/dev/null
  else
    options=(--quiet --compression-format gzip --compression-level 9)
    # A registry on this machine speaks plain HTTP, as Docker assumes too.
    case $registry in localhost[:/]* | 127.0.0.1[:/]*) options+=(--tls-verify=false) ;; esac
    as_buildah push "${options[@]}" "localhost/$name:$version" "docker://$target"
  fi
  echo "$target"
done
