"""A cooperative comes into being whole or not at all, under a name that is nobody else's."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.utils import translation

from accounts.models import User
from members import founding
from members.models import Officer
from tenants import names, provisioning, snapshot, versions
from tenants.context import in_tenant
from tenants.models import Cooperative, Domain, FreedName
from tenants.provisioning import Refusal, SlugRefused

MADU = {"name": "Madu Sumbawa", "slug": "madu-sumbawa", "admin_email": "ketua@madu.example"}
REAL_NAMES = """
    madu-sumbawa tenun-sikka mebel-jepara kud-tani-makmur kopwan-melati ksu-sinar-jaya 1001-rasa kopi-gayo-2
    koperasi-kopi-toraja toko-tani-lestari bumdes-sukamaju batik-tulis-lasem sutera-sengkang rumput-laut-takalar
    gula-aren-lebak vanili-alor cengkeh-ternate pala-banda-neira sagu-papua nelayan-muncar
""".split()  # noqa: SIM905
HOSTILE = [
    *sorted(names.RESERVED)[::3],
    *[f"{word}{number}" for word in ("ns", "mail", "www", "api", "mx", "server") for number in (1, 2, "-1", "01")],
    "adm1n", "adrnin", "a-dmin", "ap1", "apl", "t0ko", "t0k0", "to-ko", "kel0la", "ke-lola", "keiola", "kelo1a",
    "k0peras1", "koperasl", "pernbayaran", "rnasuk", "vvww", "wvvw", "supp0rt", "0perator", "l0gin", "log1n",
    "stat1c", "rnedia", "payrnent", "bi11ing", "biliing",
    "_dmarc", "_acme-challenge", "dmarc", "xn--toko-abc", "xn--p1ai", "xn--80ak6aa92e", "a--b-c", "kopi--gayo",
    "", "a", "ab", "-kopi", "kopi-", "-", "---", "k" * 41, "k" * 64, "k" * 300, "123", "127-0-0-1",
    "2130706433",
    "KOPI", "Kopi", "kopi gayo", " kopi", "kopi ", "kopi\n", "kopi\r\n", "kopi\t", "kopi\x00", "kopi.gayo", ".kopi",
    "kopi.", "kopi..gayo", "kopi_gayo", "t_abcdefghijkl", "pg_catalog", "information_schema",
    "kopi'", 'kopi"', "kopi;drop", "kopi/../x", "../../etc", "kopi%2egayo", "kopi%00", "kopi\\", "kopi$", "kopi@evil",
    "kopi:8000", "kopi#x", "kopi?x", "kopi&x", "<script>", "{{7*7}}", "${jndi}", "kopi|x", "`id`", "kopi,gayo",
    "kоpi", "коpi", "ｋｏｐｉ", "kopí", "kopı", "İkopi", "ﬁkopi", "kopi\u200bgayo", "kopi\u00adgayo", "kopi\u2010gayo",
    "kopi\u202egayo", "kopi🐝", "٣٣٣kopi", "ⅰkopi", "ſkopi",
    "localhost", "localdomain", "wpad", "isatap", "autodiscover", "broadcasthost",
]  # fmt: skip


@pytest.fixture
def public(db: None) -> None:
    connection.set_schema_to_public()


def everything() -> tuple[object, ...]:
    """What a refused or failed creation leaves as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%' ORDER BY 1")
        schemas = cursor.fetchall()
    return schemas, sorted(Cooperative.objects.values_list("slug")), sorted(Domain.objects.values_list("domain"))


def test_a_new_cooperative_has_its_schema_host_name_first_officer_and_version(public: None) -> None:
    made = founding.found(**MADU, admin_name="Ibu Ketua")
    assert made.primary_domain == "madu-sumbawa.localhost"
    assert made.schema_version == versions.of_code()
    assert connection.schema_name == "public"
    with in_tenant(made):
        officer = Officer.objects.select_related("user").get()
        assert (officer.role, officer.user.email, officer.user.name) == ("pengurus", "ketua@madu.example", "Ibu Ketua")
    assert Client(HTTP_HOST="madu-sumbawa.localhost").get("/akun/masuk/").status_code == 200


def fails(*args: Any, **options: Any) -> None:
    raise OperationalError("the server closed the connection")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (Domain.objects, "create"),
        (snapshot, "make_schema"),
        (User.objects, "create_user"),
        (Officer.objects, "create"),
    ],
)
def test_a_failure_anywhere_leaves_nothing_and_the_name_free(where: object, what: str, public: None) -> None:
    before = everything()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, what, fails)
        with pytest.raises(OperationalError):
            founding.found(**MADU)
    assert everything() == before
    assert connection.schema_name == "public"
    founding.found(**MADU)
    assert everything() != before


def test_a_schema_that_breaks_half_way_leaves_nothing(public: None, monkeypatch) -> None:
    before = everything()
    whole = snapshot.shipped()
    broken = snapshot.Snapshot(version=whole.version, sql=whole.sql + "CREATE TABLE broken (;")
    monkeypatch.setattr(snapshot, "shipped", lambda: broken)
    with pytest.raises(Exception, match="syntax error"):
        founding.found(**MADU)
    assert everything() == before


