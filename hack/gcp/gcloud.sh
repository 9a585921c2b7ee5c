# Sourced by hack/gcp-setup.sh: what is wanted, in three modes. plan prints commands, apply runs those that are still needed, check only looks.
# shellcheck shell=bash disable=SC2154 # mode, project: the options

missing=0

# Prints a command so that a shell reads it back as it is.
print_command() {
  local word line=''
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    line+="${line:+ }$word"
  done
  echo "$line"
}

# What look says with its status when there is no such thing.
absent=4

# Runs a look-up and prints what it says; status $absent where there is no such thing. Any other failure ends the script with gcloud's words.
look() { # GCLOUD...
  if "$@" --quiet 2>"$errors"; then return; fi
  # Never a bare 404, which a project's name or number may have in it; these are how gcloud's parts say it.
  if grep -qE 'NOT_FOUND|HTTPError 404|not found: 404|code=404' "$errors"; then return "$absent"; fi
  refused "mend what gcloud says and run this again" "$@"
}

# Ends the script with what gcloud said.
refused() { # ADVICE GCLOUD...
  cat "$errors" >&2
  print_command "${@:2}" >&2
  die "the command above fails: $1"
}

# Runs a command that changes something. An account that was just made is not known everywhere for some seconds.
change() { # GCLOUD...
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if "$@" --quiet >/dev/null 2>"$errors"; then return; fi
    grep -qE 'does not exist|NOT_FOUND|not found' "$errors" && [ "$attempt" != 6 ] || return 1
    sleep "${FASHION_SETUP_PAUSE:-5}"
  done
}

# Wants WHAT to be, which is so or not ($there), by the command that makes it.
want() { # WHAT GCLOUD...
  local what=$1
  shift
  case $mode in
    plan) print_command "$@" ;;
    apply)
      if [ "$there" = yes ]; then say "  is there  $what"; return; fi
      if change "$@"; then say "  made      $what"
      elif [ -n "$later" ]; then say "  NOT YET   $what: $later"
      else refused "mend what gcloud says and run this again" "$@"; fi ;;
    check)
      if [ "$there" = yes ]; then say "  is there  $what"; return; fi
      say "  MISSING   $what"
      if [ -n "$later" ]; then say "            $later"; return; fi
      missing=$((missing + 1))
      print_command "$@" ;;
  esac
}

# Puts into $there whether a look-up finds something: yes or no; no without calling anything when only planning.
whether() { # COMMAND...
  local status=0
  there=no
  if [ "$mode" = plan ]; then return; fi
  "$@" >/dev/null || status=$?
  case $status in 0) there=yes ;; "$absent") ;; *) exit 1 ;; esac
}

# Where an API is: Google's, unless gcloud is set up for another endpoint.
endpoint() { # NAME DEFAULT
  local url
  url=$(gcloud config get "api_endpoint_overrides/$1" 2>/dev/null) || true
  url=${url:-$2}
  echo "${url%/}"
}

# KIND and NAME of a resource as arguments of gcloud's policy commands.
resource_command() { # VERB KIND NAME
  case $2 in
    project) command=(gcloud projects "$1" "$3") ;;
    account) command=(gcloud iam service-accounts "$1" "$3" "--project=$project") ;;
    bucket) command=(gcloud storage buckets "$1" "gs://$3") ;;
    repository) command=(gcloud artifacts repositories "$1" "${3#*/}" "--location=${3%%/*}" "--project=$image_project") ;;
  esac
}

# What has been read of policies, by kind and name.
declare -A policies

# Whether a resource's own policy gives ROLE to MEMBER without a condition.
bound() { # KIND NAME ROLE MEMBER
  local command policy
  if [ -z "${policies[$1 $2]+read}" ]; then
    resource_command get-iam-policy "$1" "$2"
    policy=$(look "${command[@]}" '--flatten=bindings[].members[]' \
      '--format=csv[no-heading,separator="|"](bindings.role,bindings.members,bindings.condition.title)') || return $?
    policies[$1 $2]=$policy
  fi
  grep -qxF -- "$3|$4|" <<<"${policies[$1 $2]}" || return "$absent"
}

# Who runs this, as a member of a policy: a person, or a service account as in a pipeline.
caller() {
  local account
  account=$(gcloud config get account 2>/dev/null) || true
  case $account in *.gserviceaccount.com) echo "serviceAccount:$account" ;; *) echo "user:$account" ;; esac
}

# A token of an account, kept for this run.
declare -A tokens
token_of() { # EMAIL; the answer is in $token
  if [ -z "${tokens[$1]:-}" ]; then
    tokens[$1]=$(gcloud auth print-access-token "--impersonate-service-account=$1" --quiet 2>"$errors") || {
      cat "$errors" >&2
      print_command gcloud iam service-accounts add-iam-policy-binding "$1" "--project=$project" \
        "--member=$(caller)" --role=roles/iam.serviceAccountTokenCreator
      die "to test what $1 may do you must be able to act as it: the command above allows it, some minutes later"
    }
  fi
  token=${tokens[$1]}
}

# Whether the account itself is told that it has all of PERMISSIONS on a resource; those it lacks are in $lacks.
allowed() { # EMAIL KIND NAME PERMISSION...
  local token said permission url body
  token_of "$1"
  body=$(printf ',"%s"' "${@:4}")
  body="{\"permissions\":[${body:1}]}"
  case $2 in
    project) url=$crm/v1/projects/$3:testIamPermissions ;;
    account) url=$iam/v1/projects/-/serviceAccounts/$3:testIamPermissions ;;
    bucket) url="$storage/b/$3/iam/testPermissions?$(printf 'permissions=%s&' "${@:4}")" body='' ;;
  esac
  # By stdin: arguments are for everyone on the machine to read.
  said=$(curl -sS --fail-with-body --retry 2 --max-time 60 -H 'Content-Type: application/json' ${body:+--data "$body"} --config - "$url" \
    2>"$errors" <<<"header = \"Authorization: Bearer $token\"") || {
      # What is not there gives nobody rights: its own line says that it is missing.
      if grep -q 'returned error: 404' "$errors"; then said=''; else echo "$said" >&2; cat "$errors" >&2; die "cannot ask $url"; fi
    }
  lacks=()
  for permission in "${@:4}"; do
    grep -qF "\"$permission\"" <<<"$said" || lacks+=("$permission")
  done
  [ ${#lacks[@]} = 0 ]
}
