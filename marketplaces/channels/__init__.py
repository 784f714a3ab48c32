"""One package per marketplace, each a pure translator."""

from marketplaces.channels.shopee.channel import Shopee

CHANNELS = {Shopee.key: Shopee}
