#!/usr/bin/env bash
# Sets a Google Cloud project up for the operator: three service accounts with the rights they need and no more, a bucket in each region,
# a repository of images, and the cluster's right to act as these accounts. docs/gcp-setup.md says what each part is for.
#
#   hack/gcp-setup.sh --project P --regions R,R [OPTION...] --dry-run   # prints the gcloud commands and the chart's values; calls nothing (default)
#   hack/gcp-setup.sh --project P --regions R,R [OPTION...] --apply     # looks what is there and runs the others; again and again if you like
#   hack/gcp-setup.sh --project P --regions R,R [OPTION...] --check     # acts as each account, tests each permission, tells what mends it
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=hack/lib.sh
. "$here/lib.sh"
# shellcheck source=hack/gcp/gcloud.sh
. "$here/gcp/gcloud.sh"
# shellcheck source=hack/gcp/plan.sh
. "$here/gcp/plan.sh"

usage() {
  cat <<'END'
usage: hack/gcp-setup.sh --project PROJECT --regions REGION[,REGION...] [OPTION...]

  --project PROJECT             the project that jobs run in
  --regions REGION[,REGION...]  where, in this order; the first is the default
  --dry-run                     print the commands and call nothing (default)
  --apply                       do it
  --check                       test every permission and tell which command mends what is missing

Names, which have defaults:
  --bucket-prefix PREFIX        buckets are PREFIX-REGION (PROJECT-fashion-training)
  --installation NAME           the operator's config.installation (fashion-training)
  --training-account NAME       jobs run as this account (model-training-sa)
  --registry-account NAME       models are uploaded as this one (model-registry-sa)
  --operator-account NAME       the operator acts as this one (INSTALLATION-operator)
  --repository LOCATION/NAME    images, in Artifact Registry (FIRST_REGION/fashion-training)
  --image-project PROJECT       the project of that repository (PROJECT)

The cluster:
  --namespace NAMESPACE         the operator's namespace (fashion-training)
  --service-account NAME        the operator's Kubernetes account (fashion-training-operator)
  --trainers NAMESPACE[/NAME]   a Kubernetes account (default) whose pods train: they act as the training account. May be repeated
  --gke LOCATION/CLUSTER        a GKE cluster, which is looked at: it must have Workload Identity Federation
  --gke-project PROJECT         the project of the GKE cluster (PROJECT)
  --oidc-issuer URL             another cluster: the issuer of its service accounts' tokens, instead of --gke and --gke-project
  --oidc-keys FILE              the issuer's keys (kubectl get --raw /openid/v1/jwks), if Google can't reach it
  --pool NAME                   the workload identity pool and its provider for that cluster (INSTALLATION)

  --predefined-roles            roles/aiplatform.user instead of custom roles, which some organizations forbid
  --project-number NUMBER       written into the printed commands; otherwise PROJECT_NUMBER stands there
END
}

bad() { die "$1; hack/gcp-setup.sh --help tells the options"; }

# What an option's value must look like.
fits() { # OPTION VALUE PATTERN EXAMPLE
  [[ $2 =~ ^($3)$ ]] || bad "$1 ${2:-without a value} must look like $4"
}

mode='' project='' regions=() prefix='' installation=fashion-training training=model-training-sa registry=model-registry-sa operator=''
repository='' image_project='' namespace=fashion-training kubernetes_account=fashion-training-operator trainers=() gke='' gke_project=''
issuer='' keys='' pool='' predefined=false number=''
id='[a-z]([a-z0-9-]{4,28})[a-z0-9]'
label='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
# A project's id may have a domain's prefix: example.com:my-project.
project_id="([a-z0-9.-]+:)?$id"

while [ $# -gt 0 ]; do
  option=$1 value=${2:-}
  case $option in
    --help | -h) usage; exit ;;
    --dry-run | --apply | --check)
      [ -z "$mode" ] || [ "$mode" = "${option#--}" ] || bad "--$mode and $option can't both be"
      mode=${option#--}; shift; continue ;;
    --predefined-roles) predefined=true; shift; continue ;;
    --project) fits "$option" "$value" "$project_id" my-project; project=$value ;;
    --regions) fits "$option" "$value" '[a-z]+-[a-z]+[0-9]+(,[a-z]+-[a-z]+[0-9]+)*' us-central1,us-west1; IFS=, read -ra regions <<<"$value" ;;
    --bucket-prefix) fits "$option" "$value" '[a-z0-9][a-z0-9_-]{1,40}' my-results; prefix=$value ;;
    --installation) fits "$option" "$value" '[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?' fashion-training; installation=$value ;;
    --training-account) fits "$option" "$value" "$id" model-training-sa; training=$value ;;
    --registry-account) fits "$option" "$value" "$id" model-registry-sa; registry=$value ;;
    --operator-account) fits "$option" "$value" "$id" fashion-training-operator; operator=$value ;;
    --repository) fits "$option" "$value" '[a-z0-9-]+/[a-z][a-z0-9-]{0,61}[a-z0-9]' us-central1/fashion-training; repository=$value ;;
    --image-project) fits "$option" "$value" "$project_id" my-images; image_project=$value ;;
    --namespace) fits "$option" "$value" "$label" fashion-training; namespace=$value ;;
    --service-account) fits "$option" "$value" "$label" fashion-training-operator; kubernetes_account=$value ;;
    --trainers) fits "$option" "$value" "$label(/$label)?" team-a/trainer; trainers+=("$value") ;;
    --gke) fits "$option" "$value" '[a-z0-9-]+/[a-z][a-z0-9-]*' us-central1/my-cluster; gke=$value ;;
    --gke-project) fits "$option" "$value" "$project_id" my-clusters; gke_project=$value ;;
    --oidc-issuer) fits "$option" "$value" 'https://[^[:space:]#]+' https://oidc.example.com/cluster; issuer=$value ;;
    --oidc-keys) fits "$option" "$value" '[^[:space:]#]+' jwks.json; keys=$value ;;
    --pool) fits "$option" "$value" '[a-z0-9][a-z0-9-]{2,30}[a-z0-9]' fashion-training; pool=$value ;;
    --project-number) fits "$option" "$value" '[0-9]+' 123456789012; number=$value ;;
    *) bad "there is no option $option" ;;
  esac
  shift 2
done

case $mode in '' | dry-run) mode=plan ;; esac
[ -n "$project" ] || bad "--project is missing"
[ ${#regions[@]} -gt 0 ] || bad "--regions is missing"
[ -z "$issuer" ] || [ -z "$gke$gke_project" ] || bad "a cluster is GKE's (--gke) or another one (--oidc-issuer), not both"
[ -z "$keys" ] || [ -n "$issuer" ] || bad "--oidc-keys needs --oidc-issuer"
prefix=${prefix:-${project//[:.]/-}-fashion-training}
operator=${operator:-$installation-operator}
fits "the operator's account," "$operator" "$id" "a name of 6 to 30 characters (--operator-account)"
repository=${repository:-${regions[0]}/fashion-training}
image_project=${image_project:-$project}
gke_project=${gke_project:-$project}
pool=${pool:-$installation}
for region in "${regions[@]}"; do
  [ $(( ${#prefix} + 1 + ${#region} )) -le 63 ] || bad "$prefix-$region has more than the 63 characters that a bucket's name may have; say --bucket-prefix"
done

everything
