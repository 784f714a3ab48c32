"""What waits for a person, counted in a few queries."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Document, Proposal
from marketplaces.models import Listing
from members.roles import May
from orders.models import Order, OrderState
from payments.models import Payment
from questions.models import Question
from reviews.models import Review


@dataclass(frozen=True, kw_only=True)
class Task:
    """`count` things of one kind, and the page where they are done."""

    name: str | Promise
    icon: str
    count: int
    link: str


def tasks(allowed: set[May]) -> list[Task]:
    """Everything that waits for somebody who is `allowed` to see it, also where nothing waits."""
    return [
        *(_about_orders() if May.SEE_ORDERS in allowed else []),
        *(_about_money() if May.SEE_MONEY in allowed else []),
        *(_about_listings() if May.SEE_PRODUCTS in allowed else []),
        *(_about_reviews() if May.MODERATE_REVIEWS in allowed else []),
        *(_about_channels() if May.SEE_CHANNELS in allowed else []),
    ]


def _about_orders() -> list[Task]:
    waiting = Order.objects.filter(Q(state__in=(OrderState.PAID, OrderState.PACKED)) | ~Q(problem=""))
    counts = waiting.aggregate(
        pack=Count("pk", filter=Q(state=OrderState.PAID)),
        ship=Count("pk", filter=Q(state=OrderState.PACKED)),
        case=Count("pk", filter=~Q(problem="")),
    )
    orders = reverse("backoffice:orders")
    asked = Question.objects.filter(state=Question.State.OPEN).count()
    return [
        Task(name=_("Perlu dikemas"), icon="box", count=counts["pack"], link=f"{orders}?state=paid"),
        Task(name=_("Perlu dikirim"), icon="truck", count=counts["ship"], link=f"{orders}?state=packed"),
        Task(name=_("Pesanan bermasalah"), icon="circle-alert", count=counts["case"], link=f"{orders}?problem=any"),
        Task(name=_("Pertanyaan belum dijawab"), icon="mail", count=asked, link=reverse("backoffice:questions")),
    ]


def _about_money() -> list[Task]:
    waiting = transfers_waiting().count()
    link = reverse("backoffice:transfers")
    return [Task(name=_("Transfer perlu dicek"), icon="landmark", count=waiting, link=link)]


def _about_listings() -> list[Task]:
    waiting = Proposal.objects.filter(state=Proposal.State.SUBMITTED).count()
    link = reverse("backoffice:approvals")
    papers = Document.objects.filter(state=Document.State.WAITING).count()
    return [
        Task(name=_("Produk menunggu persetujuan"), icon="box", count=waiting, link=link),
        Task(name=_("Dokumen perlu diperiksa"), icon="file-text", count=papers, link=reverse("backoffice:documents")),
    ]


def _about_reviews() -> list[Task]:
    reviews_waiting = Review.objects.filter(state=Review.State.WAITING).count()
    return [
        Task(name=_("Ulasan perlu diperiksa"), icon="star", count=reviews_waiting, link=reverse("backoffice:reviews"))
    ]


def _about_channels() -> list[Task]:
    stuck = Listing.objects.filter(needs_person=True).count()
    link = f"{reverse('backoffice:products')}?channel=needs_person"
    return [Task(name=_("Produk ditolak kanal"), icon="plug", count=stuck, link=link)]


def transfers_waiting(*, late: bool = False) -> QuerySet[Payment]:
    """Transfers that buyers announced and nobody has found in the bank statement yet; `late`: of orders that are no
    longer waiting for them."""
    announced = Payment.objects.filter(gateway__provider="transfer", state__in=Payment.OPEN)
    in_time = Q(order__state=OrderState.AWAITING_PAYMENT)
    return announced.exclude(in_time) if late else announced.filter(in_time)
