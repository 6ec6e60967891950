"""Loops over neighbour lists, compiled by numba and cached on disk.

Each kernel is plain Python over numpy arrays: with ``NUMBA_DISABLE_JIT=1`` it
runs uncompiled and gives the same figures.
"""
