import io
import unittest
from types import SimpleNamespace as Of

import numpy as np
from tether_driver.ros2_camera import Y4mWriter, image_of, map_of, planes_of


def image(encoding, depth, data, width=2, height=2, padding=0):
    row = width * depth + padding
    return Of(height=height, width=width, step=row, encoding=encoding, data=bytes(data))


class CameraTest(unittest.TestCase):
    def test_every_encoding_gives_the_same_red(self):
        for encoding, pixel in (("rgb8", [255, 0, 0]), ("bgr8", [0, 0, 255]), ("rgba8", [255, 0, 0, 9]), ("bgra8", [0, 0, 255, 9])):
            with self.subTest(encoding):
                found = image_of(image(encoding, len(pixel), pixel * 4))
                self.assertEqual(found.tolist(), [[[255, 0, 0]] * 2] * 2)
        self.assertEqual(image_of(image("mono8", 1, [7, 8, 9, 10])).tolist()[0], [[7] * 3, [8] * 3])

    def test_padding_of_rows_is_left_out(self):
        self.assertEqual(image_of(image("mono8", 1, [1, 2, 99, 3, 4, 99], padding=1)).tolist(), [[[1] * 3, [2] * 3], [[3] * 3, [4] * 3]])

    def test_another_encoding_is_none(self):
        self.assertIsNone(image_of(image("16UC1", 2, [0] * 8)))

    def test_colours_are_those_of_bt_601(self):
        for colour, planes in (([0, 0, 0], (16, 128, 128)), ([255, 255, 255], (235, 128, 128)), ([255, 0, 0], (82, 90, 240))):
            data = planes_of(np.full((2, 2, 3), colour, dtype=np.uint8))
            self.assertEqual((data[0], data[4], data[5]), planes)

    def test_y4m_has_its_head_once_and_one_size(self):
        out = io.BytesIO()
        writer = Y4mWriter(out, 15)
        for height in (3, 2, 4):
            writer.write(np.zeros((height, 4, 3), dtype=np.uint8))
        head, *frames = out.getvalue().split(b"FRAME\n")
        self.assertEqual(head, b"YUV4MPEG2 W4 H2 F15:1 Ip A1:1 C420jpeg\n")
        self.assertEqual([len(frame) for frame in frames], [12, 12])

    def test_a_map_has_north_up(self):
        grid = Of(info=Of(height=2, width=2), data=[0, 100, -1, 50])
        self.assertEqual(map_of(grid)[:, :, 0].tolist(), [[128, 128], [255, 0]])
