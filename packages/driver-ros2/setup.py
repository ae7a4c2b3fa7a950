from setuptools import setup

NAME = "tether_driver"

setup(
    name=NAME,
    version="0.2.0",
    packages=[NAME],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml", "config/tether.yaml"]),
    ],
    python_requires=">=3.8",
    license="Apache-2.0",
    entry_points={
        "console_scripts": [
            "tether_ros2 = tether_driver.ros2:main",
            "tether_ros2_camera = tether_driver.ros2_camera:main",
            "tether_mavlink = tether_driver.mavlink:main",
            "tether_serial = tether_driver.serial_line:main",
        ],
    },
)
