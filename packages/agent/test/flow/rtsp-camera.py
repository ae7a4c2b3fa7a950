"""A network camera: the H.264 of a test picture over RTSP, at the address that it prints."""

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=30/1"
ENCODED = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 ! video/x-h264,profile=constrained-baseline"

Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service="0")
factory = GstRtspServer.RTSPMediaFactory(shared=True)
factory.set_launch(f"( {PICTURE} ! {ENCODED} ! rtph264pay name=pay0 pt=96 )")
server.get_mount_points().add_factory("/stream", factory)
server.attach(None)
print(f"rtsp://127.0.0.1:{server.get_bound_port()}/stream", flush=True)
GLib.MainLoop().run()
