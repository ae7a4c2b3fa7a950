#!/bin/sh
# Builds the robot with Debian's packages alone: build.sh FOLDER puts example-go there.
set -e
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/src/tether"
ln -sfn "$here" "$1/src/tether/example-go"
cd "$1"
GO111MODULE=off GOPATH="$1:/usr/share/gocode" go build -o "$1/example-go" tether/example-go
