import { encoders } from "./encoder.ts";

/** The program that runs a camera's pipeline, for a Python with GStreamer's bindings (Debian: python3-gi, gir1.2-gst-plugins-base-1.0). A text, so that the agent can be a single file. */
export const script = String.raw`"""Runs one camera or the microphone of the robot: PIPELINE is encoded, unless it is already, and sent as RTP.

Usage: camera.py OPTIONS, a JSON object with
  pipeline   the part that ends in raw video or sound, or in H.264 where "encoded" is true; an element of Video4Linux that
             encodes by itself is called "device" and told the bitrate and keyframes by its controls
  encoded    true: passed on as it is
  codec      h264, vp8 or opus
  port       of 127.0.0.1, to which RTP goes
  payload    the payload type of the packets
  bitrate    bits per second to begin with

On standard input, one JSON object a line: {"bitrate": 900000}, {"key": true}. Its end ends the program.
On standard output, one a line: {"type": "frame", "rtp": T, "at": MS}, the RTP timestamp of a picture and when it
was taken, by the monotonic clock of the machine; {"type": "encoder", "name": NAME}; {"type": "failed", "says": TEXT}.
"""

import json
import os
import sys
from collections import namedtuple

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstVideo", "1.0")
from gi.repository import GLib, Gst, GstVideo  # noqa: E402

${encoders}
# A board's encoder that fails within so many frames, or has given nothing after them, is given up.
PATIENCE = 90
PAYLOADERS = {
    "h264": "h264parse config-interval=-1 ! rtph264pay aggregate-mode=zero-latency",
    "vp8": "rtpvp8pay picture-id-mode=15-bit",
    "opus": "rtpopuspay",
}
# Pictures that wait are of no use: the newest one alone is encoded. Sound is whole, or it crackles.
QUEUES = {"opus": "queue max-size-buffers=0 max-size-bytes=0 max-size-time=200000000 leaky=downstream"}


def say(**message):
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever asked for the picture is gone
        os._exit(1)


def why(message):
    error, details = message.parse_error()
    if "not-negotiated" in (details or ""):
        return "The size, rate or format that is asked for is not to be had (not-negotiated)."
    return error.message


class Camera:
    """One pipeline. Without an encoder the source's own stream is passed on."""

    def __init__(self, encoder, pipeline, codec, port, payload, bitrate, sequence, on_stuck):
        self.kind, self.on_stuck, self.frames, self.has_sent = encoder, on_stuck, 0, False
        self.is_video = codec != "opus"
        middle = "queue max-size-buffers=30 leaky=downstream"
        if encoder:
            say(type="encoder", name=encoder.name)
            middle = (
                f"{QUEUES.get(codec, 'queue max-size-buffers=1 leaky=downstream')} ! {encoder.takes} ! {encoder.name} name=encoder {encoder.settings} ! {encoder.makes}"
            )
        self.pipeline = Gst.parse_launch(
            f"{pipeline} ! {middle} ! {PAYLOADERS[codec]} name=pay pt={payload} mtu=1200 timestamp-offset=0 seqnum-offset={sequence}"
            f" ! udpsink host=127.0.0.1 port={port} sync=false async=false"
        )
        self.encoder = self.pipeline.get_by_name("encoder")
        self.device = self.pipeline.get_by_name("device")
        self.pay = self.pipeline.get_by_name("pay")
        self.set_bitrate(bitrate)
        before = self.encoder or self.pay
        before.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, self.on_frame)
        self.pay.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, self.on_sent)
        self.last = None

    def on_frame(self, _pad, info):
        self.frames += 1
        if self.frames == PATIENCE and not self.has_sent:
            GLib.idle_add(self.on_stuck, self)
        stamp = info.get_buffer().pts
        if stamp == Gst.CLOCK_TIME_NONE or stamp == self.last or not self.is_video:
            return Gst.PadProbeReturn.OK
        self.last = stamp
        taken = (self.pipeline.get_base_time() + stamp) / 1e6
        say(type="frame", rtp=(stamp * 90000 // 10**9) & 0xFFFFFFFF, at=taken)
        return Gst.PadProbeReturn.OK

    def on_sent(self, _pad, _info):
        self.has_sent = True
        return Gst.PadProbeReturn.REMOVE

    def set_bitrate(self, bitrate):
        if self.device:
            self.device.set_property("extra-controls", controls(video_bitrate=int(bitrate), repeat_sequence_header=1))
        elif self.encoder and self.kind.property == "extra-controls":
            self.encoder.set_property("extra-controls", controls(video_bitrate=int(bitrate), repeat_sequence_header=1))
        elif self.encoder:
            self.encoder.set_property(self.kind.property, max(1, int(bitrate / self.kind.unit)))

    def request_keyframe(self):
        if self.device:
            self.device.set_property("extra-controls", controls(force_key_frame=1))
        event = GstVideo.video_event_new_upstream_force_key_unit(Gst.CLOCK_TIME_NONE, True, 0)
        self.pay.get_static_pad("src").send_event(event)


class Runner:
    """Runs a camera by the first encoder that gives a picture."""

    def __init__(self, loop, encoded, codec, bitrate, **rest):
        self.loop, self.bitrate, self.status, self.camera = loop, bitrate, 0, None
        self.sequence, self.began = -1, None
        self.rest = {**rest, "codec": codec, "on_stuck": self.on_stuck}
        self.left = [None] if encoded else encoders(codec)
        # The clock that all processes of a machine share: a frame's time is told by it.
        self.clock = Gst.SystemClock.obtain()
        self.clock.set_property("clock-type", 1)

    def start(self):
        encoder = self.left.pop(0)
        try:
            self.camera = Camera(encoder, bitrate=self.bitrate, sequence=self.sequence, **self.rest)
        except GLib.Error as error:
            if not self.left:
                raise
            self.give_up(encoder, error.message)
            return self.start()
        self.camera.pipeline.use_clock(self.clock)
        if self.began is not None:
            self.camera.pipeline.set_start_time(Gst.CLOCK_TIME_NONE)
            self.camera.pipeline.set_base_time(self.began)
        bus = self.camera.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message, self.camera)
        self.camera.pipeline.set_state(Gst.State.PLAYING)

    def stop(self):
        self.camera.pipeline.get_bus().remove_signal_watch()
        self.camera.pipeline.set_state(Gst.State.NULL)

    def obey(self, order):
        if "bitrate" in order:
            self.bitrate = order["bitrate"]
            self.camera.set_bitrate(self.bitrate)
        if order.get("key"):
            self.camera.request_keyframe()

    def on_stuck(self, camera):
        if camera is self.camera and not camera.has_sent and self.left:
            self.fail("It took frames and gave nothing.")
        return False

    def on_message(self, _bus, message, camera):
        if camera is not self.camera:
            return
        if message.type == Gst.MessageType.ERROR:
            self.fail(why(message))
        elif message.type == Gst.MessageType.EOS:
            self.end("The source ended.")

    def fail(self, why):
        """A board's encoder that fails at once must not cost the picture."""
        if (self.camera.has_sent and self.camera.frames >= PATIENCE) or not self.left:
            return self.end(why)
        self.give_up(self.camera.kind, why)
        # The stream goes on where it was: its receivers do not know that another encoder makes it.
        self.began = self.camera.pipeline.get_base_time()
        self.sequence = (self.camera.pay.get_property("seqnum") + 1) & 0xFFFF
        self.stop()
        try:
            self.start()
        except GLib.Error as error:
            self.end(error.message)

    def give_up(self, encoder, why):
        print(f"{encoder.name} is given up: {why}", file=sys.stderr, flush=True)

    def end(self, why):
        say(type="failed", says=why)
        self.status = 1
        self.loop.quit()


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    try:
        runner = Runner(loop, **json.loads(sys.argv[1]))
        runner.start()
    except (GLib.Error, SystemExit) as error:
        say(type="failed", says=str(getattr(error, "message", error)))
        return 1

    unread = b""

    def on_input(_channel, _condition):
        # Not by readline: a second line would stay in its buffer until more is written.
        nonlocal unread
        read = os.read(0, 65536)
        if not read:
            loop.quit()
            return False
        *lines, unread = (unread + read).split(b"\n")
        for line in lines:
            runner.obey(json.loads(line))
        return True

    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, on_input)
    try:
        loop.run()
    finally:
        runner.stop()
    return runner.status


sys.exit(main())
`;
