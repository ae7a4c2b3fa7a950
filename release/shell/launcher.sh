#!/bin/sh
here=$(readlink -f "$0")
here=${here%/*}
exec "$here/node" "$here/main.mjs" "$@"
