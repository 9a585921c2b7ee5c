# Sourced by hack/gcp-setup.sh: all that the project is to have, in the order in which it is made.
# shellcheck shell=bash disable=SC2154,SC2034 # the options, and what gcloud.sh and this share

services=(aiplatform artifactregistry cloudquotas cloudresourcemanager iam iamcredentials logging monitoring serviceusage storage sts)

# The permissions on Vertex AI that an account's calls need.
permissions_of() { # ACCOUNT
  awk -F'\t' -v account="$1" '$1 == account && $3 ~ /^aiplatform[.]/ { print $3 }' "$here/gcp/permissions.tsv" | LC_ALL=C sort -u
}

everything() {
  local operator_permissions training_permissions registry_permissions
  mapfile -t operator_permissions < <(permissions_of operator)
  mapfile -t training_permissions < <(permissions_of training)
  mapfile -t registry_permissions < <(permissions_of registry)
  local there=no later='' absent_accounts='' absent_buckets='' number=$number crm iam storage
  errors=$(mktemp)
  trap 'rm -f "$errors"' EXIT
  if [ "$mode" = plan ]; then
    number=${number:-PROJECT_NUMBER}
  else
    command -v gcloud >/dev/null || die "gcloud is needed: see https://cloud.google.com/sdk/docs/install"
    number=$(look gcloud projects describe "$project" '--format=value(projectNumber)') || die "there is no project $project"
    crm=$(endpoint cloudresourcemanager https://cloudresourcemanager.googleapis.com)
    iam=$(endpoint iam https://iam.googleapis.com)
    storage=$(endpoint storage https://storage.googleapis.com)
    storage=${storage%/storage/v1}/storage/v1
  fi
  local domain operator_email training_email registry_email
  domain=$(account_domain)
  operator_email=$operator@$domain training_email=$training@$domain registry_email=$registry@$domain

  heading "APIs"
  apis
  heading "Accounts"
  account "$operator" "Fashion Training Operator" "Submits custom jobs and reads quotas and reports"
  account "$training" "Fashion Training: jobs" "Training jobs run as this account"
  account "$registry" "Fashion Training: registry" "Uploads trained models; the operator acts as it"
  heading "Buckets"
  local region
  for region in "${regions[@]}"; do bucket "$prefix-$region" "$region"; done
  heading "Images"
  images
  heading "The operator's rights"
  vertex_right "$operator_email" operator "Custom jobs of the Fashion Training Operator" "${operator_permissions[@]}"
  right "$operator_email" project "$project" roles/cloudquotas.viewer cloudquotas.quotas.get
  right "$operator_email" project "$project" roles/serviceusage.serviceUsageViewer monitoring.timeSeries.list serviceusage.quotas.get
  right "$operator_email" account "$training_email" roles/iam.serviceAccountUser iam.serviceAccounts.actAs
  right "$operator_email" account "$registry_email" roles/iam.serviceAccountTokenCreator iam.serviceAccounts.getAccessToken
  for region in "${regions[@]}"; do
    right "$operator_email" bucket "$prefix-$region" roles/storage.objectViewer storage.objects.get storage.objects.list
    right "$operator_email" bucket "$prefix-$region" roles/storage.legacyBucketReader storage.buckets.get
  done
  heading "The training account's rights"
  vertex_right "$training_email" trainer "Experiments of fashion training jobs" "${training_permissions[@]}"
  right "$training_email" project "$project" roles/logging.logWriter logging.logEntries.create
  for region in "${regions[@]}"; do
    right "$training_email" bucket "$prefix-$region" roles/storage.objectUser storage.objects.{create,delete,get,list,update}
  done
  heading "The registry account's rights"
  vertex_right "$registry_email" registry "Model uploads of the Fashion Training Operator" "${registry_permissions[@]}"
  for region in "${regions[@]}"; do
    right "$registry_email" bucket "$prefix-$region" roles/storage.objectViewer storage.objects.get storage.objects.list
  done
  heading "Who pulls the trainer's image on Vertex AI"
  service_agents
  heading "The cluster"
  cluster

  if [ "$mode" = check ]; then
    [ "$missing" = 0 ] || die "$missing of the above are missing: run the commands printed with them, or this again with --apply"
    say "All is there."
  else
    values
  fi
}

heading() {
  if [ "$mode" = plan ]; then echo "# $1"; else say "$1"; fi
}

# A project with a domain's prefix has the parts the other way round in its accounts' names.
account_domain() {
  if [[ $project = *:* ]]; then echo "${project#*:}.${project%%:*}.iam.gserviceaccount.com"; else echo "$project.iam.gserviceaccount.com"; fi
}

apis() {
  local name enabled='' off=()
  if [ "$mode" != plan ]; then enabled=$(look gcloud services list --enabled "--project=$project" '--format=value(config.name)'); fi
  for name in "${services[@]}"; do
    grep -qxF "$name.googleapis.com" <<<"$enabled" || off+=("$name.googleapis.com")
  done
  there=no
  [ ${#off[@]} != 0 ] || there=yes
  want "APIs ${off[*]:-that are needed}" gcloud services enable "${off[@]}" "--project=$project"
}

account() { # NAME TITLE DESCRIPTION
  whether look gcloud iam service-accounts describe "$1@$domain" "--project=$project" '--format=value(email)'
  if [ "$there" = no ]; then absent_accounts+=" $1@$domain "; fi
  want "account $1" gcloud iam service-accounts create "$1" "--project=$project" "--display-name=$2" "--description=$3"
}

# One bucket for each region: Vertex AI writes to buckets of its own region only.
bucket() { # NAME REGION
  local seen status=0 place uniform prevention
  there=no
  if [ "$mode" != plan ]; then
    seen=$(look gcloud storage buckets describe "gs://$1" \
      '--format=csv[no-heading,separator="|"](location,uniform_bucket_level_access,public_access_prevention)') || status=$?
    case $status in 0) there=yes ;; "$absent") absent_buckets+=" $1 " ;; *) exit 1 ;; esac
  fi
  want "bucket gs://$1" gcloud storage buckets create "gs://$1" "--project=$project" "--location=$2" \
    --uniform-bucket-level-access --public-access-prevention
  [ "$there" = yes ] || return 0
  IFS='|' read -r place uniform prevention <<<"$seen"
  [ "${place,,}" = "$2" ] || die "bucket gs://$1 is in ${place,,}, and Vertex AI needs it in $2: say another --bucket-prefix"
  if [ "$uniform" != True ]; then
    there=no
    want "uniform access of gs://$1" gcloud storage buckets update "gs://$1" --uniform-bucket-level-access
  fi
  if [ "$prevention" != enforced ]; then
    there=no
    want "no public access to gs://$1" gcloud storage buckets update "gs://$1" --public-access-prevention
  fi
}

images() {
  whether look gcloud artifacts repositories describe "${repository#*/}" "--location=${repository%%/*}" "--project=$image_project" '--format=value(name)'
  want "repository $repository of $image_project" gcloud artifacts repositories create "${repository#*/}" "--location=${repository%%/*}" \
    "--project=$image_project" --repository-format=docker '--description=Images of the Fashion Training Operator'
}

# ROLE on a resource for MEMBER; whether it is there is in $there.
grant() { # KIND NAME ROLE MEMBER [WORDS]
  local command
  resource_command add-iam-policy-binding "$1" "$2"
  # Without a condition: gcloud asks where other bindings have one.
  if [ "$1" = project ] || [ "$1" = account ]; then command+=(--condition=None); fi
  want "$3 on $1 $2 for ${4#*:}${5:-}" "${command[@]}" "--member=$4" "--role=$3"
}

# ROLE on a resource for an account of ours. What counts in the end is whether the account has PERMISSIONS, from wherever: check asks for them.
right() { # EMAIL KIND NAME ROLE PERMISSION...
  local words='' lacks=()
  case $mode in
    check)
      there=no
      if [[ $absent_accounts = *" $1 "* || ($2 = account && $absent_accounts = *" $3 "*) || ($2 = bucket && $absent_buckets = *" $3 "*) ]]; then :
      elif allowed "$1" "$2" "$3" "${@:5}"; then there=yes
      else words=" (lacks ${lacks[*]})"; fi ;;
    *) whether bound "$2" "$3" "$4" "serviceAccount:$1" ;;
  esac
  grant "$2" "$3" "$4" "serviceAccount:$1" "$words"
}

