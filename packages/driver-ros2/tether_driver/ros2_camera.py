"""A camera of ROS 2 for Tether's agent: `tether_ros2_camera TOPIC [--compressed | --map]`, behind `y4m:` or, with --compressed, `jpeg:`.

Raw images (sensor_msgs/Image: rgb8, bgr8, rgba8, bgra8, mono8) and maps (nav_msgs/OccupancyGrid) are written to standard output as Y4M,
compressed ones (sensor_msgs/CompressedImage with JPEG) as they are. An image of another encoding is said once, and left out.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, BinaryIO

import numpy as np

CHANNELS = {"rgb8": (0, 1, 2, 3), "bgr8": (2, 1, 0, 3), "rgba8": (0, 1, 2, 4), "bgra8": (2, 1, 0, 4)}


def planes_of(rgb: np.ndarray) -> bytes:
    """I420 (BT.601, limited range) of an image of an even number of rows and columns, height × width × 3."""
    red, green, blue = (rgb[:, :, channel].astype(np.int32) for channel in range(3))
    luma = ((66 * red + 129 * green + 25 * blue + 128) >> 8) + 16
    half = [plane.reshape(plane.shape[0] // 2, 2, plane.shape[1] // 2, 2).mean(axis=(1, 3)).astype(np.int32) for plane in (red, green, blue)]
    blue_chroma = ((-38 * half[0] - 74 * half[1] + 112 * half[2] + 128) >> 8) + 128
    red_chroma = ((112 * half[0] - 94 * half[1] - 18 * half[2] + 128) >> 8) + 128
    return b"".join(plane.astype(np.uint8).tobytes() for plane in (luma, blue_chroma, red_chroma))


def image_of(message: Any) -> np.ndarray | None:
    """Height × width × 3 of a sensor_msgs/Image; None where its encoding is not known."""
    height, width, step = message.height, message.width, message.step
    rows = np.frombuffer(message.data, dtype=np.uint8)[: height * step].reshape(height, step)
    if message.encoding == "mono8":
        return np.repeat(rows[:, :width, None], 3, axis=2)
    if message.encoding not in CHANNELS:
        return None
    red, green, blue, depth = CHANNELS[message.encoding]
    pixels = rows[:, : width * depth].reshape(height, width, depth)
    return pixels[:, :, [red, green, blue]]


def map_of(message: Any) -> np.ndarray:
    """Height × width × 3 of a nav_msgs/OccupancyGrid, north up: free is white, occupied black, unknown grey."""
    cells = np.asarray(message.data, dtype=np.int16).reshape(message.info.height, message.info.width)[::-1]
    shade = np.where(cells < 0, 128, 255 - np.clip(cells, 0, 100) * 255 // 100).astype(np.uint8)
    return np.repeat(shade[:, :, None], 3, axis=2)


class Y4mWriter:
    """Writes images of the first one's size; others are left out, because the format knows one size."""

    def __init__(self, out: BinaryIO, rate: int):
        self._out, self._rate, self._size = out, rate, None

    def write(self, image: np.ndarray) -> None:
        image = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
        height, width, _ = image.shape
        if self._size is None:
            self._size = (height, width)
            self._out.write(f"YUV4MPEG2 W{width} H{height} F{self._rate}:1 Ip A1:1 C420jpeg\n".encode())
        if self._size != (height, width):
            return
        self._out.write(b"FRAME\n" + planes_of(image))
        self._out.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--compressed", action="store_true")
    kind.add_argument("--map", action="store_true")
    parser.add_argument("--rate", type=int, default=30, help="pictures a second that are written down in the stream's head")
    options = parser.parse_args()

    import rclpy
    from nav_msgs.msg import OccupancyGrid
    from rclpy.qos import DurabilityPolicy, QoSProfile, qos_profile_sensor_data
    from sensor_msgs.msg import CompressedImage, Image

    out = sys.stdout.buffer
    writer = Y4mWriter(out, options.rate)
    told: set[str] = set()

    def on_image(message: Any) -> None:
        image = image_of(message)
        if image is not None:
            writer.write(image)
        elif message.encoding not in told:
            told.add(message.encoding)
            print(f"Images of the encoding {message.encoding} cannot be shown.", file=sys.stderr)

    def on_compressed(message: Any) -> None:
        out.write(bytes(message.data))
        out.flush()

    rclpy.init()
    node = rclpy.create_node("tether_camera")
    if options.compressed:
        node.create_subscription(CompressedImage, options.topic, on_compressed, qos_profile_sensor_data)
    elif options.map:
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        node.create_subscription(OccupancyGrid, options.topic, lambda message: writer.write(map_of(message)), latched)
    else:
        node.create_subscription(Image, options.topic, on_image, qos_profile_sensor_data)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
