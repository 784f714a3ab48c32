import os

from django.core.wsgi import get_wsgi_application

from tenants import starting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coop_shop.settings")
application = get_wsgi_application()
starting.before_serving()
