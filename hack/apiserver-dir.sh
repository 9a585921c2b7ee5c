#!/usr/bin/env bash
# Lays the apiserver, etcd and kubectl out as fabric8's kube-api-test looks for them and prints the folder, for KUBE_API_TEST_DIR.
#
#   hack/apiserver-dir.sh        # -> ~/.cache/fashion-training/kube-api-test, with k8s/1.34.4-linux-amd64/kube-apiserver in it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

version=$(sed -n 's:.*k8s.io/kubernetes v\([0-9.]*\).*:\1:p' hack/tools/kubernetes/go.mod)
dir=$cache/kube-api-test/k8s/$version-linux-amd64
programs=$(hack/tools.sh kubernetes etcd)
mkdir -p "$dir"
grep -E '/(kube-apiserver|kubectl)$' <<< "$programs" | while read -r program; do
  ln -sfn "$program" "$dir/${program##*/}"
done
# Nothing here outlives a test: no write has to wait for a disk, and no test for one that stalls.
etcd=$dir/etcd.$$
printf '#!/bin/sh\nexec %q --unsafe-no-fsync "$@"\n' "$(grep '/etcd$' <<< "$programs")" > "$etcd"
chmod +x "$etcd"
mv -f "$etcd" "$dir/etcd"
echo "$cache/kube-api-test"
