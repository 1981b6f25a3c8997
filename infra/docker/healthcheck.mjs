// The image's health check: may this process do its job now? (`/health/ready`, by loopback: the way of the service, not of the door.)
const port = process.env.PORT || '4000';
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(3_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
