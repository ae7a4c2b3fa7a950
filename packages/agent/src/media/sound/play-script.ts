/** The program that plays what operators say, for a Python with GStreamer's bindings. A text, so that the agent can be a single file. */
export const playScript = String.raw`"""Plays Opus that comes as RTP.

Usage: play.py OPTIONS, a JSON object with
  pipeline   the part that takes raw sound
  port       of 127.0.0.1, at which RTP comes
  payload    the payload type of the packets

The end of standard input ends the program. On standard output, one JSON object a line: {"type": "playing"} once sound comes out;
{"type": "failed", "says": TEXT}.
"""

import json
import os
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


def say(**message):
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever asked for it is gone
        os._exit(1)


def main():
    Gst.init(None)
    options = json.loads(sys.argv[1])
    loop = GLib.MainLoop()
    failures = []
    caps = f"application/x-rtp,media=audio,clock-rate=48000,encoding-name=OPUS,payload={options['payload']}"
    try:
        pipeline = Gst.parse_launch(
            f'udpsrc address=127.0.0.1 port={options["port"]} caps="{caps}" ! rtpjitterbuffer latency=60 do-lost=true ! rtpopusdepay'
            f" ! opusdec use-inband-fec=true plc=true ! audioconvert ! audioresample ! {options['pipeline']}"
        )
    except GLib.Error as error:
        say(type="failed", says=error.message)
        return 1

    def on_message(_bus, message):
        if message.type == Gst.MessageType.ERROR:
            failures.append(message.parse_error()[0].message)
            loop.quit()
        # A device that is busy, or takes no such sound, never gets so far.
        elif message.type == Gst.MessageType.STATE_CHANGED and message.src == pipeline:
            if message.parse_state_changed().newstate == Gst.State.PLAYING:
                say(type="playing")

    def on_input(_channel, _condition):
        if not os.read(0, 4096):
            loop.quit()
            return False
        return True

    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", on_message)
    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, on_input)
    pipeline.set_state(Gst.State.PLAYING)
    loop.run()
    pipeline.set_state(Gst.State.NULL)
    if failures:
        say(type="failed", says=failures[0])
        return 1
    return 0


sys.exit(main())
`;