def test_hostile_and_reserved_names_are_refused(public: None) -> None:
    """Attack A15."""
    before = everything()
    assert len(set(HOSTILE)) >= 200
    reasons = {slug: refusal(slug) for slug in HOSTILE}
    assert [slug for slug, reason in reasons.items() if reason is None] == []
    assert set(reasons.values()) == {Refusal.MALFORMED, Refusal.RESERVED}
    assert everything() == before


def test_every_reserved_name_is_one_that_somebody_could_wish_for() -> None:
    assert [name for name in names.RESERVED if not names.is_reserved(name)] == []
    assert [name for name in names.RESERVED if len(name) > 2 and not names.SLUG.fullmatch(name)] == []


@pytest.mark.parametrize("slug", REAL_NAMES)
def test_a_cooperative_gets_a_name_of_its_own(slug: str, public: None) -> None:
    provisioning.check_slug(slug)


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("kopi-gayo", Refusal.TAKEN),
        ("kopigayo", Refusal.LOOKS_ALIKE),
        ("k0pi-gayo", Refusal.LOOKS_ALIKE),
        ("kop1-gayo", Refusal.LOOKS_ALIKE),
        ("kopl-gay0", Refusal.LOOKS_ALIKE),
        ("ko-pi-ga-yo", Refusal.LOOKS_ALIKE),
        ("batlk-lasern", Refusal.LOOKS_ALIKE),
        ("batik-la5em", None),
        ("kopi-gajo", None),
        ("kopi-gayo-aceh", None),
    ],
)
def test_a_name_that_the_eye_takes_for_another_is_refused(slug: str, reason: Refusal | None, public: None) -> None:
    before = everything()
    assert refusal(slug) == reason
    assert (everything() == before) == (reason is not None)


@pytest.mark.parametrize(
    ("freed", "ago", "wanted", "reason"),
    [
        ("madu-sumbawa", timedelta(0), "madu-sumbawa", Refusal.RESTING),
        ("madu-sumbawa", timedelta(days=364), "madu-sumbawa", Refusal.RESTING),
        ("madu-sumbawa", timedelta(days=364), "rnadu-surnbawa", Refusal.RESTING),
        ("madu-sumbawa", timedelta(days=366), "madu-sumbawa", None),
        ("madu-sumbawa.example", timedelta(0), "madu-sumbawa", None),
        ("madu-lombok", timedelta(0), "madu-sumbawa", None),
    ],
)
def test_a_freed_name_rests_for_a_year(
    freed: str, ago: timedelta, wanted: str, reason: Refusal | None, public: None
) -> None:
    FreedName.objects.create(name=freed, freed_at=datetime.now(UTC) - ago)
    assert refusal(wanted) == reason


def test_a_host_name_that_another_cooperative_holds_is_taken(public: None) -> None:
    holder = Cooperative.objects.get(slug="kopi-gayo")
    Domain.objects.create(domain="madu-sumbawa.localhost", tenant=holder, is_primary=False)
    assert refusal("madu-sumbawa") == Refusal.TAKEN


def test_a_refusal_speaks_to_people_and_to_operators() -> None:
    assert str(SlugRefused("kopi-gayo", Refusal.TAKEN)) == "“kopi-gayo” is taken"
    for reason in Refusal:
        assert "kopi-gayo" in str(SlugRefused("kopi-gayo", reason))
    with translation.override("id"):
        assert SlugRefused("kopi-gayo", Refusal.TAKEN).reason.label == "Nama ini sudah dipakai koperasi lain."


def test_the_database_has_the_last_word(public: None, monkeypatch) -> None:
    """Whoever comes past the questions meets the unique constraint, and it is a refusal and no server error."""
    before = everything()
    monkeypatch.setattr(provisioning, "check_slug", lambda slug: None)
    with pytest.raises(SlugRefused) as refused:
        founding.found(**{**MADU, "slug": "kopi-gayo"})
    assert refused.value.reason == Refusal.TAKEN
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert everything() == before


@pytest.mark.parametrize(
    "slugs",
    [["madu-sumbawa"] * 20, [f"{'il1'[n % 3]}ebah-{'rn' if n % 2 else 'm'}adu{'-' * (n < 3)}manis" for n in range(20)]],
    ids=["the same", "look-alikes"],
)
def test_of_twenty_at_once_one_gets_the_name(slugs: list[str], outside_transactions: None) -> None:
    before = Cooperative.objects.count()
    outcomes = at_once([lambda slug=slug: refusal(slug) for slug in slugs])
    assert outcomes[None] == 1
    assert outcomes[Refusal.TAKEN] + outcomes[Refusal.LOOKS_ALIKE] == 19
    assert Cooperative.objects.count() == before + 1


def at_once(works: list[Callable[[], Any]]) -> Counter[Any]:
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(run, works))


def refusal(slug: str) -> Refusal | None:
    try:
        provisioning.create_cooperative(name="Madu Sumbawa", slug=slug)
    except SlugRefused as refused:
        return refused.reason
    return None
