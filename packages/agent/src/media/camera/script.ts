/** The program that runs a camera's pipeline, for a Python with GStreamer's bindings (Debian: python3-gi, gir1.2-gst-plugins-base-1.0). A text, so that the agent can be a single file. */
export const script = String.raw`"""Runs one camera of the robot: PIPELINE is encoded, unless it is already, and sent as RTP.

Usage: camera.py OPTIONS, a JSON object with
  pipeline   the part that ends in raw video, or in H.264 where "encoded" is true
  encoded    true: passed on as it is
  codec      h264 or vp8
  port       of 127.0.0.1, to which RTP goes
  payload    the payload type of the packets
  bitrate    bits per second to begin with

On standard input, one JSON object a line: {"bitrate": 900000}, {"key": true}. Its end ends the program.
On standard output, one a line: {"type": "frame", "rtp": T, "at": MS}, the RTP timestamp of a frame and when it
was taken, by the monotonic clock of the machine; {"type": "encoder", "name": NAME}; {"type": "failed", "says": TEXT}.
"""

import json
import os
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstVideo", "1.0")
from gi.repository import GLib, Gst, GstVideo  # noqa: E402

# The encoders of boards come first. Each with its settings, and the property that takes the bitrate, in which unit.
ENCODERS = {
    "h264": [
        ("nvv4l2h264enc", "insert-sps-pps=true preset-level=1 maxperf-enable=true", "bitrate", 1),
        ("v4l2h264enc", "", None, 1),
        ("vaapih264enc", "rate-control=cbr", "bitrate", 1000),
        ("omxh264enc", "control-rate=variable", "target-bitrate", 1),
        ("x264enc", "tune=zerolatency speed-preset=ultrafast vbv-buf-capacity=200 key-int-max=9999", "bitrate", 1000),
        ("openh264enc", "complexity=low rate-control=bitrate", "bitrate", 1),
    ],
    "vp8": [
        ("vp8enc", "deadline=1 cpu-used=8 keyframe-max-dist=9999 lag-in-frames=0 error-resilient=default", "target-bitrate", 1),
    ],
}
PAYLOADERS = {
    "h264": "h264parse config-interval=-1 ! rtph264pay aggregate-mode=zero-latency",
    "vp8": "rtpvp8pay picture-id-mode=15-bit",
}
CAPS = {"h264": "video/x-h264,profile=constrained-baseline ! ", "vp8": ""}


def say(**message):
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever asked for the picture is gone
        os._exit(1)


def choose(codec):
    """The first encoder that is there and whose device opens."""
    for row in ENCODERS[codec]:
        element = Gst.ElementFactory.make(row[0], None)
        if element and element.set_state(Gst.State.READY) != Gst.StateChangeReturn.FAILURE:
            element.set_state(Gst.State.NULL)
            return row
    raise SystemExit(f"No encoder for {codec} is installed: gstreamer1.0-plugins-ugly has x264enc, gstreamer1.0-plugins-good has vp8enc.")


class Camera:
    def __init__(self, pipeline, encoded, codec, port, payload, bitrate):
        self.unit, self.property, self.encoder = 1, None, None
        if encoded:
            middle = "queue max-size-buffers=30 leaky=downstream"
        else:
            name, settings, self.property, self.unit = choose(codec)
            say(type="encoder", name=name)
            middle = (
                "queue max-size-buffers=1 leaky=downstream ! videoconvert ! video/x-raw,format=I420 ! "
                f"{name} name=encoder {settings} ! {CAPS[codec]}".rstrip(" !")
            )
        self.pipeline = Gst.parse_launch(
            f"{pipeline} ! {middle} ! {PAYLOADERS[codec]} name=pay pt={payload} mtu=1200 timestamp-offset=0"
            f" ! udpsink host=127.0.0.1 port={port} sync=false async=false"
        )
        self.encoder = self.pipeline.get_by_name("encoder")
        self.pay = self.pipeline.get_by_name("pay")
        self.set_bitrate(bitrate)
        before = self.encoder or self.pay
        before.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, self.on_frame)
        self.last = None

    def on_frame(self, _pad, info):
        stamp = info.get_buffer().pts
        if stamp == Gst.CLOCK_TIME_NONE or stamp == self.last:
            return Gst.PadProbeReturn.OK
        self.last = stamp
        taken = (self.pipeline.get_base_time() + stamp) / 1e6
        say(type="frame", rtp=(stamp * 90000 // 10**9) & 0xFFFFFFFF, at=taken)
        return Gst.PadProbeReturn.OK

    def set_bitrate(self, bitrate):
        if self.encoder and self.property:
            self.encoder.set_property(self.property, max(1, int(bitrate / self.unit)))
        elif self.encoder:
            controls = Gst.Structure.new_from_string(f"controls,video_bitrate={int(bitrate)},repeat_sequence_header=1")[0]
            self.encoder.set_property("extra-controls", controls)

    def request_keyframe(self):
        event = GstVideo.video_event_new_upstream_force_key_unit(Gst.CLOCK_TIME_NONE, True, 0)
        self.pay.get_static_pad("src").send_event(event)


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    status = [0]
    try:
        camera = Camera(**json.loads(sys.argv[1]))
    except (GLib.Error, SystemExit) as error:
        say(type="failed", says=str(getattr(error, "message", error)))
        return 1

    def on_line(_channel, _condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        order = json.loads(line)
        if "bitrate" in order:
            camera.set_bitrate(order["bitrate"])
        if order.get("key"):
            camera.request_keyframe()
        return True

    def on_message(_bus, message):
        if message.type == Gst.MessageType.ERROR:
            say(type="failed", says=message.parse_error()[0].message)
            status[0] = 1
            loop.quit()
        elif message.type == Gst.MessageType.EOS:
            say(type="failed", says="The source ended.")
            status[0] = 1
            loop.quit()

    # The clock that all processes of a machine share: a frame's time is told by it.
    clock = Gst.SystemClock.obtain()
    clock.set_property("clock-type", 1)
    camera.pipeline.use_clock(clock)
    bus = camera.pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", on_message)
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
    camera.pipeline.set_state(Gst.State.PLAYING)
    try:
        loop.run()
    finally:
        camera.pipeline.set_state(Gst.State.NULL)
    return status[0]


sys.exit(main())
`;
