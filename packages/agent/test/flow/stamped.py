"""A camera that draws the time into its picture and sends it as H.264 in RTP: stamped.py [WIDTH HEIGHT FPS].

The low 40 bits of the wall clock in ms are drawn, the highest first, each a block of a fortieth of the width in the 32 rows at the top. The bitrate and
keyframes that are asked for on standard input are heeded.
"""

import json
import os
import sys
import time

import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstVideo", "1.0")
from gi.repository import GLib, Gst, GstVideo  # noqa: E402

Gst.init(None)
width, height, fps = (int(value) for value in (sys.argv[1:] or ["1280", "720", "30"]))
port, payload_type = os.environ["TETHER_RTP_PORT"], os.environ["TETHER_PAYLOAD_TYPE"]
bits, rows = 40, 32
pipeline = Gst.parse_launch(
    f"appsrc name=frames is-live=true do-timestamp=true format=time max-buffers=1 leaky-type=downstream"
    f" caps=video/x-raw,format=I420,width={width},height={height},framerate={fps}/1"
    f" ! x264enc name=encoder tune=zerolatency speed-preset=ultrafast threads=1 bitrate={int(os.environ['TETHER_BITRATE']) // 1000}"
    f" vbv-buf-capacity=200 key-int-max=9999 ! video/x-h264,profile=constrained-baseline"
    f" ! rtph264pay name=pay config-interval=-1 aggregate-mode=zero-latency pt={payload_type} mtu=1200"
    f" ! udpsink host=127.0.0.1 port={port} sync=false async=false"
)
encoder, frames, pay = (pipeline.get_by_name(name) for name in ("encoder", "frames", "pay"))
loop = GLib.MainLoop()

luma = numpy.fromfunction(lambda y, x: 40 + (x // 8) % 160 + y % 40, (height, width)).astype(numpy.uint8)
chroma = numpy.full(width * height // 2, 128, numpy.uint8).tobytes()
noise = numpy.random.default_rng(1).integers(0, 255, (16, height // 4, width // 2), numpy.uint8)
drawn = 0


def draw():
    """Pushes the next frame: a block of noise that moves, and the stamp."""
    global drawn
    drawn += 1
    picture = luma.copy()
    at = drawn * 8 % (width // 2)
    picture[height // 2 : height // 2 + height // 4, at : at + width // 2] = noise[drawn % len(noise)]
    now = int(time.time() * 1000)
    for bit in range(bits):
        picture[:rows, bit * width // bits : (bit + 1) * width // bits] = 235 if now >> (bits - 1 - bit) & 1 else 16
    frames.emit("push-buffer", Gst.Buffer.new_wrapped(picture.tobytes() + chroma))
    return True


unread = b""


def told(channel, condition):
    """Not by readline: a second line would stay in its buffer until more is written."""
    global unread
    read = os.read(0, 65536)
    if not read:
        loop.quit()
        return False
    *lines, unread = (unread + read).split(b"\n")
    for line in lines:
        obey(json.loads(line))
    return True


def obey(asked):
    if "bitrate" in asked:
        encoder.set_property("bitrate", max(1, asked["bitrate"] // 1000))
    if asked.get("key"):
        event = GstVideo.video_event_new_upstream_force_key_unit(Gst.CLOCK_TIME_NONE, True, 0)
        pay.get_static_pad("src").send_event(event)


GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, told)
GLib.timeout_add(1000 // fps, draw)
pipeline.set_state(Gst.State.PLAYING)
try:
    loop.run()
finally:
    pipeline.set_state(Gst.State.NULL)
