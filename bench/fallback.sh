#!/usr/bin/env bash
# Measures how long it takes to get past full placements to the first training step, and how many calls to Vertex AI live jobs cost, on a control
# plane of its own, which it takes down again.
#
#   bench/fallback.sh                                 # writes docs/benchmarks.md
#   bench/fallback.sh --jobs 10,100 --seconds 30      # only prints; operator-benchmark fallback --help lists the options
#
#   CLUSTER_PORT        the API server's port, and the four after it (default: 7443): a cluster on other ports is not disturbed
#   BENCH_DIRECTORY     keeps logs there (default: a temporary folder, deleted)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

case ${1:-} in -h | --help) header bench/fallback.sh; exit ;; esac

java=$JAVA_HOME/bin/java
command="$java ${operator_options[*]} -Xmn24m -Xmx307m -jar operator/target/quarkus-app/quarkus-run.jar"
report=()
[ $# -gt 0 ] || report=(--markdown docs/benchmarks.md)

data=$(hack/data.sh | tail -n 1)
storage=$(hack/tools.sh fake-gcs-server)
hack/tools.sh etcd kubernetes coredns local-path-provisioner >/dev/null

# A state of its own for hack/cluster.sh; the programs are those of every cluster here.
work=$(mktemp -d)
mkdir -p "$work/fashion-training" "$work/buckets"
ln -s "$cache/tools" "$work/fashion-training/tools"
directory=${BENCH_DIRECTORY:-$work}
mkdir -p "$directory"
export CLUSTER=local CLUSTER_PORT=${CLUSTER_PORT:-7443}
cluster() { XDG_CACHE_HOME=$work hack/cluster.sh "$@"; }
KUBECONFIG=$(cluster kubeconfig)
export KUBECONFIG

clean() {
  [ -z "${buckets:-}" ] || kill "$buckets" 2>/dev/null || true
  cluster down
  rm -rf "$work"
}
trap clean EXIT

port=$((CLUSTER_PORT + 5))
"$storage" -scheme http -host 127.0.0.1 -port "$port" -backend filesystem -filesystem-root "$work/buckets" \
  -public-host "127.0.0.1:$port" -external-url "http://127.0.0.1:$port" > "$directory/storage.log" 2>&1 &
buckets=$!
cluster up --control-plane
cluster kubectl apply --server-side -f helm/fashion-training-operator/files/fashiontrainingjobs.yaml >&2
"$java" -Xmx512m -XX:+UseSerialGC -cp 'bench/operator/target/classes:bench/operator/target/lib/*' io.fashionmnist.training.bench.OperatorBenchmark fallback \
  --command "$command" --emulator vertex-emulator/target/dist/bin/vertex-emulator --trainer "$PWD/trainer/target/dist/bin/fashion-trainer" \
  --storage "http://127.0.0.1:$port" --data "$data" --directory "$directory" "${report[@]}" "$@"
