#!/bin/sh
# Builds the robot with Debian's packages alone: build.sh FOLDER puts example-c there.
set -e
here=$(cd "$(dirname "$0")" && pwd)
flags="${CFLAGS:--O2} -Wall -Wextra -Wno-unused-parameter -Werror"
packages="gstreamer-webrtc-1.0 gstreamer-sdp-1.0 libsoup-3.0 json-glib-1.0 libcrypto"
# The words of pkg-config and of the flags are several on purpose.
# shellcheck disable=SC2046,SC2086
${CC:-cc} -std=gnu11 $flags -o "$1/example-c" "$here"/*.c "$here"/../session-c/src/*.c "$here"/../guard-c/src/*.c \
  $(pkg-config --cflags --libs $packages)
