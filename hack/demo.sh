#!/usr/bin/env bash
# From nothing to a model trained in a pod: brings up a cluster, runs the operator beside it, applies examples/quickstart.yaml and follows it.
#
#   hack/demo.sh          # CLUSTER=local, kind or current chooses the cluster
#   hack/demo.sh down     # deletes the cluster that it brought up
#
# It expects `mvn package` to have been run, the trainer's image to be built, and JAVA_HOME to be a JDK 25. The operator runs as a process of
# this machine, with the rights of the cluster's administrator, for as long as the demo does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

if [ "${1:-}" = down ]; then exec hack/cluster.sh down; fi

hack/cluster.sh up
hack/cluster.sh load "$cache/images/fashion-trainer.tar"
kubectl() { hack/cluster.sh kubectl "$@"; }
KUBECONFIG=$(hack/cluster.sh kubeconfig)
export KUBECONFIG

kubectl apply --server-side -f helm/fashion-training-operator/files/fashiontrainingjobs.yaml
log=$(mktemp)
QUARKUS_HTTP_PORT=0 "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -jar operator/target/quarkus-app/quarkus-run.jar > "$log" 2>&1 &
operator=$!
trap 'kill "$operator" 2>/dev/null || true; rm -f "$log"' EXIT

kubectl delete fashiontrainingjob quickstart --ignore-not-found
kubectl apply -f examples/quickstart.yaml
phase=""
for _ in $(seq 120); do
  kill -0 "$operator" 2>/dev/null || { cat "$log" >&2; die "the operator has ended; see above"; }
  line=$(kubectl get ftj quickstart --no-headers)
  [ "$line" = "${last:-}" ] || echo "$line"
  last=$line
  phase=$(kubectl get ftj quickstart -o 'jsonpath={.status.phase}')
  case $phase in Succeeded | Failed) break ;; esac
  sleep 5
done
kubectl get ftj quickstart
kubectl get ftj quickstart -o 'jsonpath={range .status.attempts[*]}attempt {.number} on {.placement}: {.state}, {.message}{"\n"}{end}'
[ "$phase" = Succeeded ] || die "the job ended as ${phase:-unfinished}: hack/cluster.sh kubectl describe ftj quickstart"
echo "The cluster stays up: export KUBECONFIG=$KUBECONFIG; \`make demo-down\` deletes it."
