#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
if [ "$1" = purge ]; then
  rm -rf /var/lib/tether-robot
  if getent passwd tether-robot >/dev/null; then deluser --quiet --system tether-robot || true; fi
fi
