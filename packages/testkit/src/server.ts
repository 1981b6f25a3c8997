// The server that test databases live on.
import { testEnvironment } from './environment.js';

/** TEST_PG_URL, set by Jest's global set-up. */
export function serverUrl(): string {
  const { serverUrl: url } = testEnvironment();
  if (!url) throw new Error('TEST_PG_URL is not set: run tests through Jest, whose global set-up starts a server');
  return url;
}
