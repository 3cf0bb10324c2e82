# The service alone: no sandbox, no development tools. Built in two steps so that no build tool reaches the image.
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements/ requirements/
RUN python -m venv /titrate \
 && /titrate/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt \
 && pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY service/ service/
COPY mappings/ mappings/
COPY docs/schema/ docs/schema/
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /titrate/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 titrate
COPY --from=build /titrate /titrate
ENV PATH=/titrate/bin:$PATH PYTHONUNBUFFERED=1
USER titrate
WORKDIR /home/titrate
EXPOSE 8000
# Asks the service where there is one: a container that runs another command is healthy while it runs.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import pathlib, urllib.request; \
b'serve' in pathlib.Path('/proc/1/cmdline').read_bytes().split(bytes(1)) \
and urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["titrate"]
CMD ["--help"]
