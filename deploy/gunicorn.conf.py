"""gunicorn: processes times threads. Threads, not an event loop: the cooperative lives on the thread's connection."""

import os

wsgi_app = "coop_shop.wsgi"
bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container, behind a proxy
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True  # workers share the memory of what is loaded
timeout = 60
graceful_timeout = 5
keepalive = 30
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a heartbeat file on disk can stall
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
accesslog = None
control_socket_disable = True
