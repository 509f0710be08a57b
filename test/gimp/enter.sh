#!/bin/sh
# enter.sh ROOT SHARED COMMAND ... : runs a command inside a GIMP root that stays as it was built.
# It sees SHARED (an existing folder, the only place it can leave anything) under the same path, the
# network of this machine, and a home folder inside SHARED. Mounts end with the command.
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
  mount -t tmpfs tmpfs "$root/tmp"
  mount -t tmpfs tmpfs "$root/run"
  mount -t tmpfs tmpfs "$root/mnt"
  mkdir -p "$root/tmp/.X11-unix" "$shared/home" "$root/mnt/shared"
  mount --bind "$shared" "$root/mnt/shared"
  exec chroot "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/mnt/shared/home LANG=C.UTF-8 \
    TMPDIR=/tmp ${DISPLAY:+DISPLAY="$DISPLAY"} "$@"
' enter "$@"
