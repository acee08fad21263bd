# Stage 1: the front-end files. The running image has no Node.
FROM node:22-bookworm-slim AS frontend
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-progress
COPY designsystemet.config.json ./
COPY fundportal/__init__.py fundportal/__init__.py
COPY fundportal/stack fundportal/stack
RUN python3 -m fundportal.stack.vendor

# Stage 2: the Python packages, with their hashes; no embedded services, no test tools.
FROM python:3.13-slim-bookworm AS packages
WORKDIR /app
COPY pyproject.toml requirements.lock ./
COPY fundportal/__init__.py fundportal/__init__.py
COPY fundportal/stack fundportal/stack
RUN python -m venv /venv \
    && python -m fundportal.stack.lock > /tmp/requirements.txt \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /tmp/requirements.txt

# Stage 3: what runs.
FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin fondportalen \
    && install -d -o fondportalen -g fondportalen /var/lib/fondportalen
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
COPY --from=frontend /app/static/vendor static/vendor
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=fundportal.settings \
    VAR_DIR=/var/lib/fondportalen STATIC_ROOT=/app/staticfiles
# The names of the static files do not depend on any setting; these values are used here and nowhere else.
RUN SECRET_KEY=build DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q fundportal applications reviews repayment
USER fondportalen
VOLUME /var/lib/fondportalen
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "fundportal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--max-requests", "20000", "--max-requests-jitter", "2000"]
