"""gunicorn's configuration, for production, `make run` and `make prod-smoke`.

    gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:8001 rammeaftale.wsgi

docs/performance.md, "Workers", has the measurements behind the choice of workers.
"""

import gc
import os

# One process for each core; fewer on a machine that also does other work.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# While one thread waits (for the database, for a PDF), three others serve. Threads do not make a
# page faster, and many of them do not make it noticeably slower.
worker_class = "gthread"
threads = 4
# The application is loaded once, with every view and template, and then forked, so that a new
# worker serves at once and shares memory. New code therefore needs a restart instead of a reload,
# one instance at a time. A test checks that nothing connects to the database before the fork.
preload_app = True


def when_ready(server: object) -> None:
    """Freeze what is loaded before the fork, so that no worker searches it for garbage."""
    gc.freeze()


# A worker that shows no sign of life for this many seconds is killed. Requests have limits of their
# own: 15 s for a query, and the limit of a PDF.
timeout = 60
# A worker that is told to stop may use this many seconds to finish its requests. systemd waits
# longer.
graceful_timeout = 60
# Workers are replaced after some thousand requests, which frees leaked memory; not all at once.
max_requests = 5000
max_requests_jitter = 1000
# A worker's sign of life is a file. It is in memory, so that a full disk does not stop workers.
worker_tmp_dir = "/dev/shm"
# systemd controls the server, so it needs no control socket.
control_socket_disable = True

# nginx makes a connection for each request, and its limits on a request are the same as these.
keepalive = 2
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
# The addresses whose X-Forwarded-Proto is believed: nginx on this machine. If nginx is on another
# machine, FORWARDED_ALLOW_IPS in the environment names it.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Queries are not logged, because they show what somebody searched for. The last field is the
# request's number, which error pages show and every log line carries.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms [%({x-request-id}o)s]'
