#!/usr/bin/env bash
# From nothing to a model trained in a pod: brings up a cluster, installs the chart, applies examples/quickstart.yaml and follows it.
#
#   hack/demo.sh          # CLUSTER=local, kind or current chooses the cluster
#   hack/demo.sh down     # uninstalls, and deletes the cluster that it brought up
#
# It expects the images to be built (hack/images.sh). CLUSTER=current gets its images from a registry: `make push REGISTRY=...` before, and
# REGISTRY=... here too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

kubectl() { hack/cluster.sh kubectl "$@"; }

if [ "${1:-}" = down ]; then
  if [ "${CLUSTER:-local}" = current ]; then
    kubectl delete --ignore-not-found -f examples/quickstart.yaml
    "$(hack/tools.sh helm)" uninstall fashion-training-operator --namespace fashion-training --ignore-not-found
    kubectl delete --ignore-not-found namespace/fashion-training customresourcedefinition/fashiontrainingjobs.training.fashion-mnist.io
  fi
  exec hack/cluster.sh down
fi

hack/cluster.sh up
KUBECONFIG=$(hack/cluster.sh kubeconfig)
export KUBECONFIG
hack/install.sh

kubectl delete fashiontrainingjob quickstart --ignore-not-found
kubectl apply -f examples/quickstart.yaml
phase=""
for _ in $(seq 300); do
  line=$(kubectl get ftj quickstart --no-headers)
  [ "$line" = "${last:-}" ] || echo "$line"
  last=$line
  phase=$(kubectl get ftj quickstart -o 'jsonpath={.status.phase}')
  case $phase in Succeeded | Failed) break ;; esac
  sleep 2
done
kubectl get ftj quickstart
kubectl get ftj quickstart -o 'jsonpath={range .status.attempts[*]}attempt {.number} on {.placement}: {.state}, {.message}{"\n"}{end}'
[ "$phase" = Succeeded ] || die "the job ended as ${phase:-unfinished}: hack/cluster.sh kubectl describe ftj quickstart"
echo "The cluster stays up: export KUBECONFIG=$KUBECONFIG; \`make demo-down\` deletes it."
