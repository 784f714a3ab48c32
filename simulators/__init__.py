"""Separate programs that speak the protocols of marketplaces and payment providers.

A simulator never imports product code and product code never imports a simulator: they meet only over HTTP.
"""
