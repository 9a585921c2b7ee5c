#!/usr/bin/env bash
# Measures the operator beside Kubeflow's training operator, each on a fresh control plane of its own, which it takes down again.
#
#   bench/operator.sh                               # writes docs/benchmarks.md
#   bench/operator.sh --jobs 100 --finished 0 ...   # only prints; operator-benchmark measure --help lists the options
#
#   OPERATOR_COMMAND    starts this operator: say, with other options of the JVM
#   CONTENDERS          which are measured (default: fashion_training training_operator plain_jobs)
#   CLUSTER_PORT        the API server's port, and the four after it (default: 7443): a cluster on other ports is not disturbed
#   BENCH_DIRECTORY     keeps logs and results there (default: a temporary folder, deleted)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

case ${1:-} in -h | --help) header bench/operator.sh; exit ;; esac

java=$JAVA_HOME/bin/java
read -ra contenders <<< "${CONTENDERS:-fashion_training training_operator plain_jobs}"
report=()
[ $# -gt 0 ] || report=(--markdown docs/benchmarks.md)

training_operator=$(hack/tools.sh training-operator)
hack/tools.sh etcd kubernetes coredns local-path-provisioner >/dev/null

# A state of its own for hack/cluster.sh; the programs are those of every cluster here.
work=$(mktemp -d)
mkdir "$work/fashion-training"
ln -s "$cache/tools" "$work/fashion-training/tools"
jar=operator/target/quarkus-app/quarkus-run.jar
make_operator_cache "$work/operator.aot" "$java" $jar
command=${OPERATOR_COMMAND:-$java -XX:AOTCache=$work/operator.aot ${operator_options[*]} -Xmn24m -XX:MaxRAM=512m -XX:MaxRAMPercentage=37 -jar $jar}
directory=${BENCH_DIRECTORY:-$work}
mkdir -p "$directory"
export CLUSTER=local CLUSTER_PORT=${CLUSTER_PORT:-7443}
cluster() { XDG_CACHE_HOME=$work hack/cluster.sh "$@"; }
KUBECONFIG=$(cluster kubeconfig)
export KUBECONFIG

# Where the peer looks for its webhook's certificate: in its image a mounted Secret.
certificates=/tmp/k8s-webhook-server/serving-certs

clean() {
  [ -z "${peer:-}" ] || kill "$peer" 2>/dev/null || true
  cluster down
  rm -rf "$work"
  [ -z "${made_certificates:-}" ] || rm -rf "${certificates%/*}"
}
trap clean EXIT

benchmark() { "$java" -Xmx1g -XX:+UseSerialGC -cp 'bench/operator/target/classes:bench/operator/target/lib/*' io.fashionmnist.training.bench.OperatorBenchmark "$@"; }

prepare_plain_jobs() { :; }

prepare_fashion_training() {
  cluster kubectl apply --server-side -f helm/fashion-training-operator/files/fashiontrainingjobs.yaml >&2
}

# Its own files for the resource definition. Of the webhook it needs the certificate, which it makes when it first runs.
prepare_training_operator() {
  local module
  module=$(cd hack/tools/training-operator && GOWORK=off go mod download -json github.com/kubeflow/training-operator | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cluster kubectl apply --server-side -f "$module/manifests/base/crds/kubeflow.org_tfjobs.yaml" >&2
  cluster kubectl create namespace kubeflow >&2
  cluster kubectl --namespace kubeflow create secret generic training-operator-webhook-cert >&2
  made_certificates=yes
  mkdir -p "$certificates"
  rm -f "$certificates"/*
  "$training_operator" --enable-scheme=tfjob --metrics-bind-address=0 --health-probe-bind-address=0 > "$directory/certificates.log" 2>&1 &
  peer=$!
  local key
  for key in tls.crt tls.key; do
    until cluster kubectl --namespace kubeflow get secret training-operator-webhook-cert -o "jsonpath={.data.${key/./\\.}}" | base64 -d > "$work/$key" && [ -s "$work/$key" ]; do
      kill -0 "$peer" 2>/dev/null || { cat "$directory/certificates.log" >&2; die "the training operator has ended; see above"; }
      sleep 0.5
    done
    mv "$work/$key" "$certificates/$key"
  done
  kill "$peer"
  wait "$peer" 2>/dev/null || true
  peer=
}

results=()
for contender in "${contenders[@]}"; do
  name=${contender^^}
  case $contender in
    plain_jobs) run=() ;;
    fashion_training) run=(--command "$command") ;;
    training_operator) run=(--command "$training_operator") ;;
    *) die "CONTENDERS: $contender is none of plain_jobs, fashion_training, training_operator" ;;
  esac
  say "Measuring $contender"
  cluster up --control-plane
  # There is nothing to schedule on; its verdict on every pod would only cost time.
  cluster stop scheduler
  "prepare_$contender"
  besides=()
  for component in etcd apiserver controller-manager; do
    besides+=(--beside "$component=$(cat "$work/fashion-training/cluster/pids/$component")")
  done
  benchmark measure --contender "$contender" "${run[@]}" --directory "$directory" "${besides[@]}" "$@"
  results+=("$directory/$name.json")
  cluster down
done
benchmark report "${report[@]}" "${results[@]}"
