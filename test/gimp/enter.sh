#!/bin/sh
# enter.sh ROOT SHARED COMMAND ... : runs a command inside a GIMP root that stays as it was built.
# It sees SHARED, a folder in /tmp, under the same path: its home, and the only place where it can
# leave anything. The network is that of this machine. Mounts and processes end with the command.
set -eu

root=$1
shared=$2
shift 2

export root shared
exec unshare --mount --propagation private --fork --pid --kill-child sh -eu -c '
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  mount -t tmpfs tmpfs "$root/tmp"
  mkdir -p "$root$shared" "$root/tmp/.X11-unix"
  mount --bind "$shared" "$root$shared"
  exec chroot "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME="$shared" "$@"
' enter "$@"
