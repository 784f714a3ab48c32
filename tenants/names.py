"""Which names nobody gets, and which two names look the same. Nothing here asks the database."""

import re

# Three to forty characters that are one label of a host name, at least one a letter; no `xn--`, no `--` at all.
SLUG = re.compile(r"(?=.*[a-z])[a-z0-9](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]")

# What people, programs and standards expect behind such a host name (RFC 2142 and habit), what the platform may need,
# what sounds as if the platform or the authorities spoke, and payment and marketplace names that invite fraud.
_WORDS = """
    abuse access account accounts acme activate ad ads adm admin administrator admins affiliate agent analytics
    android announcement announcements anonymous anti api apis app apple apps archive asset assets auth autoconfig
    autodiscover backend backoffice backup bank banner beta billing biller blog board bot bounce broadcasthost
    build bulletin business cache calendar callback campaign captcha cart cdn cert certificate channel chat checkout
    ci cgi client cloud cluster code com community conference config confirm connect console contact contacts content
    control cookie copyright corporate cpanel crm cron css customer customers dana dashboard data database db default
    delete demo deploy desktop dev developer developers devel dhcp dmarc dkim dns doc docs document documentation
    domain domainkey domains download downloads edge edit email enterprise error errors event events example exchange
    faq feed feedback feeds file files finance firewall forum forums ftp gateway gist git github gitlab gmail go google
    gopay graphql group groups guest guide guidelines healthz help helpdesk home hook hooks host hosting hostmaster
    html http https identity idp image images imap img inbox index info install instagram intern internal internet
    intranet invite invoice ios ipv4 ipv6 irc isatap issue issues it java javascript jobs js json kelola kubernetes
    ldap legal license list lists live load local localdomain localhost log login logout logs mail mailer
    mailer-daemon mailing maintenance manage manager marketing master me media member members message messages metrics
    mobile monitor monitoring mx my mysql net network new news newsletter nginx no-reply nobody noc node none noreply
    notification notifications ns null oauth office official ops operator operators order orders org origin ovo owner
    partner partners password pay payment payments php platform policy pop pop3 portal post postgres postgresql
    postmaster preview press pricing privacy private prod production profile promo proxy public qris queue rabbitmq
    readyz recovery redirect redis register registration relay release remote replica report reports reset resolver
    rest restore robots root router rss sales sample sandbox script sdk search secret secure security server servers
    service services session settings setup sftp shop shopee shops signin signup simulator site sitemap sites smtp
    snapshot soap spam spf sql ssh ssl ssladmin ssladministrator sslwebmaster stage staging stat static statistics
    stats status storage store stores stripe subdomain subscribe sudo suport support svn sysadmin sysadministrator
    syslog system tech telnet template tenant tenants terms test tester testing tests tiktok token tokopedia tools
    trace tracking traefik translate trust tunnel undefined unsubscribe update upload uploads usenet user users uucp
    vault vendor verify video vpn web webhook webhooks webmail webmaster wellknown whatsapp whois wiki wildcard www
    wpad ws wss xml zone

    aduan akun anggota bantuan bayar bendahara beranda blu bukalapak dinkop dompet gratis harga hubungi info-resmi
    judi kantor karir kasir kebijakan kemenkop kemenkopukm keranjang koperasi koperasi-indonesia kontak lazada layanan
    lapak laporan lupa-sandi masuk mitra nasabah ojk pajak pasar pelanggan pembayaran pemerintah pengawas pengurus
    pengaduan pesanan petugas pinjaman platform-resmi privasi promosi pulsa pusat-bantuan qris-resmi rekening resmi
    sandi simpanan syarat tagihan tentang toko toko-resmi transaksi undian uang verifikasi
    coop coops coopshop coop-shop
"""
RESERVED = frozenset(_WORDS.split())


def skeleton(name: str) -> str:
    """What the eye keeps of a slug: two slugs with the same skeleton are taken for each other.

    Hyphens count for nothing; 0 is o, 1 and i are l, rn is m, vv is w (after Unicode's confusables, UTS 39, as far as
    a-z, 0-9 and the hyphen go).
    """
    return name.replace("-", "").translate(str.maketrans("01i", "oll")).replace("rn", "m").replace("vv", "w")


def is_reserved(slug: str) -> bool:
    """Whether `slug` is a reserved name, looks like one, or is one with a number behind it (`ns2`, `mail-01`)."""
    return skeleton(slug) in _RESERVED or skeleton(slug.rstrip("0123456789-")) in _RESERVED


_RESERVED = frozenset(skeleton(name) for name in RESERVED)
