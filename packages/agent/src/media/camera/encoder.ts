/** The part of a camera's program that knows encoders: a text, as the whole program is. None of the boards' was at hand; their rows are by their makers' documentation. */
export const encoders = `Encoder = namedtuple("Encoder", "name takes settings makes property unit", defaults=(None, 1))

I420 = "videoconvert ! video/x-raw,format=I420"
NV12 = "videoconvert ! video/x-raw,format=NV12"
EITHER = "videoconvert ! video/x-raw,format={I420,NV12}"
BASELINE = "video/x-h264,profile=constrained-baseline"

# The encoders of boards, the most special first.
BOARDS = {
    "h264": [
        # A Jetson's takes pictures from the memory of its GPU alone; its profile is the baseline unless another is asked for.
        Encoder(
            "nvv4l2h264enc",
            f"{NV12} ! nvvidconv ! video/x-raw(memory:NVMM),format=NV12",
            "insert-sps-pps=true preset-level=1 maxperf-enable=true",
            "video/x-h264",
            "bitrate",
        ),
        # A Raspberry Pi's does not begin where no level is asked for.
        Encoder("v4l2h264enc", EITHER, "", "video/x-h264,profile=(string){constrained-baseline,baseline},level=(string)4", "extra-controls"),
        Encoder("vah264lpenc", NV12, "rate-control=cbr b-frames=0 ref-frames=1 key-int-max=1024", BASELINE, "bitrate", 1000),
        Encoder("vah264enc", NV12, "rate-control=cbr b-frames=0 ref-frames=1 key-int-max=1024", BASELINE, "bitrate", 1000),
        Encoder("vaapih264enc", NV12, "rate-control=cbr", BASELINE, "bitrate", 1000),
        Encoder("omxh264enc", EITHER, "control-rate=variable", BASELINE, "target-bitrate"),
    ],
    "vp8": [],
    "opus": [],
}
SOFTWARE = {
    "h264": [
        Encoder(
            "x264enc", I420, "tune=zerolatency speed-preset=ultrafast threads=1 vbv-buf-capacity=200 key-int-max=9999", BASELINE, "bitrate", 1000
        ),
        Encoder("openh264enc", I420, "complexity=low rate-control=bitrate", BASELINE, "bitrate"),
    ],
    "vp8": [
        Encoder(
            "vp8enc", I420, "deadline=1 cpu-used=8 keyframe-max-dist=9999 lag-in-frames=0 error-resilient=default", "video/x-vp8", "target-bitrate"
        ),
    ],
    "opus": [
        # A frame carries the one before it in few bits, for a receiver that has lost that.
        Encoder(
            "opusenc",
            "audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=1",
            "audio-type=voice frame-size=20 inband-fec=true packet-loss-percentage=10",
            "audio/x-opus",
            "bitrate",
        ),
    ],
}


def opens(encoder):
    element = Gst.ElementFactory.make(encoder.name, None)
    if not element:
        return False
    opened = element.set_state(Gst.State.READY) != Gst.StateChangeReturn.FAILURE
    element.set_state(Gst.State.NULL)
    return opened


def encoders(codec):
    """Those whose device opens, in the order in which they are tried: every board's, and the first in software."""
    software = [encoder for encoder in SOFTWARE[codec] if opens(encoder)][:1]
    found = [encoder for encoder in BOARDS[codec] if opens(encoder)] + software
    if not found:
        raise SystemExit(f"No encoder for {codec} is installed: gstreamer1.0-plugins-ugly has x264enc, gstreamer1.0-plugins-good has vp8enc, gstreamer1.0-plugins-base has opusenc.")
    return found


def controls(**values):
    return Gst.Structure.new_from_string("controls," + ",".join(f"{name}={value}" for name, value in values.items()))
`;
