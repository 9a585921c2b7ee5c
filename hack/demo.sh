#!/usr/bin/env bash
# A quota that fails, and a trained model all the same: brings up a cluster with emulators of Vertex AI and Cloud Storage, installs the chart,
# applies examples/quota-fallback.yaml while the CPU quota is exhausted and follows it through its placements into a pod of the cluster. Then it
# raises the quota and runs the same manifest as a custom job.
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

example=examples/quota-fallback.yaml
kubectl() { hack/cluster.sh kubectl "$@"; }

definition=fashiontrainingjobs.training.fashion-mnist.io
has() { [ -n "$(kubectl get "$@" --ignore-not-found --output name)" ]; }

# Stops where an operator is at work that has no emulators: somebody works with it.
refuse_other_installation() {
  if has deployment/fashion-training-operator --namespace fashion-training && ! has service/fashion-training-operator-vertex --namespace fashion-training; then
    die "this cluster has a fashion-training-operator that this demo has not installed; it would be given emulators for Google's services"
  fi
}

if [ "${1:-}" = down ]; then
  if [ "${CLUSTER:-local}" = current ]; then
    refuse_other_installation
    ! has customresourcedefinition/$definition || kubectl delete --ignore-not-found fashiontrainingjob/quota-fallback fashiontrainingjob/quota-raised
    "$(hack/tools.sh helm)" uninstall fashion-training-operator --namespace fashion-training --ignore-not-found
    kubectl delete --ignore-not-found namespace/fashion-training serviceaccount/trainer
    # With the definition all jobs would go.
    if [ -z "$(kubectl get $definition --all-namespaces --output name --ignore-not-found 2>/dev/null)" ]; then
      kubectl delete --ignore-not-found customresourcedefinition/$definition
    fi
  fi
  exec hack/cluster.sh down
fi

# Follows a job to its end.
follow() { # NAME
  local phase="" line last=""
  for _ in $(seq 300); do
    line=$(kubectl get ftj "$1" --no-headers)
    [ "${line% *}" = "${last% *}" ] || echo "$line"
    last=$line
    phase=$(kubectl get ftj "$1" -o 'jsonpath={.status.phase}')
    case $phase in Succeeded | Failed) break ;; esac
    sleep 1
  done
  echo
  kubectl get ftj "$1"
  echo
  kubectl get ftj "$1" -o 'jsonpath={range .status.attempts[*]}{.number}{"\t"}{.placement}{"\t"}{.state}{"\t"}{.reason}{"\t"}{.message}{"\n"}{end}' |
    cut -c 1-150 | column -t -s "$(printf '\t')" -N ATTEMPT,PLACEMENT,STATE,REASON,MESSAGE
  echo
  # What describe says of it: the conditions, QuotaAvailable among them, and the events.
  kubectl describe ftj "$1" | awk '/^Events:/ {events = 1} /^  [A-Z]/ {shown = /^  Conditions:/} shown || events' | cut -c 1-150
  echo
  kubectl get ftj "$1" -o 'jsonpath={"model and report: "}{.status.attempts[-1:].outputUri}{"\n"}'
  [ "$phase" = Succeeded ] || die "the job ended as ${phase:-unfinished}: hack/cluster.sh kubectl describe ftj $1"
}

# Waits until the operator has read a limit: the replica that leads tells it among its metrics.
await_limit() { # REGION METRIC LIMIT
  local pod
  for _ in $(seq 60); do
    for pod in $(kubectl --namespace fashion-training get pods --selector app.kubernetes.io/name=fashion-training-operator -o 'jsonpath={.items[*].metadata.name}'); do
      if kubectl get --raw "/api/v1/namespaces/fashion-training/pods/$pod:8080/proxy/q/metrics" 2>/dev/null |
        grep '^fashion_training_quota_limit{' | grep -F "metric=\"$2\"" | grep -F "region=\"$1\"" | grep -q " $3\(\.0\)\?$"; then return; fi
    done
    sleep 1
  done
  die "the operator has not read the limit of $2 in $1 within a minute; see hack/cluster.sh kubectl --namespace fashion-training logs deployment/fashion-training-operator"
}

hack/cluster.sh up
KUBECONFIG=$(hack/cluster.sh kubeconfig)
export KUBECONFIG
refuse_other_installation
hack/google.sh up
hack/install.sh -f hack/demo/values.yaml
kubectl create serviceaccount trainer --dry-run=client -o yaml | kubectl apply -f - > /dev/null

say "kubectl apply -f $example"
kubectl delete fashiontrainingjob quota-fallback quota-raised --ignore-not-found
kubectl apply -f "$example"
follow quota-fallback
[ "$(kubectl get ftj quota-fallback -o 'jsonpath={.status.backend}')" = Cluster ] || die "it should have ended in the cluster"

say "The quota is raised; the same manifest, as another job"
hack/google.sh quota us-central1/custom_model_training_cpus=42
await_limit us-central1 custom_model_training_cpus 42
sed 's/name: quota-fallback/name: quota-raised/' "$example" | kubectl apply -f -
follow quota-raised
[ "$(kubectl get ftj quota-raised -o 'jsonpath={.status.backend}')" = Vertex ] || die "it should have run on Vertex AI"
echo "The cluster stays up: export KUBECONFIG=$KUBECONFIG; \`make demo-down\` deletes it."
