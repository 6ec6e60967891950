# Two stages: the first builds an environment, the second runs it and holds no tool to build.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/territo
COPY requirements-serve.lock ./
# --no-deps: the lock names every package; django-leaflet is there for its files alone, without Django
RUN /opt/territo/bin/python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-serve.lock
COPY pyproject.toml README.md app.py ./
COPY .streamlit ./.streamlit
COPY data ./data
COPY scenarios ./scenarios
COPY territo ./territo
RUN /opt/territo/bin/python -m venv /opt/wheel \
    && /opt/wheel/bin/python -m pip install --no-cache-dir hatchling==1.33.0 \
    && /opt/wheel/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /build/dist . \
    && /opt/territo/bin/python -m pip install --no-cache-dir --no-deps --no-index --find-links /build/dist territo

FROM python:3.11.13-slim-bookworm AS run
COPY --from=build /opt/territo /opt/territo
# the only place that the application writes to; 10001 is no account of the machine
RUN install --directory --owner=10001 --group=10001 /var/lib/territo
ENV PATH=/opt/territo/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/var/lib/territo \
    TERRITO_CACHE=/var/lib/territo/cache \
    NUMBA_CACHE_DIR=/var/lib/territo/numba \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /var/lib/territo
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/sante', timeout=4)"]
CMD ["territo", "app", "--address", "0.0.0.0", "--port", "8501"]
