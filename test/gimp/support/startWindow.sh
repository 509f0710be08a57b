# GIMP in a window on a screen of its own; $1 is Python to run in it.
set -eu
mkfifo /tmp/display
Xvfb -displayfd 3 -screen 0 1280x800x24 3>/tmp/display 2>/dev/null &
read -r number </tmp/display
export DISPLAY=":$number"
openbox &
exec dbus-run-session -- gimp -d -f --quit --batch-interpreter=python-fu-eval -b "$1"
