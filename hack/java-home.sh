#!/usr/bin/env bash
# Prints the home of a JDK 25 or newer: JAVA_HOME, else the java on the PATH, else the newest below /usr/lib/jvm.
set -euo pipefail

feature() { # HOME: the JDK's feature version, 0 where there is none
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  "$1/bin/javac" -version 2>&1 | sed -E 's/^javac ([0-9]+).*/\1/'
}

on_path=$(command -v javac || true)
candidates=("${JAVA_HOME:-}")
[ -z "$on_path" ] || candidates+=("$(dirname "$(dirname "$(readlink -f "$on_path")")")")
for home in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  [ ! -L "$home" ] && candidates+=("$home")
done
for home in "${candidates[@]}"; do
  [ -n "$home" ] || continue
  if [ "$(feature "$home")" -ge 25 ]; then
    echo "$home"
    exit
  fi
done
echo "java-home.sh: no JDK 25 or newer found: install one (say, Eclipse Temurin 25) or set JAVA_HOME" >&2
exit 1
