# The program with all its packages, and no model: `docker compose run --rm cuttings models pull`
# puts those into the home. How to use it: docs/container.md.
#
# llama.cpp is compiled for the processor of the machine that builds the image.

FROM python:3.12-slim-bookworm AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Where the package index serves a CUDA build of torch: the address of one with builds for the CPU.
ARG PIP_EXTRA_INDEX_URL=""
# hadolint ignore=DL3008 -- Debian keeps no old versions to pin
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY models/catalogue.toml models/
COPY qa qa
COPY ui ui
RUN python -m venv /opt/cuttings \
    && flags="$(python -I qa/build_flags.py)" && eval "$flags" \
    && /opt/cuttings/bin/pip install --no-cache-dir -c constraints.txt '.[mcp,cluster]'

FROM python:3.12-slim-bookworm
# hadolint ignore=DL3008 -- Debian keeps no old versions to pin
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /home/cuttings cuttings
COPY --from=build /opt/cuttings /opt/cuttings
ENV PATH="/opt/cuttings/bin:$PATH" QA_HOME=/home/cuttings
USER 10001
VOLUME ["/home/cuttings"]
EXPOSE 7860
HEALTHCHECK --start-period=2m --interval=30s --timeout=5s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["qa"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]
