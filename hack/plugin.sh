#!/usr/bin/env bash
# Completes the built plugin with a Java runtime of its own and the JVM's ahead-of-time cache, and installs it where kubectl finds it.
#
#   hack/plugin.sh build
#   hack/plugin.sh runtime             # the Java runtime alone
#   hack/plugin.sh test                # builds it, and starts it as kubectl would
#   hack/plugin.sh install PREFIX      # PREFIX/share/kubectl-fashion, and the link PREFIX/bin/kubectl-fashion
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

dist=kubectl-fashion/target/dist

runtime() {
  [ -x "${JAVA_HOME:-}/bin/jlink" ] || die "set JAVA_HOME to a JDK 25"
  chmod +x "$dist/bin/kubectl-fashion"
  if ! cmp -s "$JAVA_HOME/release" "$dist/jre.from"; then
    rm -rf "$dist/jre"
    # crypto.ec: TLS; security.jgss, naming, sql, unsupported: what the Kubernetes and Google clients look for; zipfs and the rest are not needed.
    "$JAVA_HOME/bin/jlink" --add-modules java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.unsupported \
      --strip-debug --no-header-files --no-man-pages --vm=server --compress zip-0 --output "$dist/jre"
    cp "$JAVA_HOME/release" "$dist/jre.from"
  fi
}

build() {
  runtime
  if [ ! "$dist/lib/kubectl-fashion.aot" -nt "$dist/lib/kubectl-fashion.jar" ] || [ ! "$dist/lib/kubectl-fashion.aot" -nt "$dist/jre.from" ]; then
    # A dry look at a cluster that is not there loads most of what every command loads.
    local work
    work=$(mktemp -d)
    printf '{apiVersion: v1, kind: Config, current-context: none, clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}], contexts: [{name: none, context: {cluster: none, user: none}}], users: [{name: none, user: {token: none}}]}\n' > "$work/kubeconfig"
    KUBECTL_FASHION_JAVA_OPTS="-XX:AOTCacheOutput=$PWD/$dist/lib/kubectl-fashion.aot" \
      "$dist/bin/kubectl-fashion" plan -f examples/quota-fallback.yaml --kubeconfig "$work/kubeconfig" > "$work/log" 2>&1 || true
    rm -rf "$work"
    [ -f "$dist/lib/kubectl-fashion.aot" ] || say "No ahead-of-time cache could be made: the plugin starts more slowly"
  fi
}

# The built launcher with its own Java and nothing else: no cluster, no JAVA_HOME, no java on the PATH.
try() {
  local home said work
  build
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  install "$work" > /dev/null 2>&1
  home=$work/share/kubectl-fashion
  mkdir "$work/programs"
  for program in sh env dirname readlink grep cat stty; do ln -s "$(command -v "$program")" "$work/programs/"; done
  run() { env -i PATH="$work/programs" HOME="$work" "$work/bin/kubectl-fashion" "$@"; }
  said=$(run --version)
  [[ $said = "kubectl-fashion "[0-9]* ]] || die "kubectl-fashion --version says: $said"
  run plan --help | grep -q '^Usage: kubectl fashion plan' || die "kubectl-fashion plan --help tells no usage"
  said=$(run list 2>&1) && die "without a cluster it says: $said"
  [[ $said = "error: "* ]] || die "without a cluster it says: $said"
  [ -x "$home/jre/bin/java" ] || die "it has no Java of its own"
  say "  ok  the built plugin starts"
}

install() { # PREFIX
  local home=$1/share/kubectl-fashion
  mkdir -p "$1/bin" "$1/share"
  rm -rf "$home.new"
  # With their dates, which the cache knows the jars by.
  cp -a "$dist" "$home.new"
  rm -rf "$home"
  mv "$home.new" "$home"
  ln -sfn ../share/kubectl-fashion/bin/kubectl-fashion "$1/bin/kubectl-fashion"
  say "Installed $1/bin/kubectl-fashion: kubectl fashion --help"
  case :$PATH: in *":$1/bin:"*) ;; *) say "$1/bin is not on the PATH, where kubectl looks: export PATH=$1/bin:\$PATH" ;; esac
}

case ${1:-} in
  build) build ;;
  runtime) runtime ;;
  test) try ;;
  install) install "${2:?PREFIX}" ;;
  *) die "build, runtime, test or install PREFIX" ;;
esac
