"""Registers stand-ins for the encoders of boards, for a Python that finds this file on its path before it loads GStreamer.

TETHER_BOARDS lists their names, each with what is wrong with it, if anything: "v4l2h264enc", "nvv4l2h264enc:errs",
"vah264enc:silent", "vaapih264enc:closed". Each takes and gives only what the real one does, has the properties that the agent
sets, in the real one's units, and encodes by x264enc. What is asked of it goes to standard error.
"""

import os
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstBase", "1.0")
from gi.repository import GObject, Gst, GstBase  # noqa: E402

Gst.init(None)
NVMM = Gst.Caps.from_string("video/x-raw(memory:NVMM),format=NV12")
PLAIN = Gst.Caps.from_string("video/x-raw,format=NV12")
H264 = Gst.Caps.from_string("video/x-h264,stream-format=byte-stream,alignment=au")


def tell(*words):
    print(*words, file=sys.stderr, flush=True)


def element(name, base, kind, sink, src, members):
    made = type(f"standin_{name}", (base,), members)
    made.set_metadata(name, kind, "Stand-in", "Tether")
    made.add_pad_template(Gst.PadTemplate.new("sink", Gst.PadDirection.SINK, Gst.PadPresence.ALWAYS, sink))
    made.add_pad_template(Gst.PadTemplate.new("src", Gst.PadDirection.SRC, Gst.PadPresence.ALWAYS, src))
    Gst.Element.register(None, name, Gst.Rank.NONE, made)


def memory(name, sink, src):
    """An element that says that frames lie in another memory."""

    def transform(_self, direction, caps, accepted):
        to = src if direction == Gst.PadDirection.SINK else sink
        made = Gst.Caps.new_empty()
        for index in range(caps.get_size()):
            structure = caps.get_structure(index)
            made.append_structure_full(Gst.Structure.new_from_string(structure.to_string()), to.get_features(0).copy())
        return made.intersect(accepted) if accepted else made

    members = {
        "do_transform_caps": transform,
        "do_transform_ip": lambda _self, _buffer: Gst.FlowReturn.OK,
    }
    element(name, GstBase.BaseTransform, "Filter", sink, src, members)


def encoder(name, wrong, takes, properties, unit):
    """A stand-in whose properties are those, each with its default; `unit` is how many bits per second one of its bitrate is."""

    def init(self):
        Gst.Bin.__init__(self)
        self.values = {key: default for key, (_, default) in properties.items()}
        strip = "fromnvmm ! " if "NVMM" in takes.to_string() else ""
        work = {"silent": "valve drop=true", "errs": "identity error-after=2"}.get(wrong, "identity")
        bin = Gst.parse_bin_from_description(
            f"identity name=in ! {strip}videoconvert ! video/x-raw,format=I420 ! x264enc name=real tune=zerolatency"
            f" speed-preset=ultrafast key-int-max=9999 ! {work} name=out",
            False,
        )
        self.add(bin)
        self.real = bin.get_by_name("real")
        for pad, inner in (("sink", bin.get_by_name("in")), ("src", bin.get_by_name("out"))):
            ghost = Gst.GhostPad.new(pad, inner.get_static_pad(pad))
            bin.add_pad(ghost)
            own = Gst.GhostPad.new_from_template(pad, ghost, self.get_pad_template(pad))
            self.add_pad(own)

    def change(self, transition):
        if wrong == "closed" and transition == Gst.StateChange.NULL_TO_READY:
            return Gst.StateChangeReturn.FAILURE
        if transition == Gst.StateChange.PAUSED_TO_PLAYING:
            tell(name, "for", self.get_static_pad("src").peer_query_caps(None).to_string())
        return Gst.Bin.do_change_state(self, transition)

    def set_property(self, spec, value):
        bits = None
        if spec.name == "extra-controls":
            value, bits = value.to_string(), value.get_int("video_bitrate")[1]
        elif "bitrate" in spec.name:
            bits = value * unit
        if bits:
            self.real.set_property("bitrate", bits // 1000)
        tell(name, spec.name, value)
        self.values[spec.name] = value

    members = {
        "__init__": init,
        "__gproperties__": {
            key: (kind, key, key, *limits(kind, default), GObject.ParamFlags.READWRITE) for key, (kind, default) in properties.items()
        },
        "do_change_state": change,
        "do_set_property": set_property,
        "do_get_property": lambda self, spec: self.values[spec.name],
    }
    element(name, Gst.Bin, "Codec/Encoder/Video/Hardware", takes, H264, members)


def limits(kind, default):
    """The description of a GObject property of that type."""
    return (0, 2**31 - 1, default) if kind is int else (default,) if kind in (bool, str) else ()


BITRATE = {"bitrate": (int, 0)}
VA = {**BITRATE, "rate-control": (str, ""), "b-frames": (int, 0), "ref-frames": (int, 0), "key-int-max": (int, 0)}
KINDS = {
    "nvv4l2h264enc": (NVMM, {**BITRATE, "insert-sps-pps": (bool, False), "preset-level": (int, 0), "maxperf-enable": (bool, False)}, 1),
    "v4l2h264enc": (Gst.Caps.from_string("video/x-raw,format={I420,NV12}"), {"extra-controls": (Gst.Structure, None)}, 1),
    "vah264enc": (PLAIN, VA, 1000),
    "vaapih264enc": (PLAIN, {**BITRATE, "rate-control": (str, "")}, 1000),
}

for entry in filter(None, os.environ.get("TETHER_BOARDS", "").split(",")):
    name, _, wrong = entry.partition(":")
    takes, properties, unit = KINDS[name]
    if takes is NVMM:
        memory("nvvidconv", PLAIN, NVMM)
        memory("fromnvmm", NVMM, PLAIN)
    encoder(name, wrong, takes, properties, unit)
