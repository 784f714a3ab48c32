"""A closed cooperative leaves its channels: what is shown there is taken down, then the right to act is given up.

Its other jobs have stopped, so this is work of the platform. A closed cooperative that pushes are still routed to has
not left yet: the shared table ChannelRoute is the whole queue.
"""

from datetime import datetime, timedelta

from marketplaces import connecting, pushing
from marketplaces.models import Connection, Listing
from tenants.context import current_cooperative
from tenants.models import ChannelRoute, Cooperative

GIVE_UP_AFTER = timedelta(hours=24)  # a channel that does not answer so long keeps what it shows; docs/lifecycle.md


def waiting() -> list[Cooperative]:
    """The closed cooperatives that have not left all their channels, who closed first first. One statement."""
    closed = Cooperative.objects.shops().filter(state=Cooperative.State.CLOSED, channel_routes__isnull=False)
    return list(closed.distinct().order_by("state_since"))


def leave(*, now: datetime) -> None:
    """Take down what the channels still show, for one turn of pushing, and disconnect where nothing is shown any more
    or nothing can be done. Stands in a closed cooperative; comes again until it has left."""
    living = Connection.objects.exclude(state=Connection.State.CLOSED)
    Listing.objects.filter(connection__in=living, wanted_live=True).update(wanted_live=False, try_at=None)
    pushing.push(now=now)
    cooperative = current_cooperative()
    is_late = now >= cooperative.state_since + GIVE_UP_AFTER
    for joined in living:
        if is_late or joined.state == Connection.State.LOST or not _shown(joined):
            connecting.disconnect(joined)
    if not living.exists():
        ChannelRoute.objects.filter(cooperative=cooperative).delete()


def _shown(joined: Connection) -> bool:
    """Whether the channel shows, or may show, something of ours."""
    return joined.listings.exclude(external_id="").exclude(pushed_live=False).exists()
