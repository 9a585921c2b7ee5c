# Programs that run on this machine as parts of something: started, looked for, waited for, ended. Sourced by hack/cluster/local.sh and
# hack/argocd.sh, which say where: state is a folder, each part's pid is in its pids/, logs are in logs.
# shellcheck shell=bash disable=SC2154 # state and logs

# Starts a component in a session of its own: it outlives the terminal, and Ctrl-C there is not for it.
launch() { # COMPONENT PROGRAM ARGUMENT...
  local component=$1 pid
  shift
  setsid "$@" < /dev/null >> "$logs/$component.log" 2>&1 9>&- &
  pid=$!
  disown $pid
  echo $pid > "$state/pids/$component"
  # Until it has become the program it is not known by its command line.
  until [[ $(command_line $pid) = "$1 "* ]] || [ ! -d /proc/$pid ]; do sleep 0.01; done
}

command_line() { # PID
  { tr '\0' ' ' < "/proc/$1/cmdline"; } 2>/dev/null || true
}

# Prints a component's process if it runs. A pid file outlives a crash, and its number may be anyone's by now: ours is the one whose
# command line has the component's name and a path in our state.
pid_of() { # COMPONENT
  local pid line
  { read -r pid < "$state/pids/$1"; } 2>/dev/null || return 1
  line=$(command_line "$pid")
  [[ $line = *"$1 "* && $line = *"$state/"* ]] && echo "$pid"
}

kill_component() { # COMPONENT
  local pid
  if pid=$(pid_of "$1"); then kill_process "$pid"; fi
  rm -f "$state/pids/$1"
}

# With SIGKILL: nothing here has a state worth a slow goodbye. It waits for the end, so that ports are free.
kill_process() { # PID
  kill -9 "$1" 2>/dev/null || return 0
  while [ -n "$(command_line "$1")" ]; do sleep 0.05; done
}

wait_for() { # COMPONENT SECONDS WHAT COMMAND...
  local component=$1 deadline=$((SECONDS + $2)) what=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    pid_of "$component" >/dev/null || fail "$component" "has ended"
    [ $SECONDS -lt $deadline ] || fail "$component" "is late: waiting for $what"
    sleep 0.2
  done
}

fail() { # COMPONENT MESSAGE
  tail -n 15 "$logs/$1.log" >&2
  die "$1 $2; above is the end of $logs/$1.log"
}

tcp_open() { timeout 2 bash -c ": < /dev/tcp/$1/$2" 2>/dev/null; } # ADDRESS PORT
