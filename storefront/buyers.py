"""Who stands in front of the shop."""

from django.http import HttpRequest

from members.models import Member


def is_member(request: HttpRequest) -> bool:
    """Whether a member of this cooperative is logged in, who pays member prices. No query for anybody else."""
    user = request.user
    return user.is_authenticated and user.is_active and Member.objects.filter(user=user).exists()
