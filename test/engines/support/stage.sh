#!/bin/bash
# The machine as an engine sees it in a test: first process of new namespaces, in which it makes a machine of its own.
#
# Usage, in new mount, network, pid, IPC, UTS and cgroup namespaces: stage.sh FOLDER RUNTIME
#
# What the engine writes goes to memory and is gone with the mount namespace: FOLDER, /run, and whatever it writes in
# /var and /etc. The cgroups are those below the cgroup that this process is in, so that "/" is not the machine's.
# RUNTIME is /usr/local/bin/runts. Nothing but the loopback device is there: no registry, no network.
#
# Prints "ready", then reaps whatever is left to it, until its standard input ends. Its end is the end of everything:
# the kernel kills what is left in the pid namespace.
set -eu
folder=$1
runtime=$(realpath "$2")

mount -t tmpfs -o mode=755 tmpfs "$folder"
touch "$folder/runtime"
mount --bind "$runtime" "$folder/runtime"

# Written to only here, whatever the machine has there.
for place in /etc /var; do
  mkdir -p "$folder/over$place/upper" "$folder/over$place/work"
  mount -t overlay -o "lowerdir=$place,upperdir=$folder/over$place/upper,workdir=$folder/over$place/work" overlay "$place"
done
# Not on an overlay: the engines put overlays of their own there.
for name in containers containerd docker; do
  mkdir -p "/var/lib/$name"
  mount -t tmpfs -o mode=711 tmpfs "/var/lib/$name"
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 1777 /run/lock
# Podman keeps its locks there, under one name for all.
mount -t tmpfs -o mode=1777 tmpfs /dev/shm

# Neither a runtime nor a wrapper of the machine's is found by accident.
mkdir "$folder/bin"
touch "$folder/bin/runts"
mount --bind "$folder/runtime" "$folder/bin/runts"
mount --rbind "$folder/bin" /usr/local/bin

# The hierarchies again, as this cgroup namespace sees them.
mapfile -t hierarchies < <(awk '$3 == "cgroup" || $3 == "cgroup2" { print $2, $3, $4 }' /proc/self/mounts)
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup 2>/dev/null || mount -t cgroup2 cgroup2 /sys/fs/cgroup
for hierarchy in "${hierarchies[@]}"; do
  read -r point kind options <<<"$hierarchy"
  [ "$point" != /sys/fs/cgroup ] || continue
  mkdir -p "$point"
  if [ "$kind" = cgroup2 ]; then
    mount -t cgroup2 cgroup2 "$point"
  else
    case $options in
      *name=*) wanted="none,name=${options##*name=}" ;;
      *) wanted=$(tr , '\n' <<<"$options" | grep -Ev '^(rw|ro|nosuid|nodev|noexec|relatime|xattr|clone_children|release_agent=.*)$' | paste -sd,) ;;
    esac
    mount -t cgroup -o "$wanted" cgroup "$point"
  fi
done

ip link set lo up
hostname engines
echo ready
while read -r _; do :; done
