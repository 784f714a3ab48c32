"""Database backend: django-tenants' own, with one method replaced (see base.py)."""
