# One image for both processes: docs/operators/deploying.md says how to run it.
FROM python:3.11-slim
RUN useradd --create-home attune
WORKDIR /app
COPY requirements-run.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements-run.lock
COPY . .
USER attune
ENV HOST=0.0.0.0
EXPOSE 3000
CMD ["python", "-m", "bot"]
