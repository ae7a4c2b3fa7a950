#!/bin/sh
set -e
if [ "$1" = configure ]; then
  if ! getent passwd tether-robot >/dev/null; then
    adduser --system --group --home /var/lib/tether-robot --no-create-home --quiet tether-robot
  fi
  install -d -o tether-robot -g tether-robot -m 0700 /var/lib/tether-robot
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl enable --now tether-robot.service || true
    # An upgrade is the next start's: a restart here could stop a robot that somebody drives.
  fi
fi
