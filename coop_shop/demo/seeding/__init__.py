"""The demo cooperatives come to life, through the same functions that people's clicks call.

Each step may run again: what is there already stays as it is.
"""
