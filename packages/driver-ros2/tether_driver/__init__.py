"""Drivers of Tether's robot agent, each a program of lines: ROS 2, MAVLink, and a serial line."""
