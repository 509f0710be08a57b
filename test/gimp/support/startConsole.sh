# GIMP without a screen; $1 is Python to run in it.
exec gimp-console -i -d -f --quit --batch-interpreter=python-fu-eval -b "$1"
