#!/bin/sh
# Prints the folder of a small Debian file system that holds GIMP 3, building it on first use (about
# two minutes, 700 MB). Distributions older than GIMP 3 cannot run it directly: it needs their
# successor's libc. Exits with 75 and one sentence on stderr where this machine cannot build it.
set -eu

suite=trixie
# GIMP with its Python, and a screen to look at it on.
packages=gimp,python3,python3-gi,gir1.2-gimp-3.0,xvfb,xdotool,openbox,imagemagick,fonts-dejavu-core,adwaita-icon-theme,dbus

cannot() {
  echo "$1" >&2
  exit 75
}

cache=${PSP_LAYERS_GIMP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/psp-layers-gimp}
recipe=$(sha256sum "$0" | cut -c1-12)
root=$cache/root-$recipe
if [ -x "$root/usr/bin/gimp-console" ]; then
  echo "$root"
  exit 0
fi

[ "$(uname -s)" = Linux ] || cannot 'A GIMP root can be built on Linux only.'
[ "$(id -u)" = 0 ] || cannot 'Building and entering a GIMP root needs the rights of root (chroot).'
command -v apt-get >/dev/null || cannot 'Building a GIMP root needs apt and a Debian mirror.'

# The mirror that apt already uses: nothing here names a host.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null |
  awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
[ -n "$mirror" ] || cannot 'apt knows no Debian mirror: run `apt-get update` on a Debian system first.'

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ -x "$root/usr/bin/gimp-console" ]; then
  echo "$root"
  exit 0
fi

# A Perl script without compiled parts: unpacked beside the cache, the system stays as it is.
if ! command -v mmdebstrap >/dev/null; then
  if [ ! -x "$cache/tools/usr/bin/mmdebstrap" ]; then
    mkdir -p "$cache/tools"
    (cd "$cache/tools" && apt-get -qq -o APT::Sandbox::User=root download mmdebstrap >&2 && dpkg -x mmdebstrap_*.deb .) ||
      cannot "mmdebstrap could not be fetched from the mirror at $mirror."
  fi
  PATH=$cache/tools/usr/bin:$PATH
fi

echo "Building a GIMP 3 root in $root (once, about two minutes) ..." >&2
partial=$root.partial
rm -rf "$partial"
if ! mmdebstrap --quiet --variant=apt --mode=root --format=directory --include="$packages" \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/gir-1.0/*' \
  "$suite" "$partial" "$mirror" >&2; then
  rm -rf "$partial"
  cannot "The packages of $suite could not be fetched from the mirror at $mirror."
fi
mv "$partial" "$root"
# Older recipes are of no use any more.
find "$cache" -maxdepth 1 -name 'root-*' ! -path "$root" -exec rm -rf {} +
echo "$root"
