# Three stages: browser files, Python packages, and an image that holds neither compiler nor package manager of Node.
FROM node:24-slim AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim AS packages
WORKDIR /srv
RUN python -m venv /srv/.venv
ENV PATH=/srv/.venv/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=browser /build/node_modules node_modules
COPY tools/assets.py tools/assets.py
COPY app/ui app/ui
RUN python tools/assets.py

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin plots
WORKDIR /srv
COPY --from=packages /srv/.venv .venv
COPY --from=packages /srv/build build
COPY gunicorn.conf.py wsgi.py ./
COPY migrations migrations
COPY templates templates
COPY app app
COPY workers workers
# The image never writes into its own folder; what a process must keep lives in PostgreSQL.
ENV PATH=/srv/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENVIRONMENT=production HOST=0.0.0.0 PORT=8080
USER plots
EXPOSE 8080
# No HEALTHCHECK: the same image runs workers, who answer no requests. /healthz and /readyz are asked by the platform.
CMD ["gunicorn", "wsgi:app"]
