#!/usr/bin/env bash
# Proves the trainer's image: runs it as its own user, on a read-only root file system, without network, on a small data set, and looks at what it left;
# and holds it to its limits: the size of what a node has to fetch, and the time to the first training step on the images inside it.
# Of all images of a release: that their labels and their processor are what they say, and that their archives have them.
#
#   hack/test-image.sh
#
# Uses Docker where an engine answers, else runc. Expects hack/images.sh to have been run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

image=fashion-trainer:$(project_version)
largest_archive=320000000 # bytes, compressed
latest_first_step=3 # seconds after the start
work=$(mktemp -d)
container=
finish() {
  [ -z "$container" ] || as_buildah rm "$container" >/dev/null || true
  as_root rm -rf "$work"
}
trap finish EXIT

small_data "$(hack/data.sh | tail -n 1)" "$work/data" 600 100
mkdir "$work/output" "$work/tmp"
chmod -R go+rX "$work"
as_root chown 65532:65532 "$work/output" "$work/tmp"

# The runtime's own description of a container, such as Kubernetes makes with readOnlyRootFilesystem, runAsNonRoot and all capabilities dropped.
bundle() { # ROOT ENV_JSON ARGS_JSON
  cat <<EOF
{"ociVersion": "1.0.2", "hostname": "trainer", "root": {"path": "$1", "readonly": true},
 "process": {"user": {"uid": 65532, "gid": 65532}, "cwd": "/tmp", "env": $2, "args": $3, "noNewPrivileges": true},
 "mounts": [
  {"destination": "/proc", "type": "proc", "source": "proc"},
  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
  {"destination": "/tmp", "type": "bind", "source": "$work/tmp", "options": ["bind", "rw", "nosuid", "nodev"]},
  {"destination": "/input", "type": "bind", "source": "$work/data", "options": ["bind", "ro"]},
  {"destination": "/output", "type": "bind", "source": "$work/output", "options": ["bind", "rw"]}],
 "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}]}}
EOF
}

# Runs the image with the given arguments, as the image says it wants to be run.
run() {
  if use_docker; then
    docker run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges \
      -v "$work/tmp:/tmp" -v "$work/data:/input:ro" -v "$work/output:/output" "$image" "$@"
    return
  fi
  local root args
  command -v runc >/dev/null || apt_install runc || die "runc or a Docker engine is needed"
  [ -n "$container" ] || container=$(as_buildah from --pull-never "localhost/$image")
  root=$(as_buildah mount "$container")
  # /input and /output, where they are mounted, have to be there in a root that cannot be written to.
  as_root mkdir -p "$root/input" "$root/output" "$root/proc" "$root/dev"
  args=$(printf ', "%s"' "$@")
  # shellcheck disable=SC2016 # Go's template language
  bundle "$root" "$(as_buildah inspect --format '[{{range $i, $e := .OCIv1.Config.Env}}{{if $i}}, {{end}}{{printf "%q" $e}}{{end}}]' "$container")" \
    "[\"$(as_buildah inspect --format '{{index .OCIv1.Config.Entrypoint 0}}' "$container")\"$args]" > "$work/config.json"
  as_root runc run --bundle "$work" "fashion-trainer-test-$$"
}

# What an image says of itself; the fields have the same names for both.
property() { # NAME:VERSION GO_TEMPLATE_OF_DOCKER GO_TEMPLATE_OF_BUILDAH
  if use_docker; then docker image inspect --format "$2" "$1"; else as_buildah inspect --type image --format "$3" "localhost/$1"; fi
}
label() { property "$1" "{{index .Config.Labels \"$2\"}}" "{{index .OCIv1.Config.Labels \"$2\"}}"; }
is() { # WHAT SAID EXPECTED
  [ "$2" = "$3" ] || die "$1 is '$2', not '$3'"
}

version=$(project_version)
for name in fashion-trainer fashion-training-operator vertex-emulator; do
  is "the processor of $name" "$(property "$name:$version" '{{.Architecture}}' '{{.OCIv1.Architecture}}')" "$(machine_architecture)"
  is "the user of $name" "$(property "$name:$version" '{{.Config.User}}' '{{.OCIv1.Config.User}}')" 65532:65532
  is "the version of $name" "$(label "$name:$version" org.opencontainers.image.version)" "$version"
  is "the title of $name" "$(label "$name:$version" org.opencontainers.image.title)" "$name"
  is "the licence of $name" "$(label "$name:$version" org.opencontainers.image.licenses)" Apache-2.0
  [ -n "$(label "$name:$version" io.fashionmnist.training.inputs)" ] || die "$name does not say what it was made of"
  # Its name in the archive is what a cluster's node knows it by.
  grep -q "\"$name:$version\"" < <(tar -xOf "$cache/images/$name.tar" "$(if use_docker; then echo manifest.json; else echo index.json; fi)") ||
    die "the archive of $name does not name it $name:$version"
done

run --version
run train --epochs 1 --data /input --output /output || die "the trainer failed with exit code $?"
[ -s "$work/output/report.json" ] || die "there is no report.json in the output"
[ -s "$work/output/report.html" ] || die "there is no report.html in the output"
# The shortest of up to three starts: what else the machine does can only make one longer.
starts=()
for n in 1 2 3; do
  run train --epochs 1 --validation-fraction 0.9 --output "/output/$n" --log-format Json > "$work/log" || { cat "$work/log" >&2; die "the trainer fails on its own data"; }
  first=$(sed -n 's/.*"secondsToFirstStep":\([0-9.]*\).*/\1/p' "$work/log")
  [ -n "$first" ] || die "the log does not tell when the first step was done"
  starts+=("$first")
  if awk -v first="$first" -v latest=$latest_first_step 'BEGIN { exit !(first < latest) }'; then break; fi
  [ $n -lt 3 ] || die "the first training step was done ${starts[*]} s after the start; $latest_first_step s are allowed"
done
left=$(find "$work/tmp" -type f)
[ -z "$left" ] || die "the trainer left files in /tmp: $left"
# Docker's archives are not compressed, buildah's are.
size=$(if use_docker; then docker save "$image" | gzip -6 | wc -c; else stat -c %s "$cache/images/fashion-trainer.tar"; fi)
[ "$size" -le $largest_archive ] || die "the image is $((size / 1000000)) MB compressed; $((largest_archive / 1000000)) MB are allowed"
say "$((size / 1000000)) MB compressed; the first training step $first s after the start"
say "The image works as user 65532 on a read-only root; its output: $(cd "$work/output" && echo *)"
