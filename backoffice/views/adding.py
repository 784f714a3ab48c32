"""Products come in: one by hand, many by file, and photos of what is there."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import needs
from backoffice.forms import ImportForm, NewProductForm, PhotoForm
from catalog import adding, photos, reading
from catalog.models import Product
from inventory import opening
from members.models import Member
from members.roles import May


@needs(May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """One product with its price, its pieces and its photo; it is for sale at once."""
    is_post = request.method == "POST"
    form = NewProductForm(request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid() and (product := _add(request, form)):
        messages.success(request, _("Produk disimpan dan dijual."))
        return redirect("backoffice:product", pk=product.pk)
    context = {"form": form, "has_members": Member.objects.exists()}
    return TemplateResponse(request, "backoffice/product_new.html", context, status=422 if form.errors else 200)


@needs(May.EDIT_PRODUCTS)
@require_POST
def product_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Another photo of this product."""
    product = get_object_or_404(Product, pk=pk)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Pilih foto dulu."))
        return redirect("backoffice:product", pk=pk)
    try:
        photos.attach(product=product, data=_read(form.cleaned_data["photo"]), alt=product.title, now=timezone.now())
    except photos.BadPhoto as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Foto disimpan."))
    return redirect("backoffice:product", pk=pk)


@needs(May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def products_import(request: HttpRequest) -> HttpResponse:
    """A CSV file of products (docs/importing.md); the page then says which rows were not taken, and why."""
    is_post = request.method == "POST"
    form = ImportForm(request.POST if is_post else None, request.FILES if is_post else None)
    report = None
    if is_post and form.is_valid():
        with TemporaryDirectory() as folder:
            path = Path(folder) / "products.csv"
            path.write_bytes(form.cleaned_data["file"].read())
            try:
                report = opening.import_catalog(path=path, now=timezone.now())
            except reading.Unreadable as error:
                form.add_error("file", str(error))
    context = {"form": form, "report": report}
    return TemplateResponse(request, "backoffice/products_import.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, form: NewProductForm) -> Product | None:
    about = dict(form.cleaned_data)
    photo = about.pop("photo")
    try:
        return opening.add_product(
            **about, photo=_read(photo) if photo else None, by=str(request.user)[:60], now=timezone.now()
        )
    except adding.TitleTaken:
        form.add_error("title", _("Anggota ini sudah punya produk lain dengan nama yang sama."))
    except adding.SkuTaken:
        form.add_error("sku", _("SKU ini milik produk lain di toko."))
    except photos.BadPhoto as error:
        form.add_error("photo", str(error))
    return None


def _read(file: object) -> bytes:
    """As much of the file as a photo may have, and one byte more so that a larger one is refused."""
    return file.read(photos.MOST_BYTES + 1)
