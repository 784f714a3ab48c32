"""What visitors ask the cooperative, where they do not use WhatsApp."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from lib import codes
from tenants.sealing import TenantModel


class Question(TenantModel):
    """A thread between one visitor, who holds its link, and the cooperative."""

    class State(models.TextChoices):
        OPEN = "open", _("belum dijawab")
        ANSWERED = "answered", _("sudah dijawab")

    token = models.CharField(max_length=32, unique=True, default=codes.link_token)
    key = models.UUIDField(unique=True)  # of the form: sent twice it is one question
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="questions")
    name = models.CharField(_("nama"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(max_length=2, default="id")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "updated_at"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Post(TenantModel):
    """One thing that was said."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="posts")
    is_shop = models.BooleanField(default=False)  # the cooperative answers
    author = models.CharField(max_length=80)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["question", "at"])]

    def __str__(self) -> str:
        return self.text[:40]
