"""gunicorn's configuration, for production, `make run` and `make prod-smoke`.

    gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:8001 rammeaftale.wsgi

The figures behind the kind of worker stand in docs/performance.md, "Workers".
"""

import gc
import os

# One process for each core; a machine with other work to do takes fewer.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A thread that waits (for the database, for a PDF) leaves three that serve. Threads do not make a
# page quicker, nor many of them noticeably slower.
worker_class = "gthread"
threads = 4
# Loaded once and forked, with every view and template: a worker that is replaced serves at once,
# and shares its memory. New code is taken by a restart, one instance at a time, not by a reload.
# Nothing opens a connection to the database before the fork; a test holds it to that.
preload_app = True


def when_ready(server: object) -> None:
    """Before the fork: what is loaded is there to stay, so no worker searches it for garbage."""
    gc.freeze()


# A worker that has not said for so long that it is alive is killed. Requests have limits of
# their own: 15 s for a query, and the PDF's.
timeout = 60
# A worker that is told to stop gets so long for what it is answering. systemd waits longer.
graceful_timeout = 60
# Memory that somebody forgot to give back goes with the worker; not both at the same time.
max_requests = 5000
max_requests_jitter = 1000
# The sign of life of a worker is a file: in memory, so that a full disk stops nobody.
worker_tmp_dir = "/dev/shm"
# Nobody steers a running server by a socket: systemd does.
control_socket_disable = True

# nginx asks on a connection of its own for each request, and takes as much as it lets in itself.
keepalive = 2
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
# Who may say in X-Forwarded-Proto that the visitor came by https: nginx on this machine. Where it
# is another machine, FORWARDED_ALLOW_IPS in the environment names it.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Without the query: what somebody has searched for is nobody's business. The last field is the
# request's number, which error pages show and every log line carries.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms [%({x-request-id}o)s]'
