# One image for web, worker and beat. Papers are printed by the worker: it needs Pango and HarfBuzz.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 gettext \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --create-home --home-dir /srv/bastau bastau
WORKDIR /srv/bastau

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# The static files are the same for every deployment; collecting them reads no database and no secret.
ENV BASTAU_VAR=/srv/bastau/var PYTHONUNBUFFERED=1
RUN python manage.py compilemessages --verbosity 0 \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R bastau var

USER bastau
EXPOSE 8000
CMD ["gunicorn", "bastau.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