# Rights on Vertex AI, by a role of our own that has no others.
vertex_right() { # EMAIL NAME TITLE PERMISSION...
  local role=roles/aiplatform.user
  if ! $predefined; then
    role=projects/$project/roles/${installation//-/_}_$2
    custom_role "${role##*/}" "${@:3}"
  fi
  right "$1" project "$project" "$role" "${@:4}"
}

custom_role() { # ID TITLE PERMISSION...
  local seen='' status=0 deleted has wanted command
  wanted=$(printf '%s\n' "${@:3}" | LC_ALL=C sort | paste -sd,)
  there=no
  command=(gcloud iam roles create "$1" "--project=$project" "--title=$2" "--permissions=$wanted" --stage=GA)
  if [ "$mode" != plan ]; then
    seen=$(look gcloud iam roles describe "$1" "--project=$project" '--format=csv[no-heading,separator="|"](deleted,includedPermissions.list(separator=","))') ||
      status=$?
    [ "$status" = 0 ] || [ "$status" = "$absent" ] || exit 1
  fi
  if [ -n "$seen" ]; then
    IFS='|' read -r deleted has <<<"$seen"
    if [ "$deleted" = True ]; then
      want "role $1, which was deleted" gcloud iam roles undelete "$1" "--project=$project"
    fi
    has=$(tr ',' '\n' <<<"$has" | LC_ALL=C sort | paste -sd,)
    if [ "$has" = "$wanted" ]; then there=yes; fi
    command=(gcloud iam roles update "$1" "--project=$project" "--permissions=$wanted")
  fi
  want "role $1" "${command[@]}"
}

# Not the training account but Vertex AI's own agents pull the image. The second one comes into being with the project's first custom job.
service_agents() {
  local agent
  agent=serviceAccount:service-$number@gcp-sa-aiplatform.iam.gserviceaccount.com
  whether bound repository "$repository" roles/artifactregistry.reader "$agent"
  if [ "$there" = no ] && [ "$mode" != check ]; then
    want "Vertex AI's service agent" gcloud beta services identity create --service=aiplatform.googleapis.com "--project=$project"
  fi
  grant repository "$repository" roles/artifactregistry.reader "$agent"
  agent=serviceAccount:service-$number@gcp-sa-aiplatform-cc.iam.gserviceaccount.com
  whether bound repository "$repository" roles/artifactregistry.reader "$agent"
  later="the agent exists after the project's first custom job; run this again then, if jobs can't pull from another project's repository"
  grant repository "$repository" roles/artifactregistry.reader "$agent"
  later=''
}

# Who in the cluster is the operator, and who the training account.
cluster() {
  local each
  if [ -n "$issuer" ]; then federation; elif [ -n "$gke" ]; then gke_pool; fi
  identity "$operator_email" "$namespace" "$kubernetes_account"
  for each in "${trainers[@]}"; do
    [[ $each = */* ]] || each+=/default
    identity "$training_email" "${each%/*}" "${each#*/}"
  done
}

# Lets a Kubernetes account act as one of ours.
identity() { # EMAIL NAMESPACE NAME
  local member
  if [ -n "$issuer" ]; then member="principal://iam.googleapis.com/$(pool_name)/subject/system:serviceaccount:$2:$3"
  else member="serviceAccount:$gke_project.svc.id.goog[$2/$3]"; fi
  there=no
  if [ "$mode" != check ] || [[ $absent_accounts != *" $1 "* ]]; then whether bound account "$1" roles/iam.workloadIdentityUser "$member"; fi
  grant account "$1" roles/iam.workloadIdentityUser "$member"
}

gke_pool() {
  local seen
  [ "$mode" != plan ] || return 0
  seen=$(look gcloud container clusters describe "${gke#*/}" "--location=${gke%%/*}" "--project=$gke_project" \
    '--format=value(workloadIdentityConfig.workloadPool)') || die "there is no GKE cluster $gke in $gke_project"
  [ "$seen" = "$gke_project.svc.id.goog" ] || {
    print_command gcloud container clusters update "${gke#*/}" "--location=${gke%%/*}" "--project=$gke_project" "--workload-pool=$gke_project.svc.id.goog"
    die "GKE cluster $gke has no Workload Identity Federation: the command above turns it on for the cluster; its node pools follow, see docs/howto-gke.md"
  }
}

pool_name() { echo "projects/$number/locations/global/workloadIdentityPools/$pool"; }

# Trusts the tokens that another cluster gives its service accounts.
federation() {
  local seen='' status=0
  whether look gcloud iam workload-identity-pools describe "$pool" --location=global "--project=$project" '--format=value(name)'
  want "workload identity pool $pool" gcloud iam workload-identity-pools create "$pool" --location=global "--project=$project" \
    '--display-name=Fashion Training Operator'
  there=no
  if [ "$mode" != plan ]; then
    seen=$(look gcloud iam workload-identity-pools providers describe "$pool" "--workload-identity-pool=$pool" --location=global "--project=$project" \
      '--format=value(oidc.issuerUri)') || status=$?
    [ "$status" = 0 ] || [ "$status" = "$absent" ] || exit 1
    if [ -n "$seen" ]; then
      [ "$seen" = "$issuer" ] || die "provider $pool trusts $seen, not $issuer: say another --pool"
      there=yes
    fi
  fi
  want "provider $pool of that pool" gcloud iam workload-identity-pools providers create-oidc "$pool" "--workload-identity-pool=$pool" --location=global \
    "--project=$project" "--issuer-uri=$issuer" --attribute-mapping=google.subject=assertion.sub ${keys:+"--jwk-json-path=$keys"}
}

# The chart's values for what was made, and how they are used.
values() {
  local region each tenants=() name=''
  for each in "${trainers[@]}"; do tenants+=("\"${each%/*}\""); done
  [ ${#tenants[@]} -gt 0 ] || tenants=('"*"')
  echo "# The chart's values"
  echo "cat > fashion-training-values.yaml <<'END'"
  echo "config:"
  echo "  installation: $installation"
  echo "  output: {uri: \"gs://$prefix-${regions[0]}/fashion-training\"}"
  echo "  placements:"
  for region in "${regions[@]}"; do
    echo "    - {name: $region, vertex: {region: $region, machineType: n1-standard-4, outputUri: \"gs://$prefix-$region/fashion-training\"}}"
  done
  for each in "${trainers[@]}"; do
    [[ $each = */* ]] || each+=/default
    name+=" ${each#*/} "
  done
  # In the cluster as well, where one account's name fits all namespaces that train there.
  if [ -n "$name" ] && [ "$(tr -s ' ' '\n' <<<"$name" | sed '/^$/d' | sort -u | wc -l)" = 1 ]; then
    echo "    - {name: cluster, cluster: {serviceAccountName: ${name// /}}}"
  fi
  echo "  tenants:"
  echo "    - namespaces: [$(join "${tenants[@]}")]"
  echo "      projects: [\"$project\"]"
  echo "      regions: [$(join "${regions[@]}")]"
  echo "      images: [\"$(image_registry)/*\"]"
  echo "      buckets: [$(join "${regions[@]/#/$prefix-}")]"
  echo "  vertex: {project: \"$project\", region: ${regions[0]}, serviceAccount: $training_email}"
  echo "  registry: {serviceAccount: $registry_email}"
  echo "image: {registry: $(image_registry)}"
  if [ -n "$issuer" ]; then
    echo "googleIdentity: {provider: \"$(pool_name)/providers/$pool\", serviceAccount: $operator_email}"
  else
    echo "serviceAccount: {name: $kubernetes_account, annotations: {iam.gke.io/gcp-service-account: $operator_email}}"
  fi
  echo "END"
  print_command helm upgrade --install fashion-training-operator helm/fashion-training-operator --namespace "$namespace" --create-namespace -f fashion-training-values.yaml
}

image_registry() { echo "${repository%%/*}-docker.pkg.dev/${image_project/://}/${repository#*/}"; }

join() { local all; all=$(printf ', %s' "$@"); echo "${all:2}"; }
