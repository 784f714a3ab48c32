"""The shop's addresses and one more, at which a plain Django view answers bytes that were made before."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from coop_shop.urls import urlpatterns as of_the_shop

BODY = b""


@csrf_exempt
def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("polos/", answer), *of_the_shop]
